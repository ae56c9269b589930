"""Secrets as kubectl, another person, sees them."""

import json
from base64 import b64decode
from typing import Any

from tests.conftest import Kubectl


def stored(kubectl: Kubectl, name: str) -> Any:
    return json.loads(kubectl("get", "secret", name, "-o", "json"))


def values(kubectl: Kubectl, name: str) -> dict[str, str]:
    return {key: b64decode(value).decode() for key, value in stored(kubectl, name)["data"].items()}
