"""The shapes of an API server's answers: fields that are declared here are parsed, all others are dropped."""

from datetime import datetime
from functools import lru_cache
from typing import Any, NotRequired, TypeAlias, TypedDict, TypeVar

from msgspec import DecodeError, Raw
from msgspec.json import Decoder

from wbtui.domain.clock import utc_moment
from wbtui.errors import UnexpectedAnswer

T = TypeVar("T")


def parse(shape: Decoder[T], body: bytes) -> T:
    """Return the JSON in `body` as `shape`. Raises `UnexpectedAnswer`, which quotes nothing of it."""
    try:
        return shape.decode(body)
    except (DecodeError, RecursionError):
        raise UnexpectedAnswer("the answer does not match the Kubernetes API") from None  # the cause may quote it


Present: TypeAlias = Raw
"""A field of which only the presence counts: its content is not parsed."""
Names: TypeAlias = Any
"""An object of which only the names of its fields count; `names_in` returns them."""
Moment: TypeAlias = str | None
"""A timestamp in RFC 3339; `moment` parses it."""


def names_in(fields: Names) -> tuple[str, ...]:
    """Return the names of the fields of an object; none where it is no object."""
    return tuple(fields) if isinstance(fields, dict) else ()


def moment(text: Moment) -> datetime | None:
    """Return the time that a timestamp means, in UTC; None where there is none, or it cannot be parsed."""
    return _parsed_time(text) if text else None


@lru_cache(1024)
def _parsed_time(text: str) -> datetime | None:
    try:
        return utc_moment(text)
    except (ValueError, OverflowError):
        return None


class OwnerReference(TypedDict, total=False):
    apiVersion: str
    kind: str
    name: str
    uid: str
    controller: bool


FieldsV1 = TypedDict("FieldsV1", {"f:data": Names, "f:immutable": Any, "f:metadata": Any, "f:type": Any}, total=False)


class ManagedFields(TypedDict, total=False):
    manager: str
    operation: str
    time: Moment
    fieldsV1: FieldsV1 | None


class Metadata(TypedDict, total=False):
    name: str
    namespace: str
    uid: str
    resourceVersion: str
    creationTimestamp: Moment
    deletionTimestamp: Moment
    labels: dict[str, str] | None
    annotations: dict[str, str] | None
    finalizers: tuple[str, ...] | None
    ownerReferences: list[OwnerReference] | None
    managedFields: list[ManagedFields] | None


class ConditionFields(TypedDict, total=False):
    type: str
    status: str
    reason: str
    message: str
    lastTransitionTime: Moment


CONDITION_STATUS = {"True": True, "False": False}
"""The values of a condition's `status`; any other is unknown."""


class PartialObject(TypedDict):
    kind: NotRequired[str]
    metadata: Metadata
    data: NotRequired[Present]
    stringData: NotRequired[Present]


class PartialList(TypedDict, total=False):
    kind: str
    items: list[PartialObject] | None


class KindOnly(TypedDict, total=False):
    kind: str


class TableRow(TypedDict):
    cells: list[Any]
    object: PartialObject


class TableColumn(TypedDict):
    name: str


ListMetadata = TypedDict(
    "ListMetadata",
    {"resourceVersion": str, "continue": str, "remainingItemCount": int | None},
    total=False,
)


class TableAnswer(TypedDict, total=False):
    """A Table, or the Status that an ERROR event holds."""

    kind: str
    metadata: ListMetadata
    columnDefinitions: list[TableColumn] | None
    rows: list[TableRow] | None
    items: Present
    data: Present
    message: str
    reason: str
    code: int


class WatchEvent(TypedDict):
    type: str
    object: TableAnswer


ANSWER = Decoder(TableAnswer)
WATCH_EVENT = Decoder(WatchEvent)
