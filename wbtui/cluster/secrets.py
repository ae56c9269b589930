"""The secrets of a scope, page by page and then change by change, through whatever happens on the way."""

import asyncio
import random
import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic

from wbtui.cluster.connection import METADATA, TABLE, Connection
from wbtui.cluster.errors import Status, status_error
from wbtui.cluster.tables import SecretReader, read_event, read_table
from wbtui.cluster.wire import WatchEvent
from wbtui.domain.projects import Scope
from wbtui.domain.secret import Secret
from wbtui.domain.text import plain, shortened
from wbtui.domain.use_cases import HELM_RELEASE
from wbtui.repository import (
    RETRIED,
    Busy,
    Changes,
    ClusterError,
    Complete,
    Expired,
    Forbidden,
    Live,
    News,
    NotFound,
    Page,
    Trouble,
    Unreachable,
)

_PAGE = 500
_WATCH_SECONDS = (240, 360)
"""How long a watch is asked for, at random between these, so that not all clients come back at once."""
_WITHOUT_WATCH = 60.0
"""Seconds between lists where watching is forbidden."""
_LONGEST_ASKED = 120.0
"""Seconds that a server may make us wait."""
_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
"""Anything else would be part of a path that leads elsewhere."""


@dataclass
class Patience:
    """Seconds to wait before the next try: doubled from `first` to `longest`, at least what the server asked for."""

    first: float = 0.5
    longest: float = 30.0
    tries: int = 0

    def next(self, asked: float | None) -> float:
        """Return how long to wait, spread at random."""
        ceiling = min(self.longest, self.first * 2 ** min(self.tries, 32))
        self.tries += 1
        return max(min(asked or 0.0, _LONGEST_ASKED), random.uniform(ceiling / 2, ceiling))


@dataclass
class SecretFeed:
    """The news of one scope: a list, and a watch that never ends by itself."""

    connection: Connection
    scope: Scope
    prefix: str
    patience: Patience = field(default_factory=Patience)
    _resource_version: str = ""

    async def news(self) -> AsyncGenerator[News, None]:
        """Yield pages, then changes, for ever; raise only what needs a person."""
        if self.scope.namespace is not None and not _NAMESPACE.fullmatch(self.scope.namespace):
            raise NotFound(f"no project can be called {shortened(plain(self.scope.namespace), 100)}")
        while True:
            try:
                async with aclosing(self._once()) as once:
                    async for news in once:
                        yield news
            except RETRIED as error:
                if seconds := self._wait(error):
                    yield Trouble(error, seconds)
                    await asyncio.sleep(seconds)

    async def _once(self) -> AsyncGenerator[News, None]:
        if not self._resource_version:
            async with aclosing(self._list()) as pages:
                async for page in pages:
                    yield page
        async with aclosing(self._watch()) as changes:
            async for change in changes:
                yield change

    def _wait(self, error: ClusterError) -> float:
        if isinstance(error, Expired):
            self._resource_version = ""
            if not self.patience.tries:
                self.patience.tries = 1
                return 0.0
        return self.patience.next(error.retry_after)

    async def _list(self) -> AsyncGenerator[News, None]:
        reader = SecretReader(self.prefix)
        uids: set[str] = set()
        proceed = ""
        while True:
            page = {"limit": str(_PAGE), "continue": proceed} if proceed else {"limit": str(_PAGE)}
            body = await self.connection.get(self._path, self._query(page), accept=TABLE)
            answer = read_table(body)
            secrets = reader.secrets(answer)
            uids.update(secret.uid for secret in secrets)
            about = answer.get("metadata") or {}
            left = about.get("remainingItemCount")
            yield Page(secrets, len(uids), None if left is None else len(uids) + left)
            proceed = about.get("continue", "")
            if not proceed:
                break
        if not uids:
            await self._require_namespace()
        self._resource_version = about.get("resourceVersion", "")
        yield Complete(frozenset(uids))

    async def _watch(self) -> AsyncGenerator[News, None]:
        seconds = random.randint(*_WATCH_SECONDS)
        query = {
            "watch": "1",
            "allowWatchBookmarks": "true",
            "resourceVersion": self._resource_version,
            "timeoutSeconds": str(seconds),
        }
        reader = SecretReader(self.prefix)
        began = monotonic()
        quiet = True
        async with self._open(query, seconds) as chunks:
            yield Live()
            async for chunk in chunks:
                quiet = False
                self.patience.tries = 0
                if changes := self._changes(reader, chunk):
                    yield changes
        if quiet and monotonic() - began < _WATCH_SECONDS[0] / 2:
            raise Unreachable("the cluster ended the watch early")

    @asynccontextmanager
    async def _open(self, query: Mapping[str, str], seconds: int) -> AsyncIterator[AsyncIterator[bytes]]:
        stream = self.connection.watch(self._path, self._query(query), accept=TABLE, seconds=seconds)
        try:
            async with stream as chunks:
                yield chunks
        except Forbidden as error:
            # Whoever may list but not watch sees a list that is made anew from time to time.
            self._resource_version = ""
            raise Busy(str(error), retry_after=_WITHOUT_WATCH) from None

    def _changes(self, reader: SecretReader, chunk: bytes) -> Changes | None:
        seen: dict[str, Secret] = {}
        gone: dict[str, None] = {}
        for event in map(read_event, filter(None, chunk.split(b"\n"))):
            for secret in self._told(reader, event):
                (gone, seen)[event["type"] != "DELETED"].pop(secret.uid, None)
                if event["type"] == "DELETED":
                    gone[secret.uid] = None
                else:
                    seen[secret.uid] = secret
        return Changes(tuple(seen.values()), tuple(gone)) if seen or gone else None

    def _told(self, reader: SecretReader, event: WatchEvent) -> tuple[Secret, ...]:
        said = event["object"]
        if event["type"] == "ERROR":
            status = Status(message=said.get("message", ""), reason=said.get("reason", ""))
            raise status_error(said.get("code", 500), status)
        self._resource_version = (said.get("metadata") or {}).get("resourceVersion") or self._resource_version
        reader.learn(said)  # a bookmark may be the one event that tells the columns
        return () if event["type"] == "BOOKMARK" else reader.secrets(said)

    async def _require_namespace(self) -> None:
        # The secrets of a namespace that does not exist are an empty list, too.
        if self.scope.namespace is not None:
            with suppress(Forbidden):
                await self.connection.get(f"/api/v1/namespaces/{self.scope.namespace}", accept=METADATA)

    @property
    def _path(self) -> str:
        namespace = self.scope.namespace
        return "/api/v1/secrets" if namespace is None else f"/api/v1/namespaces/{namespace}/secrets"

    def _query(self, more: Mapping[str, str]) -> dict[str, str]:
        query = {"includeObject": "Metadata", **more}
        if not self.scope.helm:
            query["fieldSelector"] = f"type!={HELM_RELEASE}"
        return query
