"""Following a collection of objects: a list in pages, then a watch, and both again after every failure."""

import asyncio
import random
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Generic, Protocol, TypeVar

from pydantic_core import from_json

from wbtui.cluster.connection import JSON, Connection
from wbtui.cluster.errors import Status, status_error
from wbtui.domain.references import Json
from wbtui.domain.text import plain, shortened
from wbtui.repository import (
    RETRIED,
    Busy,
    Changes,
    ClusterError,
    Complete,
    Expired,
    Followed,
    Forbidden,
    Interrupted,
    NotFound,
    Page,
    UnexpectedAnswer,
    Unreachable,
    WatchOpened,
)

_WATCH_SECONDS = (240, 360)
"""How long a watch is asked for, at random between these, so that not all clients come back at once."""
_WITHOUT_WATCH = 60.0
"""Seconds between lists where watching is forbidden."""
_LONGEST_ASKED = 120.0
"""Seconds that a server may make us wait."""
_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
"""Anything else would be part of a path that leads elsewhere."""


class Identified(Protocol):
    """Something that has the uid of an object in the cluster."""

    @property
    def uid(self) -> str:
        """Return the uid: no other object has it, or ever had it."""
        ...


T = TypeVar("T", bound=Identified)


@dataclass(frozen=True, slots=True)
class ListAnswer(Generic[T]):
    """One page as the server sent it; `remaining` is how many items come after it, where the server says so."""

    items: tuple[T, ...]
    resource_version: str = ""
    continue_token: str = ""
    remaining: int | None = None


@dataclass(frozen=True, slots=True)
class Event(Generic[T]):
    """One line of a watch: its type, its items, and the version from which a watch can go on."""

    type: str
    items: tuple[T, ...] = ()
    resource_version: str = ""


class Reader(Protocol[T]):
    """Parses the answers of one list or one watch; it may keep what earlier ones said. Raises any `ClusterError`."""

    def page(self, body: bytes) -> ListAnswer[T]:
        """Return one page of a list."""
        ...

    def event(self, line: bytes) -> Event[T]:
        """Return one event of a watch. Raises what an ERROR event stands for."""
        ...


