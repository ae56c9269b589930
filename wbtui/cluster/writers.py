"""List or follow the objects of a kind that writes secrets."""

from collections.abc import AsyncGenerator, Callable, Collection, Iterable
from contextlib import aclosing
from functools import partial
from typing import Generic, NamedTuple, TypeVar

from wbtui.cluster.connection import Connection
from wbtui.cluster.discovery import Discovery
from wbtui.cluster.known_objects import KnownObjects
from wbtui.cluster.list_watch import ListWatch
from wbtui.cluster.objects import collection_of, list_all, why_not
from wbtui.cluster.readers import ObjectReader, T
from wbtui.domain.reference_paths import Json
from wbtui.domain.references import Kind
from wbtui.errors import ClusterError, Forbidden, NotServed
from wbtui.news import Interrupted

S = TypeVar("S")


class Writers(NamedTuple, Generic[T]):
    """All objects of a kind, in a namespace or everywhere; `unknown` is why they are not known, else empty."""

    found: Collection[T]
    unknown: str = ""


class WriterKind(NamedTuple, Generic[T, S]):
    """A kind that writes secrets: `read` parses an object, and `summarize` returns what is said of all of them.

    A cluster that does not serve the kind has no objects of it.
    """

    kind: Kind
    read: Callable[[Json], T]
    summarize: Callable[[Writers[T]], S]

    async def list(self, connection: Connection, discovery: Discovery, namespaces: Iterable[str | None]) -> S:
        """Return the summary of the objects in namespaces, or in all (None)."""
        listed = [await self._listed(connection, discovery, namespace) for namespace in namespaces]
        unknown = next((writers.unknown for writers in listed if writers.unknown), "")
        return self.summarize(Writers([one for writers in listed for one in writers.found], unknown))

    async def _listed(self, connection: Connection, discovery: Discovery, namespace: str | None) -> Writers[T]:
        try:
            there = collection_of(await discovery.served(self.kind), namespace)
            return Writers(await list_all(connection, there, self.read))
        except NotServed:
            return Writers(())
        except ClusterError as error:
            return Writers((), why_not(self.kind, error, everywhere=namespace is None))

    async def follow(
        self, connection: Connection, discovery: Discovery, namespace: str | None
    ) -> AsyncGenerator[S, None]:
        """Yield the summary of the objects in a namespace, or in all, and again after every change.

        It ends where the cluster does not have the kind, or where the objects may not be listed or watched.
        """
        try:
            there = collection_of(await discovery.served(self.kind), namespace)
            list_watch = ListWatch(connection, there, partial(ObjectReader, self.read))
            async with aclosing(self._followed(list_watch)) as all_writers:
                async for writers in all_writers:
                    yield self.summarize(writers)
        except NotServed:
            yield self.summarize(Writers(()))
        except Forbidden as error:
            yield self.summarize(Writers((), why_not(self.kind, error, everywhere=namespace is None)))

    async def _followed(self, list_watch: ListWatch[T]) -> AsyncGenerator[Writers[T], None]:
        writers = KnownObjects[T](self.kind)
        async with aclosing(list_watch.follow()) as all_news:
            async for news in all_news:
                writers.apply(news)
                if isinstance(news, Interrupted) and isinstance(news.error, Forbidden):
                    raise news.error
                if writers.listed:
                    yield Writers(writers.known.values())
                elif writers.unseen:
                    yield Writers((), writers.unseen)
