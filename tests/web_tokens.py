"""JSON web tokens, as a person would paste them."""

import json
from base64 import urlsafe_b64encode
from typing import Any


def web_token(claims: Any, header: Any = None) -> str:
    """Return a token with these claims, and something in the place of a signature."""
    parts = (json.dumps(part).encode() for part in (header or {"alg": "HS512", "typ": "JWT"}, claims))
    return ".".join([*(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), "c2lnbmF0dXJl-_"])
