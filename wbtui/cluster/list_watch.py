"""List a collection in pages, then watch it; after a failure, do both again."""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from time import monotonic
from typing import Any, Generic, Protocol

from wbtui.cluster.backoff import Backoff
from wbtui.cluster.collection import Collection
from wbtui.cluster.connection import Began, Connection
from wbtui.cluster.event_log import ended_with, log
from wbtui.cluster.pages import AskedPage, Pages
from wbtui.cluster.readers import AnswerReader, ListAnswer, T
from wbtui.cluster.watch_events import added, net_changes, with_pauses
from wbtui.domain.clock import utc_now
from wbtui.errors import NEEDS_PERSON, RETRIED, ClusterError, Expired, Forbidden, Silent, Unreachable, WatchForbidden
from wbtui.news import Changes, Complete, Followed, Interrupted, Page, WatchClosed, WatchOpened

_WATCH_SECONDS = (240, 360)
"""The shortest and longest duration to ask for a watch; a random one keeps clients from reconnecting at once."""
_WATCH_TRIES = 2
"""How often a forbidden watch is tried again before the collection is listed again instead."""


class ConfirmEmpty(Protocol):
    """Checks whether an empty collection exists."""

    async def __call__(self, *, listed_before: bool) -> None:
        """Raise a `ClusterError` where it does not exist; `listed_before` is whether it has been listed before."""
        ...


def _parts(page: ListAnswer[T], size: int, uids: set[str]) -> Iterator[Page[T]]:
    """Yield a page in parts of so many items, which take no longer to make than a frame; add their `uids`."""
    items, left = iter(page.items), page.count
    while True:
        part = tuple(islice(items, size))
        uids.update(item.uid for item in part)
        left -= len(part)
        is_known = page.remaining is not None or (left and not page.continue_token)
        yield Page(part, len(uids), len(uids) + left + (page.remaining or 0) if is_known else None)
        if not left:
            return


