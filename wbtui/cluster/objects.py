"""Objects of any kind: their paths, listing them, and why they could not be listed."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from msgspec.json import Decoder

from wbtui.cluster.collection import Collection, path_of
from wbtui.cluster.connection import JSON, Connection
from wbtui.cluster.list_watch import ListWatch
from wbtui.cluster.readers import Identified, ObjectReader
from wbtui.cluster.wire import parse
from wbtui.domain.reference_paths import Json
from wbtui.domain.references import Kind
from wbtui.domain.usage import ABSENT
from wbtui.errors import ClusterError, Forbidden, NotServed, WatchForbidden

T = TypeVar("T", bound=Identified)
_ALWAYS_SERVED = {"v1", "apps/v1", "batch/v1"}
"""APIs that every API server has: a 404 for them is from a gateway."""
_OBJECT = Decoder(dict[str, Any])


def path_to(kind: Kind, namespace: str | None, name: str = "") -> str:
    """Return the path of the objects of a kind, in a namespace or everywhere, or of one of them."""
    path = path_of(kind.api, kind.plural, None if kind.cluster_wide else namespace)
    return f"{path}/{name}" if name else path


def collection_of(kind: Kind, namespace: str | None, accept: str = JSON, **query: str) -> Collection:
    """Return the collection of a kind's objects, in a namespace or everywhere."""
    return Collection(path_to(kind, namespace), query, accept)


async def list_all(connection: Connection, collection: Collection, make: Callable[[Json], T]) -> tuple[T, ...]:
    """Return all objects of a collection, converted by `make`. Raises any `ClusterError`."""
    return await ListWatch(connection, collection, partial(ObjectReader, make)).items()


def read_object(body: bytes) -> Json:
    """Return the object that an answer holds. Raises `UnexpectedAnswer`."""
    return parse(_OBJECT, body)


def why_not(kind: Kind, error: ClusterError, *, everywhere: bool = False) -> str:
    """Return why the objects of a kind could not be listed, in one namespace or `everywhere`."""
    if isinstance(error, NotServed) and kind.api not in _ALWAYS_SERVED:
        return ABSENT
    everywhere = everywhere or kind.cluster_wide
    if isinstance(error, Forbidden) and not isinstance(error, WatchForbidden):
        return "you may not list them" + (" cluster-wide" if everywhere else "")
    return str(error)
