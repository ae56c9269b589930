"""Objects of any kind, as far as they concern secrets: all of a collection, one alone, and why there are none."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from pydantic import TypeAdapter

from wbtui.cluster.connection import JSON, Connection
from wbtui.cluster.following import Feed, Identified, Listed, ObjectReader, Place, path_of
from wbtui.cluster.wire import read
from wbtui.domain.references import Json, Kind
from wbtui.domain.usage import ABSENT
from wbtui.repository import ClusterError, Forbidden, NotFound

T = TypeVar("T", bound=Identified)
_OBJECT = TypeAdapter(dict[str, Any])


def collection(kind: Kind, namespace: str | None) -> str:
    """Return the path of the objects of a kind, in a namespace or everywhere."""
    return path_of(kind.api, kind.plural, None if kind.cluster_wide else namespace)


def place_of(kind: Kind, namespace: str | None, accept: str = JSON, **query: str) -> Place:
    """Return where the objects of a kind are, and how they are asked for."""
    return Place(collection(kind, namespace), query, accept)


async def every(connection: Connection, place: Place, make: Callable[[Json], T]) -> list[T]:
    """Return what `make` makes of all that is in one place now. Raises any `ClusterError`."""
    pages = Feed(connection, place, partial(ObjectReader, make)).list()
    return [thing async for page in pages if isinstance(page, Listed) for thing in page.things]


def read_object(body: bytes) -> Json:
    """Return the object that an answer holds. Raises `UnexpectedAnswer`."""
    return read(_OBJECT, body)


def why_not(error: ClusterError, *, everywhere: bool) -> str:
    """Return why the objects of a kind could not be looked at."""
    if isinstance(error, NotFound):
        return ABSENT
    if isinstance(error, Forbidden):
        return "you may not list them" + (" cluster-wide" if everywhere else "")
    return str(error)
