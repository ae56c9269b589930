"""A client that adds nothing to what it is told to send."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any, NamedTuple

import aiohttp

from wbtui.demo.samples.parts import PROJECT

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
METADATA_LIST = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
METADATA = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"
MERGE = "application/merge-patch+json"


class Answer(NamedTuple):
    status: int
    content_type: str
    warning: str | None
    body: Any


class Client:
    """Sends to one server; says llm-serving for the project that a test has there."""

    def __init__(self, session: aiohttp.ClientSession, token: str, url: str = "", project: str = PROJECT) -> None:
        self.session = session
        self.project = project
        self.token = token
        self.url = url

    async def send(
        self, method: str, path: str, body: Any = None, accept: str = "application/json", **headers: str
    ) -> Answer:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        login = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        sent = {"Accept": accept, **login, "Content-Type": "application/json", **names}
        data = None if body is None else BytesIO(json.dumps(body).replace(PROJECT, self.project).encode())
        target = self.url + path.replace(PROJECT, self.project)
        async with self.session.request(method, target, data=data, headers=sent) as response:
            text = (await response.text()).replace(self.project, PROJECT)
            kind = response.headers["Content-Type"]
            return Answer(
                response.status, kind, response.headers.get("Warning"), _parsed(kind, text, stream="watch=1" in path)
            )

    @asynccontextmanager
    async def watch(self, path: str, accept: str = TABLE) -> AsyncIterator["Events"]:
        headers = {"Accept": accept, "Authorization": f"Bearer {self.token}"}
        async with self.session.get(self.url + path.replace(PROJECT, self.project), headers=headers) as response:
            yield Events(response)


class Events:
    """The events of an open watch, one by one; None at its end."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.status = response.status
        self._lines = response.content

    async def next(self) -> Any:
        async with asyncio.timeout(10):
            line = await self._lines.readline()
        return json.loads(line) if line else None

    async def name(self) -> tuple[str, str]:
        event = await self.next()
        return event["type"], event["object"]["rows"][0]["cells"][0]


def _parsed(content_type: str, text: str, *, stream: bool) -> Any:
    if not content_type.startswith("application/json") and text[:1] != "{":
        return text
    if stream and '"kind":"Status"' not in text[:20]:
        return [json.loads(line) for line in text.splitlines()]
    return json.loads(text)