@dataclass
class ListWatch(Generic[T]):
    """Lists a collection, and watches it from the version of the list.

    `reader` creates a parser for each list and each watch. `confirm_empty` is awaited when there are no items, and
    every `confirm_seconds` for as long as there are none. `slot` is held during each request of a list, to limit how
    many run at once. `backoff` is for the errors in `RETRIED`, `slow` for all others. A watch is silent after `silence`
    seconds without data: API servers send a bookmark each minute.
    """

    connection: Connection
    collection: Collection
    reader: Callable[[], AnswerReader[T]]
    backoff: Backoff = field(default_factory=Backoff)
    confirm_empty: ConfirmEmpty | None = None
    confirm_seconds: float = 10.0
    slot: AbstractAsyncContextManager[Any] = field(default_factory=nullcontext)
    slow: Backoff = field(default_factory=lambda: Backoff(1.0, 60.0))
    silence: float = 80.0
    _resource_version: str = ""
    _count: int = 0
    _last_answer: datetime | None = None
    _had_bookmark: bool = False
    _expiry: Backoff = field(init=False)

    def __post_init__(self) -> None:
        # A server that answers 410 is up: earlier waits for it do not count.
        self._expiry = replace(self.backoff, tries=0)

    async def follow(self) -> AsyncGenerator[Followed[T], None]:
        """Yield pages, then changes, without end. Errors are retried, except those in `NEEDS_PERSON`."""
        while True:
            try:
                async with aclosing(self._list_and_watch()) as all_news:
                    async for news in all_news:
                        yield news
            except NEEDS_PERSON:
                raise
            except ClusterError as error:
                if seconds := self._retry_seconds(error):
                    log(f"{self.collection.path}: {ended_with(error)}; the next try is in {seconds:.1f} s")
                    yield Interrupted(error, seconds, self._last_answer)
                    await asyncio.sleep(seconds)

    async def list(self) -> AsyncGenerator[Page[T] | Complete, None]:
        """Yield the pages of one list, then `Complete`. Raises any `ClusterError`."""
        reader, uids = self.reader(), set[str]()
        async with aclosing(Pages(self._get, self.collection.limit, self.collection.most)) as pages:
            asked: AskedPage | None = pages.ask()
            while asked:
                page = reader.page(await asked.body())
                asked = asked.following(page.continue_token)
                for part in _parts(page, self.collection.limit, uids):
                    yield part
                    await asyncio.sleep(0)  # what was yielded may be drawn before the next ones are made
        if not uids and self.confirm_empty:
            await self.confirm_empty(listed_before=self._last_answer is not None)
        self._resource_version, self._count, self._last_answer = page.resource_version, len(uids), utc_now()
        yield Complete(frozenset(uids))

    async def items(self) -> tuple[T, ...]:
        """Return all items of one list. Raises any `ClusterError`."""
        return tuple([item async for page in self.list() if isinstance(page, Page) for item in page.items])

    async def _get(self, limit: int, token: str, began: Began) -> bytes:
        query = {**self.collection.query, "limit": str(limit), **({"continue": token} if token else {})}
        async with self.slot:
            return await self.connection.get(self.collection.path, query, accept=self.collection.accept, began=began)

    async def _list_and_watch(self) -> AsyncGenerator[Followed[T], None]:
        if not self._resource_version:
            async with aclosing(self.list()) as pages:
                async for page in pages:
                    yield page
        async with aclosing(self._watch()) as changes:
            async for change in changes:
                yield change

    def _retry_seconds(self, error: ClusterError) -> float:
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
        began, last_answer = monotonic(), self._last_answer
        try:
            async with self._open_watch(seconds) as chunks:
                self.slow.tries = 0
                yield WatchOpened()
                async with aclosing(self._changes_in(chunks)) as changes_in_watch:
                    async for changes in changes_in_watch:
                        yield changes
        except Silent:
            if self._is_cut_off():
                raise
        else:
            if last_answer == self._last_answer and monotonic() - began < _WATCH_SECONDS[0] / 2:
                raise Unreachable("the cluster ended the watch early")
        yield WatchClosed()

    async def _changes_in(self, chunks: AsyncIterator[bytes]) -> AsyncGenerator[Changes[T], None]:
        reader = self.reader()
        async with aclosing(with_pauses(chunks, self._pause)) as chunks_and_pauses:
            async for chunk in chunks_and_pauses:
                if chunk and (changes := self._net_changes(reader, chunk)):
                    yield changes
                await self._confirm_still_empty()

    def _pause(self) -> float | None:
        return self.confirm_seconds if self.confirm_empty and self._count <= 0 else None

    async def _confirm_still_empty(self) -> None:
        if self._count <= 0 and self.confirm_empty:
            version, self._resource_version = self._resource_version, ""  # list again if this raises
            with suppress(*RETRIED):  # it stays unknown, and the watch goes on
                await self.confirm_empty(listed_before=True)
            self._resource_version = version

    def _is_cut_off(self) -> bool:
        # A restarted API server may send no bookmarks for a while: then only the watch is opened again. Where bookmarks
        # came before, the connection is cut off and changes may be lost: then the collection is listed again.
        cut_off, self._had_bookmark = self._had_bookmark, False
        if cut_off:
            self._resource_version = ""
        return cut_off

    @asynccontextmanager
    async def _open_watch(self, seconds: int) -> AsyncIterator[AsyncIterator[bytes]]:
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
                # A server may forbid this for a moment after a restart. A user who may only list lists again.
                if self.slow.tries >= _WATCH_TRIES:
                    self._resource_version = ""
                raise WatchForbidden(str(error)) from error
            yield chunks

    def _net_changes(self, reader: AnswerReader[T], lines: bytes) -> Changes[T] | None:
        events = list(map(reader.event, filter(None, lines.split(b"\n"))))
        self.backoff.tries = self._expiry.tries = 0
        self._last_answer = utc_now()
        for event in events:
            self._resource_version = event.resource_version or self._resource_version
            self._count += added(event)
            self._had_bookmark |= event.type == "BOOKMARK"
        return net_changes(events)
