"""A proxy before the embedded cluster, connections through it, and the news of a scope one by one."""

import asyncio
import json
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.proxy import Proxy
from wbtui.cluster.backoff import Backoff
from wbtui.cluster.connection import Connection, RequestOptions
from wbtui.cluster.discovery import Discovery
from wbtui.cluster.kubeconfig import Kubeconfig
from wbtui.cluster.searchable_kinds import KindFinder
from wbtui.cluster.secrets import secrets_of
from wbtui.cluster.usage import UsageSearch
from wbtui.domain.display_name import annotation
from wbtui.domain.prefixes import Prefixes
from wbtui.domain.projects import Scope
from wbtui.news import News

PREFIX = "airm.silogen.ai"
PREFIXES = Prefixes()
PROJECT = "llm-serving"
LIMIT = 10.0
"""Seconds until something that should happen counts as missing."""


def kubeconfig_of(server: Any, user: dict[str, Any] | None = None, /, **cluster: Any) -> dict[str, Any]:
    """Return a kubeconfig of one context, with the administrator's token unless it says otherwise."""
    return {
        "current-context": "here",
        "clusters": [{"name": "there", "cluster": {"server": server, **cluster}}],
        "users": [{"name": "me", "user": {"token": "demo-token"} if user is None else user}],
        "contexts": [{"name": "here", "context": {"cluster": "there", "user": "me", "namespace": PROJECT}}],
    }


def written(folder: Path, kubeconfig: Any, name: str = "config") -> str:
    """Write a kubeconfig, or any text, to a file and return its path."""
    path = folder / name
    text = kubeconfig if isinstance(kubeconfig, str | bytes) else json.dumps(kubeconfig)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def chain_of(error: BaseException | None) -> str:
    """Return all that an error and its causes hold, as whoever debugs them sees it."""
    text, link = "".join(traceback.format_exception(error)), error
    while link:
        text += f"{link.args} {getattr(link, 'object', None)}"
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return text


@asynccontextmanager
async def connected(
    path: str, options: RequestOptions | None = None, context: str | None = None
) -> AsyncIterator[Connection]:
    """Return a connection by a kubeconfig."""
    kubeconfig = Kubeconfig.of(path)
    connection = Connection(kubeconfig, kubeconfig.select(context), options or RequestOptions())
    try:
        yield connection
    finally:
        await connection.close()


def searching(connection: Connection) -> UsageSearch:
    """Return a search for users of secrets in what a connection leads to."""
    return UsageSearch(connection, KindFinder(connection, Discovery(connection), None), annotation(PREFIXES.workbench))


class Following:
    """The news of a scope, as far as they are asked for."""

    def __init__(self, news: AsyncIterator[News]) -> None:
        self._news = news

    async def next(self) -> News:
        """Return the next news."""
        async with asyncio.timeout(LIMIT):
            return await anext(self._news)

    async def until(self, kind: type[News]) -> list[News]:
        """Return the news up to the first of a kind."""
        told = [await self.next()]
        while not isinstance(told[-1], kind):
            told.append(await self.next())
        return told

    async def first(self, kind: type[Any]) -> Any:
        """Return the first news of a kind."""
        return (await self.until(kind))[-1]


@asynccontextmanager
async def following(news: Any) -> AsyncIterator[Following]:
    """Follow until the test is done with it."""
    async with aclosing(news):
        yield Following(news)


Follow: TypeAlias = Callable[..., AbstractAsyncContextManager[Following]]


@pytest.fixture
def follow(proxy: Proxy, tmp_path: Path) -> Follow:
    """Return a way to follow the first project through the proxy, with little patience."""

    @asynccontextmanager
    async def follow(
        scope: Scope | None = None, patience: float = LIMIT, silence: float = LIMIT
    ) -> AsyncIterator[Following]:
        path = written(tmp_path, kubeconfig_of(proxy.url))
        async with connected(path, RequestOptions(timeout=patience)) as connection:
            backoff = Backoff(first=0.01, longest=0.05)
            secrets = secrets_of(connection, scope or Scope(PROJECT), PREFIXES, backoff)
            secrets.slow, secrets.silence = Backoff(first=0.01, longest=0.05), silence
            secrets.confirm_seconds = 0.05
            async with following(secrets.follow()) as news:
                yield news

    return follow
