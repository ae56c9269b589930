"""The services of the AIM Engine that serve models, followed with what was made for them and what they inherit."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from functools import partial
from typing import TypeAlias

from wbtui.cluster.backoff import Backoff
from wbtui.cluster.connection import Connection
from wbtui.cluster.discovery import Discovery
from wbtui.cluster.engine_objects import service_state
from wbtui.cluster.list_watch import ListWatch
from wbtui.cluster.objects import collection_of, list_all, why_not
from wbtui.cluster.readers import ObjectReader
from wbtui.cluster.service_sources import (
    PARTS,
    SERVICE,
    ObjectName,
    Source,
    SourceObject,
    inherited_by,
    source_object,
    state_of,
)
from wbtui.domain.reference_paths import Json
from wbtui.domain.references import Kind
from wbtui.domain.service_state import ServiceState
from wbtui.errors import ClusterError, UnexpectedAnswer
from wbtui.news import Followed, Interrupted

_REFUSED = (60.0, 600.0)
"""Seconds after which a kind that is refused is tried again."""
_Told: TypeAlias = "tuple[Source, Followed[SourceObject] | ClusterError]"


class KubernetesServices:
    """The states of services; `workbench_prefix` is that of the annotation with the display name."""

    def __init__(self, connection: Connection, discovery: Discovery, workbench_prefix: str) -> None:
        self._connection = connection
        self._discovery = discovery
        self._prefix = workbench_prefix

    async def all(self, namespace: str) -> tuple[ServiceState, ...]:
        """Return the services of a project; see `repository.ServiceStore`."""
        there = collection_of(await self._discovery.served(SERVICE), namespace)
        found = await list_all(self._connection, there, partial(service_state, workbench_prefix=self._prefix))
        return tuple(sorted(found, key=lambda state: (state.display_name or state.name, state.name)))

    async def read(self, namespace: str, name: str) -> ServiceState:
        """Return the state of a service as it is now; see `repository.ServiceStore`."""
        service, *parts = sources = [Source(kind) for kind in (SERVICE, *PARTS)]
        await asyncio.gather(*(self._list(source, namespace) for source in sources))
        if service.unseen:
            raise UnexpectedAnswer(f"services cannot be read: {service.unseen}")
        service.known = {uid: one for uid, one in service.known.items() if one.engine_object.name == name}
        return state_of(name, service, parts, {})

    async def _list(self, source: Source, namespace: str) -> None:
        try:
            there = collection_of(await self._discovery.served(source.kind), namespace)
            found = await list_all(self._connection, there, partial(self._source_object, source.kind))
            source.known = {one.uid: one for one in found}
        except ClusterError as error:
            source.unseen = why_not(source.kind, error)

    async def follow(self, namespace: str, name: str) -> AsyncGenerator[ServiceState | Interrupted, None]:
        """Yield the state of a service, and again whenever it changes; see `repository.ServiceStore`."""
        service, *parts = (Source(kind) for kind in (SERVICE, *PARTS))
        told: asyncio.Queue[_Told] = asyncio.Queue()
        feeds = _Feeds(partial(self._feed, namespace, told))
        try:
            feeds.start(service, name)
            for part in parts:
                feeds.start(part)
            async with aclosing(_states(name, service, parts, feeds.inherited, told)) as states:
                async for state in states:
                    feeds.inherit(inherited_by(service))
                    yield state
        finally:
            await feeds.stop()

    async def _feed(self, namespace: str, told: "asyncio.Queue[_Told]", source: Source, name: str) -> None:
        """Put the news of a source into `told`, only of the object `name` where that is not empty."""
        query = {"fieldSelector": f"metadata.name={name}"} if name else {}
        try:
            there = collection_of(await self._discovery.served(source.kind), namespace, **query)
            reader = partial(ObjectReader, partial(self._source_object, source.kind))
            slow = Backoff(*_REFUSED) if source.kind is not SERVICE else Backoff(1.0, 60.0)
            async with aclosing(ListWatch(self._connection, there, reader, slow=slow).follow()) as all_news:
                async for news in all_news:
                    told.put_nowait((source, news))
        except ClusterError as error:
            told.put_nowait((source, error))

    def _source_object(self, kind: Kind, manifest: Json) -> SourceObject:
        return source_object(kind, manifest, self._prefix)


class _Feeds:
    """The tasks that follow the sources of a service, and those from which it inherits at present."""

    def __init__(self, feed: Callable[[Source, str], Coroutine[None, None, None]]) -> None:
        self._feed = feed
        self._tasks: dict[ObjectName, asyncio.Task[None]] = {}
        self.inherited: dict[ObjectName, Source] = {}

    def start(self, source: Source, name: str = "") -> None:
        """Follow a source, only the object `name` where that is not empty."""
        self._tasks[source.kind, name] = asyncio.create_task(self._feed(source, name))

    def inherit(self, names: tuple[ObjectName, ...]) -> None:
        """Follow the sources with these names, and no longer others."""
        for name in self.inherited.keys() - names:
            del self.inherited[name]
            self._tasks[name].cancel()
        for name in [name for name in names if name not in self.inherited]:
            self.inherited[name] = Source(name[0])
            self.start(self.inherited[name], name[1])

    async def stop(self) -> None:
        """End all tasks."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)


async def _states(
    name: str,
    service: Source,
    parts: list[Source],
    inherited: dict[ObjectName, Source],
    told: "asyncio.Queue[_Told]",
) -> AsyncGenerator[ServiceState | Interrupted, None]:
    before: ServiceState | None = None
    while True:
        source, news = await told.get()
        if source is service and isinstance(news, ClusterError):
            raise news
        if isinstance(news, ClusterError):
            source.unseen = why_not(source.kind, news)
        else:
            source.apply(news)
        if source is service and isinstance(news, Interrupted):
            yield news
            before = None
        elif (service.listed or service.known) and (state := state_of(name, service, parts, inherited)) != before:
            yield state
            before = state
