"""Representations of objects in answers: whole, only metadata, or rows of a Table."""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import Enum

from wbtui.demo.apiserver.kinds.columns import ObjectCells
from wbtui.demo.apiserver.objects.store import Stored
from wbtui.demo.apiserver.shapes import ServedResource
from wbtui.demo.apiserver.wire import Json, encode

_PARTIAL = b'{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":'
_OBJECT: dict[str, Callable[[Stored], bytes]] = {  # includeObject of a Table -> what is beside the cells
    "None": lambda _: b"null",
    "Metadata": lambda stored: _PARTIAL + stored.metadata + b"}",
    "Object": lambda stored: encode(stored.body),
}


class Representation(Enum):
    """How objects are represented in an answer."""

    OBJECT = ""
    TABLE = "Table"
    METADATA = "PartialObjectMetadata"
    METADATA_LIST = "PartialObjectMetadataList"


class ObjectView:
    """One representation of the objects of one kind."""

    def __init__(
        self, resource: ServedResource, form: Representation, include: str, now: Callable[[], datetime]
    ) -> None:
        self._resource = resource
        self._form = form
        self._beside = _OBJECT.get(include, _OBJECT["Metadata"])
        self._now = now

    def one(self, stored: Stored, *, with_columns: bool = True) -> bytes:
        """Return a single object."""
        if self._form is Representation.TABLE:
            metadata = {"resourceVersion": stored.revision} if stored.revision else {}
            return self._table([stored], metadata, with_columns=with_columns)
        if self._form is Representation.OBJECT:
            return encode(self._in_version(stored.body))
        return _PARTIAL + stored.metadata + b"}"

    def many(self, items: Iterable[Stored], metadata: Json) -> bytes:
        """Return a list, or a page of it."""
        if self._form is Representation.TABLE:
            return self._table(items, metadata, with_columns=True)
        if self._form is Representation.METADATA_LIST:
            head = {"kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": metadata}
            parts = [_PARTIAL + stored.metadata + b"}" for stored in items]
            return _list(head, parts) if parts else encode({**head, "items": None})
        head = {"kind": f"{self._resource.kind}List", "apiVersion": self._resource.api_version}
        if self._resource.custom:
            head["metadata"] = {"continue": "", **metadata}
            return _list(head, (encode(self._in_version(stored.body)) for stored in items))
        head["metadata"] = metadata
        return _list(head, (encode(_untyped(stored.body)) for stored in items))

    def _in_version(self, body: Json) -> Json:
        """Return an object in the requested version."""
        stored_as_asked = body.get("apiVersion") == self._resource.api_version
        return body if stored_as_asked else body | {"apiVersion": self._resource.api_version}

    def _table(self, items: Iterable[Stored], metadata: Json, *, with_columns: bool) -> bytes:
        columns = [column.definition for column in self._resource.columns] if with_columns else None
        head = {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata, "columnDefinitions": columns}
        now = int(self._now().timestamp())
        return _list(head, (self._row(stored, now) for stored in items), b"rows")

    def _row(self, stored: Stored, now: int) -> bytes:
        row = (None if self._resource.stored_as else stored.row) or ObjectCells(self._resource.columns, stored.body)
        if self._resource.stored_as is None:  # another version has other columns
            stored.row = row
        return b'{"cells":[' + row.cells(now) + b'],"object":' + self._beside(stored) + b"}"


def _list(head: Json, items: Iterable[bytes], member: bytes = b"items") -> bytes:
    return encode(head)[:-1] + b',"' + member + b'":[' + b",".join(items) + b"]}"


def _untyped(body: Json) -> Json:
    """Return an item of a typed list, without the kind, which is in the list."""
    return {key: value for key, value in body.items() if key not in {"apiVersion", "kind"}}
