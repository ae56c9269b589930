"""The services of the AIM Engine that serve models, followed with what the engine made for them."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeAlias

from wbtui.cluster.backoff import Backoff
from wbtui.cluster.connection import Connection
from wbtui.cluster.discovery import Discovery
from wbtui.cluster.engine_objects import EngineObject, engine_object, service_state
from wbtui.cluster.list_watch import ListWatch
from wbtui.cluster.objects import collection_of, list_all, why_not
from wbtui.cluster.readers import ObjectReader
from wbtui.domain.references import KINDS, Json, Kind
from wbtui.domain.service_state import Part, ServiceState
from wbtui.domain.targets import PROFILE_CACHE
from wbtui.domain.usage import ABSENT
from wbtui.errors import ClusterError, UnexpectedAnswer
from wbtui.news import Changes, Complete, Followed, Interrupted, Page, WatchOpened

_KINDS = {kind.kind: kind for kind in KINDS}
_SERVICE = _KINDS["AIMService"]
_PARTS = (
    PROFILE_CACHE,
    *(_KINDS[kind] for kind in ("AIMTemplateCache", "AIMArtifact", "Job", "Pod")),
)
"""What the engine makes for a service; each may be made for one of those before."""
_REFUSED = (60.0, 600.0)
"""Seconds after which a kind that is refused is tried again."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A service, or a part of one."""

    uid: str
    thing: EngineObject
    state: ServiceState | None = None


@dataclass
class _Source:
    """The objects of one kind by uid, and why they are not known."""

    kind: Kind
    known: dict[str, _Seen] = field(default_factory=dict)
    unseen: str = ""
    listed: bool = False

    def take(self, news: Followed[_Seen]) -> None:
        """Take in what was told of them."""
        match news:
            case Page(items=found):
                self._see(found)
            case Changes(changed=found, deleted=uids):
                self._see(found)
                self._lose(uids)
            case Complete(uids=uids):
                self._lose(self.known.keys() - uids)
                self.listed = True
            case WatchOpened():
                self.unseen = ""
            case Interrupted(error=error):
                self.unseen = why_not(self.kind, error)

    def _see(self, found: tuple[_Seen, ...]) -> None:
        self.known.update({seen.uid: seen for seen in found})

    def _lose(self, uids: Any) -> None:
        for uid in list(uids):
            self.known.pop(uid, None)


_Told: TypeAlias = "tuple[_Source, Followed[_Seen] | ClusterError]"


class ServiceStore:
    """How the services of a project are; `workbench_prefix` is that of the annotation with the display name."""

    def __init__(self, connection: Connection, discovery: Discovery, workbench_prefix: str) -> None:
        self._connection = connection
        self._discovery = discovery
        self._prefix = workbench_prefix

    async def all(self, namespace: str) -> tuple[ServiceState, ...]:
        """Return the services of a project; see `repository.ServiceStore`."""
        there = collection_of(await self._discovery.served(_SERVICE), namespace)
        found = await list_all(self._connection, there, partial(service_state, workbench_prefix=self._prefix))
        return tuple(sorted(found, key=lambda state: (state.display_name or state.name, state.name)))

    async def read(self, namespace: str, name: str) -> ServiceState:
        """Return the state of a service as it is now; see `repository.ServiceStore`."""
        service, *parts = sources = [_Source(kind) for kind in (_SERVICE, *_PARTS)]
        await asyncio.gather(*(self._list(source, namespace) for source in sources))
        if service.unseen:
            raise UnexpectedAnswer(f"services cannot be read: {service.unseen}")
        service.known = {uid: seen for uid, seen in service.known.items() if seen.thing.name == name}
        return _state(name, service, parts)

    async def _list(self, source: _Source, namespace: str) -> None:
        try:
            there = collection_of(await self._discovery.served(source.kind), namespace)
            found = await list_all(self._connection, there, partial(self._seen, source.kind))
            source.known = {seen.uid: seen for seen in found}
        except ClusterError as error:
            source.unseen = why_not(source.kind, error)

    async def follow(self, namespace: str, name: str) -> AsyncGenerator[ServiceState | Interrupted, None]:
        """Yield the state of a service, and again whenever it changes; see `repository.ServiceStore`."""
        service, *parts = sources = [_Source(kind) for kind in (_SERVICE, *_PARTS)]
        told: asyncio.Queue[_Told] = asyncio.Queue()
        queries = [{"fieldSelector": f"metadata.name={name}"}, *({} for _ in parts)]
        feeds = [
            asyncio.create_task(self._feed(source, namespace, query, told))
            for source, query in zip(sources, queries, strict=True)
        ]
        try:
            async with aclosing(_states(name, service, parts, told)) as states:
                async for state in states:
                    yield state
        finally:
            for feed in feeds:
                feed.cancel()
            await asyncio.gather(*feeds, return_exceptions=True)

    async def _feed(self, source: _Source, namespace: str, query: dict[str, str], told: "asyncio.Queue[_Told]") -> None:
        try:
            there = collection_of(await self._discovery.served(source.kind), namespace, **query)
            reader = partial(ObjectReader, partial(self._seen, source.kind))
            slow = Backoff(*_REFUSED) if source.kind is not _SERVICE else Backoff(1.0, 60.0)
            async with aclosing(ListWatch(self._connection, there, reader, slow=slow).follow()) as all_news:
                async for news in all_news:
                    told.put_nowait((source, news))
        except ClusterError as error:
            told.put_nowait((source, error))

    def _seen(self, kind: Kind, thing: Json) -> _Seen:
        found = engine_object(kind.kind, thing)
        return _Seen(found.uid, found, service_state(thing, self._prefix) if kind is _SERVICE else None)


async def _states(
    name: str, service: _Source, parts: list[_Source], told: "asyncio.Queue[_Told]"
) -> AsyncGenerator[ServiceState | Interrupted, None]:
    before: ServiceState | None = None
    while True:
        source, news = await told.get()
        if source is service and isinstance(news, ClusterError):
            raise news
        if isinstance(news, ClusterError):
            source.unseen = why_not(source.kind, news)
        else:
            source.take(news)
        if source is service and isinstance(news, Interrupted):
            yield news
            before = None
        elif (service.listed or service.known) and (state := _state(name, service, parts)) != before:
            yield state
            before = state


def _state(name: str, service: _Source, parts: list[_Source]) -> ServiceState:
    seen = next(iter(service.known.values()), None)
    if not seen or not seen.state:
        return ServiceState(name, gone=True)
    found = tuple(_parts(name, seen.thing, parts))
    unseen = (f"{source.kind.kind}: {source.unseen}" for source in parts if source.unseen not in {"", ABSENT})
    return replace(seen.state, parts=found, unseen=tuple(unseen))


def _parts(name: str, service: EngineObject, sources: list[_Source]) -> Iterator[Part]:
    """Yield what was made for a service, and what was made for that."""
    owners = [service]
    for source in sources:
        made = [seen.thing for seen in source.known.values() if seen.thing.belongs_to(name, owners)]
        owners += made
        yield from (thing.part for thing in sorted(made, key=lambda thing: thing.name))
