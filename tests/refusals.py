"""What a server says that refuses, and what makes it refuse."""

import json

from tests.conftest import Kubectl
from tests.proxy import Exchange, answer
from wbtui.demo.background import BackgroundCluster


def status(code: int, message: str, **causes: str) -> bytes:
    """Return what a server says that refuses something: by field, with dots for double underscores."""
    told = [{"field": field, "message": words} for field, words in causes.items()]
    return json.dumps({"kind": "Status", "code": code, "message": message, "details": {"causes": told}}).encode()


def delete_project(_: BackgroundCluster, kubectl: Kubectl) -> None:
    kubectl("delete", "namespace", "llm-serving", "--wait=false")


async def arrive_and_fail(exchange: Exchange) -> None:
    """Let the request through, and answer as a gateway does that has waited too long."""
    reader, writer = await exchange.proxy.connect(exchange.request)
    request = exchange.request
    lines = [
        f"{request.method} {request.target} HTTP/1.1",
        *(f"{name}: {value}" for name, value in request.headers.items()),
    ]
    writer.write("\r\n".join([*lines, "", ""]).encode() + request.body)
    await reader.readuntil(b"}")
    writer.close()
    await answer(504, b"gateway timeout")(exchange)
