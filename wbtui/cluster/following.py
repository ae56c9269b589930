"""Following what is in one place of the API: a list in pages, then a watch, through whatever happens on the way."""

import asyncio
import random
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from pydantic_core import from_json

from wbtui.cluster.connection import JSON, Connection
from wbtui.cluster.errors import Status, status_error
from wbtui.domain.references import Json
from wbtui.domain.text import plain, shortened
from wbtui.repository import (
    RETRIED,
    Busy,
    ClusterError,
    Complete,
    Expired,
    Forbidden,
    Live,
    NotFound,
    Trouble,
    UnexpectedAnswer,
    Unreachable,
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
    """Something that stays the same by its uid, however it changes."""

    @property
    def uid(self) -> str:
        """Return what nothing else has, or had before it."""
        ...


T = TypeVar("T", bound=Identified)


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """One page as it was answered: `proceed` asks for the next, `left` is how many are left where that is known."""

    things: tuple[T, ...]
    resource_version: str = ""
    proceed: str = ""
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Event(Generic[T]):
    """One line of a watch: its type, the things that it is about, and the version to go on from."""

    type: str
    things: tuple[T, ...] = ()
    resource_version: str = ""


class Reader(Protocol[T]):
    """Makes things of what comes; may remember, within one list or one watch. Raises any `ClusterError`."""

    def part(self, body: bytes) -> Part[T]:
        """Return what one page of a list says."""
        ...

    def event(self, line: bytes) -> Event[T]:
        """Return what one line of a watch says; raises what an ERROR event stands for."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """What is followed: a path, what is asked of it, in which format, and how many at a time."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    accept: str = JSON
    page: int = 200


def path_of(api: str, plural: str, namespace: str | None) -> str:
    """Return where the objects of a kind are, in a namespace or everywhere.

    `api` is as in `apiVersion`. Raises `NotFound` where nothing can be called as the namespace is.
    """
    base = "/api/v1" if api == "v1" else f"/apis/{api}"
    if namespace is None:
        return f"{base}/{plural}"
    if not _NAMESPACE.fullmatch(namespace):
        raise NotFound(f"no project can be called {shortened(plain(namespace), 100)}")
    return f"{base}/namespaces/{namespace}/{plural}"


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


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """Some things of a list: `loaded` so far in all, of an estimated `expected` where the cluster tells."""

    things: tuple[T, ...]
    loaded: int
    expected: int | None


@dataclass(frozen=True, slots=True)
class Changed(Generic[T]):
    """What has happened since: things added or changed, and the uids of those deleted."""

    seen: tuple[T, ...]
    gone: tuple[str, ...]


Followed: TypeAlias = Listed[T] | Complete | Changed[T] | Live | Trouble


async def _nothing_to_confirm() -> None:
    pass


@dataclass
class Feed(Generic[T]):
    """The news of one place: a list, and a watch that never ends by itself.

    `reader` makes a reader for each list and each watch. `confirm` is awaited where a list is empty, and may raise
    what that means. `turn` is held during each request of a list, so that many feeds may share a few.
    """

    connection: Connection
    place: Place
    reader: Callable[[], Reader[T]]
    patience: Patience = field(default_factory=Patience)
    confirm: Callable[[], Awaitable[None]] = _nothing_to_confirm
    turn: AbstractAsyncContextManager[Any] = field(default_factory=nullcontext)
    _resource_version: str = ""

    async def news(self) -> AsyncGenerator[Followed[T], None]:
        """Yield pages, then changes, for ever; raise only what needs a person."""
        while True:
            try:
                async with aclosing(self._once()) as once:
                    async for news in once:
                        yield news
            except RETRIED as error:
                if seconds := self._wait(error):
                    yield Trouble(error, seconds)
                    await asyncio.sleep(seconds)

    async def list(self) -> AsyncGenerator[Listed[T] | Complete, None]:
        """Yield the pages of one list, and that it is complete. Raises any `ClusterError`."""
        reader = self.reader()
        uids: set[str] = set()
        proceed = ""
        while True:
            query = {**self.place.query, "limit": str(self.place.page), **({"continue": proceed} if proceed else {})}
            async with self.turn:
                body = await self.connection.get(self.place.path, query, accept=self.place.accept)
            part = reader.part(body)
            uids.update(thing.uid for thing in part.things)
            yield Listed(part.things, len(uids), None if part.left is None else len(uids) + part.left)
            proceed = part.proceed
            if not proceed:
                break
        if not uids:
            await self.confirm()
        self._resource_version = part.resource_version
        yield Complete(frozenset(uids))

    async def _once(self) -> AsyncGenerator[Followed[T], None]:
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
            if not self.patience.tries:
                self.patience.tries = 1
                return 0.0
        return self.patience.next(error.retry_after)

    async def _watch(self) -> AsyncGenerator[Changed[T] | Live, None]:
        seconds = random.randint(*_WATCH_SECONDS)
        reader = self.reader()
        began = monotonic()
        quiet = True
        async with self._open(seconds) as chunks:
            yield Live()
            async for chunk in chunks:
                quiet = False
                self.patience.tries = 0
                if changes := self._changes(reader, chunk):
                    yield changes
        if quiet and monotonic() - began < _WATCH_SECONDS[0] / 2:
            raise Unreachable("the cluster ended the watch early")

    @asynccontextmanager
    async def _open(self, seconds: int) -> AsyncIterator[AsyncIterator[bytes]]:
        query = {
            **self.place.query,
            "watch": "1",
            "allowWatchBookmarks": "true",
            "resourceVersion": self._resource_version,
            "timeoutSeconds": str(seconds),
        }
        stream = self.connection.watch(self.place.path, query, accept=self.place.accept, seconds=seconds)
        try:
            async with stream as chunks:
                yield chunks
        except Forbidden as error:
            # Whoever may list but not watch sees a list that is made anew from time to time.
            self._resource_version = ""
            raise Busy(str(error), retry_after=_WITHOUT_WATCH) from None

    def _changes(self, reader: Reader[T], lines: bytes) -> Changed[T] | None:
        events = list(map(reader.event, filter(None, lines.split(b"\n"))))
        for event in events:
            self._resource_version = event.resource_version or self._resource_version
        return folded(events)


def folded(events: Iterable[Event[T]]) -> Changed[T] | None:
    """Return what events come to in the end, where that is anything: each object is either there or gone."""
    seen: dict[str, T] = {}
    gone: dict[str, None] = {}
    for event in events:
        for thing in event.things:
            if event.type == "DELETED":
                seen.pop(thing.uid, None)
                gone[thing.uid] = None
            else:
                gone.pop(thing.uid, None)
                seen[thing.uid] = thing
    return Changed(tuple(seen.values()), tuple(gone)) if seen or gone else None


def raise_told(said: Mapping[str, Any]) -> None:
    """Raise what the Status of an ERROR event stands for."""
    status = Status(message=said.get("message", ""), reason=said.get("reason", ""))
    raise status_error(said.get("code", 500), status)


class ObjectReader(Generic[T]):
    """Makes things of plain JSON objects, by `make`; not for secrets, whose objects hold values."""

    def __init__(self, make: Callable[[Json], T]) -> None:
        self._make = make

    def part(self, body: bytes) -> Part[T]:
        """Return what one page of a list says."""
        return _understood(body, self._part)

    def event(self, line: bytes) -> Event[T]:
        """Return what one line of a watch says."""
        return _understood(line, self._event)

    def _part(self, answer: Json) -> Part[T]:
        about = answer.get("metadata") or {}
        things = tuple(map(self._make, answer.get("items") or ()))
        left = about.get("remainingItemCount")
        return Part(things, about.get("resourceVersion", ""), about.get("continue", ""), left)

    def _event(self, event: Json) -> Event[T]:
        thing = event["object"]
        if event["type"] == "ERROR":
            raise_told(thing)
        version = (thing.get("metadata") or {}).get("resourceVersion", "")
        return Event(event["type"], () if event["type"] == "BOOKMARK" else (self._make(thing),), version)


U = TypeVar("U")


def _understood(text: bytes, read: Callable[[Json], U]) -> U:
    try:
        return read(from_json(text))
    except (AttributeError, LookupError, TypeError, ValueError):
        raise UnexpectedAnswer("the answer is not what the Kubernetes API promises") from None
