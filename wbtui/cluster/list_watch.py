"""Listing a collection in pages, then watching it, and both again after every failure."""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import monotonic
from typing import Any, Generic, Protocol

from wbtui.cluster.backoff import Backoff
from wbtui.cluster.collection import Collection
from wbtui.cluster.connection import Connection
from wbtui.cluster.readers import Reader, T
from wbtui.cluster.watch_events import added, net_changes, with_pauses
from wbtui.domain.query import utc_now
from wbtui.errors import NEEDS_PERSON, RETRIED, ClusterError, Expired, Forbidden, Silent, Unreachable, WatchForbidden
from wbtui.news import Changes, Complete, Followed, Interrupted, Page, WatchClosed, WatchOpened

_WATCH_SECONDS = (240, 360)
"""How long a watch is asked for, at random between these, so that not all clients come back at once."""
_WATCH_TRIES = 2
"""How often a forbidden watch is tried again before the list is read again in its place."""


class ConfirmEmpty(Protocol):
    """Finds out whether an empty collection is there at all, and raises where it is not."""

    async def __call__(self, *, listed_before: bool) -> None:
        """Raise any `ClusterError`; `listed_before` tells whether the collection has been listed before."""
        ...


@dataclass
class ListWatch(Generic[T]):
    """Lists a collection, and watches it from there for as long as anybody reads.

    `reader` makes a reader for each list and each watch. `confirm_empty` is awaited when there are no items, and every
    `confirm_seconds` for as long as there are none. `slot` is held during each request of a list, so that many can
    share a few at a time. `backoff` is for what passes soon by itself, `slow` for a refusal. `silence` is how many
    seconds of a watch without a word are too many: API servers send a bookmark each minute.
    """

    connection: Connection
    collection: Collection
    reader: Callable[[], Reader[T]]
    backoff: Backoff = field(default_factory=Backoff)
    confirm_empty: ConfirmEmpty | None = None
    confirm_seconds: float = 10.0
    slot: AbstractAsyncContextManager[Any] = field(default_factory=nullcontext)
    slow: Backoff = field(default_factory=lambda: Backoff(1.0, 60.0))
    silence: float = 80.0
    _resource_version: str = ""
    _count: int = 0
    _heard: datetime | None = None
    _bookmarked: bool = False
    _expiry: Backoff = field(init=False)

    def __post_init__(self) -> None:
        # A server that has just come back is up, whatever was waited for it before.
        self._expiry = replace(self.backoff, tries=0)

    async def follow(self) -> AsyncGenerator[Followed[T], None]:
        """Yield pages, then changes, without end. Raises what trying again does not help against."""
        while True:
            try:
                async with aclosing(self._list_and_watch()) as all_news:
                    async for news in all_news:
                        yield news
            except NEEDS_PERSON:
                raise
            except ClusterError as error:
                if seconds := self._wait(error):
                    yield Interrupted(error, seconds, self._heard)
                    await asyncio.sleep(seconds)

    async def list(self) -> AsyncGenerator[Page[T] | Complete, None]:
        """Yield the pages of one list, then `Complete`. Raises any `ClusterError`."""
        reader = self.reader()
        uids: set[str] = set()
        query = {**self.collection.query, "limit": str(self.collection.limit)}
        while True:
            async with self.slot:
                body = await self.connection.get(self.collection.path, query, accept=self.collection.accept)
            page = reader.page(body)
            uids.update(item.uid for item in page.items)
            yield Page(page.items, len(uids), None if page.remaining is None else len(uids) + page.remaining)
            if not page.continue_token:
                break
            query["continue"] = page.continue_token
        if not uids and self.confirm_empty:
            await self.confirm_empty(listed_before=self._heard is not None)
        self._resource_version, self._count, self._heard = page.resource_version, len(uids), utc_now()
        yield Complete(frozenset(uids))

    async def _list_and_watch(self) -> AsyncGenerator[Followed[T], None]:
        if not self._resource_version:
            async with aclosing(self.list()) as pages:
                async for page in pages:
                    yield page
        async with aclosing(self._watch()) as changes:
            async for change in changes:
                yield change

    def _wait(self, error: ClusterError) -> float:
        if not isinstance(error, RETRIED):
            return self.slow.next(error.retry_after)
        if isinstance(error, Expired):
            self._resource_version = ""
            if not self._expiry.tries:
                self._expiry.tries = 1
                return 0.0
            return self._expiry.next(error.retry_after)
        return self.backoff.next(error.retry_after)

    async def _watch(self) -> AsyncGenerator[Changes[T] | WatchOpened | WatchClosed, None]:
        seconds = random.randint(*_WATCH_SECONDS)
        began, heard = monotonic(), self._heard
        try:
            async with self._open(seconds) as chunks:
                self.slow.tries = 0
                yield WatchOpened()
                async with aclosing(self._read(chunks)) as all_changes:
                    async for changes in all_changes:
                        yield changes
        except Silent:
            if self._is_cut_off():
                raise
        else:
            if heard == self._heard and monotonic() - began < _WATCH_SECONDS[0] / 2:
                raise Unreachable("the cluster ended the watch early")
        yield WatchClosed()

    async def _read(self, chunks: AsyncIterator[bytes]) -> AsyncGenerator[Changes[T], None]:
        reader = self.reader()
        pause = self.confirm_seconds if self.confirm_empty else None
        async with aclosing(with_pauses(chunks, pause)) as chunks_and_pauses:
            async for chunk in chunks_and_pauses:
                if chunk and (changes := self._changes(reader, chunk)):
                    yield changes
                await self._confirm_still_empty()

    async def _confirm_still_empty(self) -> None:
        if self._count <= 0 and self.confirm_empty:
            version, self._resource_version = self._resource_version, ""  # where it is gone, listing tells more
            with suppress(*RETRIED):  # then it is not known, and the watch goes on
                await self.confirm_empty(listed_before=True)
            self._resource_version = version

    def _is_cut_off(self) -> bool:
        # After a restart an API server may have no bookmarks to send for a while: then another watch is opened, no
        # more. Where they came before, the way is blocked, and the list is read again: it may have missed something.
        cut_off, self._bookmarked = self._bookmarked, False
        if cut_off:
            self._resource_version = ""
        return cut_off

    @asynccontextmanager
    async def _open(self, seconds: int) -> AsyncIterator[AsyncIterator[bytes]]:
        query = {
            **self.collection.query,
            "watch": "1",
            "allowWatchBookmarks": "true",
            "resourceVersion": self._resource_version,
            "timeoutSeconds": str(seconds),
        }
        path, accept = self.collection.path, self.collection.accept
        async with AsyncExitStack() as stack:
            watch = self.connection.watch(path, query, accept=accept, silence=self.silence)
            try:
                chunks = await stack.enter_async_context(watch)
            except Forbidden as error:
                # Right after a restart a server may refuse what it grants later; a user who may only list lists again.
                if self.slow.tries >= _WATCH_TRIES:
                    self._resource_version = ""
                raise WatchForbidden(str(error)) from error
            yield chunks

    def _changes(self, reader: Reader[T], lines: bytes) -> Changes[T] | None:
        events = list(map(reader.event, filter(None, lines.split(b"\n"))))
        self.backoff.tries = self._expiry.tries = 0
        self._heard = utc_now()
        for event in events:
            self._resource_version = event.resource_version or self._resource_version
            self._count += added(event)
            self._bookmarked |= event.type == "BOOKMARK"
        return net_changes(events)
