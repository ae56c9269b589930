"""List objects of which only the metadata is requested."""

from typing import TypedDict

from msgspec.json import Decoder

from wbtui.cluster.connection import METADATA_LIST, Connection
from wbtui.cluster.wire import ListMetadata, Metadata, parse

_PAGE = "500"


class _Item(TypedDict):
    metadata: Metadata


class _List(TypedDict):
    """Where a list is empty, API servers answer with null for its items."""

    metadata: ListMetadata
    items: list[_Item] | None


_LIST = Decoder(_List)


async def list_metadata(connection: Connection, path: str, query: dict[str, str] | None = None) -> list[Metadata]:
    """Return the metadata of all objects at a path. Raises any `ClusterError`."""
    found: list[Metadata] = []
    first = following = {"limit": _PAGE, **(query or {})}
    while True:
        answer = parse(_LIST, await connection.get(path, following, accept=METADATA_LIST))
        found += (item["metadata"] for item in answer["items"] or ())
        if not (token := answer["metadata"].get("continue")):
            return found
        following = {**first, "continue": token}
