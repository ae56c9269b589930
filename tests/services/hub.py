"""A small Hugging Face hub: whose token it is, and which models it may download."""

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.services.web import Answer, Asked, Web, web

READ, WRITE, FINE, FINE_UNGATED = (f"hf_{name}{'Xy7' * 8}" for name in ("read", "write", "fine", "ungated"))
OPEN_MODEL, GATED_MODEL, ACCEPTED_MODEL = "org/open", "org/gated", "org/accepted"


def _fine_grained(*permissions: str, gated: bool) -> dict[str, Any]:
    scope = {"entity": {"_id": "1", "type": "user", "name": "alice"}, "permissions": list(permissions)}
    return {"role": "fineGrained", "fineGrained": {"canReadGatedRepos": gated, "global": [], "scoped": [scope]}}


TOKENS: dict[str, dict[str, Any]] = {
    READ: {"role": "read"},
    WRITE: {"role": "write"},
    FINE: _fine_grained("repo.content.read", "repo.write", gated=True),
    FINE_UNGATED: _fine_grained("repo.content.read", gated=False),
}


def respond(asked: Asked) -> Answer:
    """Answer as huggingface.co does."""
    token = asked.headers.get("authorization", "").removeprefix("Bearer ")
    if token not in TOKENS:
        return _error(401, "Invalid username or password.")
    if asked.path == "/api/whoami-v2":
        access = {"displayName": "laptop", "createdAt": "2026-01-01T00:00:00.000Z", **TOKENS[token]}
        auth = {"type": "access_token", "accessToken": access}
        account = {"type": "user", "id": "1", "name": "alice", "fullname": "Alice", "orgs": [], "auth": auth}
        return Answer(200, json.dumps(account).encode())
    model = asked.path.removeprefix("/api/models/").removesuffix("/auth-check")
    if model == GATED_MODEL or (model == ACCEPTED_MODEL and token == FINE_UNGATED):
        return _error(403, f"Access to model {model} is restricted.", "GatedRepo")
    if model not in {OPEN_MODEL, ACCEPTED_MODEL}:
        return _error(404, "Repository not found", "RepoNotFound")
    return Answer(200, b"{}")


@contextmanager
def hub(tls: ssl.SSLContext | None = None) -> Iterator[Web]:
    """Serve a hub until the block ends."""
    with web(respond, tls) as served:
        yield served


def _error(status: int, message: str, code: str = "") -> Answer:
    headers = {"Content-Type": "application/json", "X-Error-Message": message}
    return Answer(status, json.dumps({"error": message}).encode(), headers | ({"X-Error-Code": code} if code else {}))