@dataclass(frozen=True, slots=True)
class Collection:
    """What to list and watch: a path, the selectors in its query, the format, and the size of a page."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    accept: str = JSON
    limit: int = 200


def path_of(api: str, plural: str, namespace: str | None) -> str:
    """Return the path of a kind's objects, in a namespace or in all.

    `api` is as in `apiVersion`. Raises `NotFound` for what cannot be the name of a namespace.
    """
    base = "/api/v1" if api == "v1" else f"/apis/{api}"
    if namespace is None:
        return f"{base}/{plural}"
    if not _NAMESPACE.fullmatch(namespace):
        raise NotFound(f"no project can be called {shortened(plain(namespace), 100)}")
    return f"{base}/namespaces/{namespace}/{plural}"


@dataclass
class Backoff:
    """Seconds to wait before the next try: doubled from `first` to `longest`, at least what the server asked for."""

    first: float = 0.5
    longest: float = 30.0
    tries: int = 0

    def next(self, asked: float | None) -> float:
        """Return the seconds to wait, with jitter."""
        ceiling = min(self.longest, self.first * 2 ** min(self.tries, 32))
        self.tries += 1
        return max(min(asked or 0.0, _LONGEST_ASKED), random.uniform(ceiling / 2, ceiling))


async def _accept_empty() -> None:
    pass


@dataclass
class ListWatch(Generic[T]):
    """Lists a collection, and watches it from there for as long as anybody reads.

    `reader` makes a reader for each list and each watch. `confirm_empty` is awaited where a list is empty, and may
    raise what that means. `slot` is held during each request of a list, so that many can share a few at a time.
    """

    connection: Connection
    collection: Collection
    reader: Callable[[], Reader[T]]
    backoff: Backoff = field(default_factory=Backoff)
    confirm_empty: Callable[[], Awaitable[None]] = _accept_empty
    slot: AbstractAsyncContextManager[Any] = field(default_factory=nullcontext)
    _resource_version: str = ""

    async def follow(self) -> AsyncGenerator[Followed[T], None]:
        """Yield pages, then changes, without end. Raises what trying again does not help against."""
        while True:
            try:
                async with aclosing(self._list_and_watch()) as all_news:
                    async for news in all_news:
                        yield news
            except RETRIED as error:
                if seconds := self._wait(error):
                    yield Interrupted(error, seconds)
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
        if not uids:
            await self.confirm_empty()
        self._resource_version = page.resource_version
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
        if isinstance(error, Expired):
            self._resource_version = ""
            if not self.backoff.tries:
                self.backoff.tries = 1
                return 0.0
        return self.backoff.next(error.retry_after)

    async def _watch(self) -> AsyncGenerator[Changes[T] | WatchOpened, None]:
        seconds = random.randint(*_WATCH_SECONDS)
        reader = self.reader()
        began = monotonic()
        quiet = True
        async with self._open(seconds) as chunks:
            yield WatchOpened()
            async for chunk in chunks:
                quiet = False
                self.backoff.tries = 0
                if changes := self._changes(reader, chunk):
                    yield changes
        if quiet and monotonic() - began < _WATCH_SECONDS[0] / 2:
            raise Unreachable("the cluster ended the watch early")

    @asynccontextmanager
    async def _open(self, seconds: int) -> AsyncIterator[AsyncIterator[bytes]]:
        query = {
            **self.collection.query,
            "watch": "1",
            "allowWatchBookmarks": "true",
            "resourceVersion": self._resource_version,
            "timeoutSeconds": str(seconds),
        }
        stream = self.connection.watch(self.collection.path, query, accept=self.collection.accept, seconds=seconds)
        try:
            async with stream as chunks:
                yield chunks
        except Forbidden as error:
            # Whoever may list but not watch sees a list that is made anew from time to time.
            self._resource_version = ""
            raise Busy(str(error), retry_after=_WITHOUT_WATCH) from None

    def _changes(self, reader: Reader[T], lines: bytes) -> Changes[T] | None:
        events = list(map(reader.event, filter(None, lines.split(b"\n"))))
        for event in events:
            self._resource_version = event.resource_version or self._resource_version
        return folded(events)


def folded(events: Iterable[Event[T]]) -> Changes[T] | None:
    """Return the net effect of some events: the last one of each object decides. None where there is none."""
    changed: dict[str, T] = {}
    deleted: dict[str, None] = {}
    for event in events:
        for item in event.items:
            if event.type == "DELETED":
                changed.pop(item.uid, None)
                deleted[item.uid] = None
            else:
                deleted.pop(item.uid, None)
                changed[item.uid] = item
    return Changes(tuple(changed.values()), tuple(deleted)) if changed or deleted else None


def raise_status(said: Mapping[str, Any]) -> None:
    """Raise the error that the Status of an ERROR event stands for."""
    status = Status(message=said.get("message", ""), reason=said.get("reason", ""))
    raise status_error(said.get("code", 500), status)


class ObjectReader(Generic[T]):
    """Makes items of whole JSON objects, by `make`; not for secrets, whose objects hold values."""

    def __init__(self, make: Callable[[Json], T]) -> None:
        self._make = make

    def page(self, body: bytes) -> ListAnswer[T]:
        """Return one page of a list."""
        return _parsed(body, self._page)

    def event(self, line: bytes) -> Event[T]:
        """Return one event of a watch."""
        return _parsed(line, self._event)

    def _page(self, answer: Json) -> ListAnswer[T]:
        metadata = answer.get("metadata") or {}
        items = tuple(map(self._make, answer.get("items") or ()))
        remaining = metadata.get("remainingItemCount")
        return ListAnswer(items, metadata.get("resourceVersion", ""), metadata.get("continue", ""), remaining)

    def _event(self, event: Json) -> Event[T]:
        thing = event["object"]
        if event["type"] == "ERROR":
            raise_status(thing)
        version = (thing.get("metadata") or {}).get("resourceVersion", "")
        return Event(event["type"], () if event["type"] == "BOOKMARK" else (self._make(thing),), version)


U = TypeVar("U")


def _parsed(text: bytes, read: Callable[[Json], U]) -> U:
    try:
        return read(from_json(text))
    except (AttributeError, LookupError, TypeError, ValueError):
        raise UnexpectedAnswer("the answer is not what the Kubernetes API promises") from None
