"""The shapes of an API server's answers: fields that are declared here are parsed, all others are dropped."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any, NotRequired, TypeVar

from pydantic import BeforeValidator, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from wbtui.errors import UnexpectedAnswer

T = TypeVar("T")


def parse(shape: TypeAdapter[T], body: bytes) -> T:
    """Return the JSON in `body` as `shape`. Raises `UnexpectedAnswer`, which quotes nothing of it."""
    try:
        return shape.validate_json(body)
    except ValidationError:
        raise UnexpectedAnswer("the answer does not match the Kubernetes API") from None  # the cause quotes the body


Present = Annotated[bool, BeforeValidator(lambda _: True)]
"""Whether a field is present; its content is dropped while it is parsed."""
Names = Annotated[tuple[str, ...], BeforeValidator(lambda names: tuple(names) if isinstance(names, dict) else ())]
"""The names of the fields of an object."""


def _time(value: Any) -> datetime | None:
    return _parsed_time(value) if isinstance(value, str) else None


@lru_cache(1024)
def _parsed_time(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime | None, BeforeValidator(_time)]
"""A timestamp in RFC 3339; None where it cannot be parsed."""


class OwnerReference(TypedDict, total=False):
    apiVersion: str
    kind: str
    name: str
    uid: str
    controller: bool


FieldsV1 = TypedDict(
    "FieldsV1", {"f:data": Names, "f:immutable": Present, "f:metadata": Present, "f:type": Present}, total=False
)


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


class Condition(TypedDict, total=False):
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


class Row(TypedDict):
    cells: list[Any]
    object: PartialObject


class Column(TypedDict):
    name: str


ListMetadata = TypedDict(
    "ListMetadata",
    {"resourceVersion": str, "continue": str, "remainingItemCount": int | None},
    total=False,
)


class Answer(TypedDict, total=False):
    """A Table, or the Status that an ERROR event holds."""

    kind: str
    metadata: ListMetadata
    columnDefinitions: list[Column] | None
    rows: list[Row] | None
    items: Present
    data: Present
    message: str
    reason: str
    code: int


class WatchEvent(TypedDict):
    type: str
    object: Answer


ANSWER = TypeAdapter(Answer)
WATCH_EVENT = TypeAdapter(WatchEvent)
