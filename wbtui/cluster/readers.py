"""Parse the answers of lists and watches: the interface, and the parser for JSON objects."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from msgspec.json import decode

from wbtui.cluster.errors import Status, status_error
from wbtui.errors import UnexpectedAnswer

if TYPE_CHECKING:
    from wbtui.domain.reference_paths import Json


class Identified(Protocol):
    """An item with the uid of its object in the cluster."""

    @property
    def uid(self) -> str:
        """Return the uid, which no other object has or had."""
        ...


T = TypeVar("T", bound=Identified)


@dataclass(frozen=True, slots=True)
class ListAnswer(Generic[T]):
    """A parsed page of `count` items; `remaining` is the number of items after it, where the server says so."""

    items: Iterable[T]
    count: int
    resource_version: str = ""
    continue_token: str = ""
    remaining: int | None = None


@dataclass(frozen=True, slots=True)
class ObjectEvent(Generic[T]):
    """A parsed watch event; a watch can be resumed from its `resource_version`."""

    type: str
    items: tuple[T, ...] = ()
    resource_version: str = ""


class AnswerReader(Protocol[T]):
    """Parses the answers of one list or watch; may use earlier answers. Raises any `ClusterError`."""

    def page(self, body: bytes) -> ListAnswer[T]:
        """Return one page of a list."""
        ...

    def event(self, line: bytes) -> ObjectEvent[T]:
        """Return one event of a watch. Raises the error that an ERROR event holds."""
        ...


def raise_status(status: Mapping[str, Any]) -> None:
    """Raise the error for the Status of an ERROR event."""
    used = Status(message=status.get("message", ""), reason=status.get("reason", ""))
    raise status_error(status.get("code", 500), used)


class ObjectReader(Generic[T]):
    """Parses whole JSON objects with `make`; not for secrets, whose objects hold values."""

    def __init__(self, make: "Callable[[Json], T]") -> None:
        self._make = make

    def page(self, body: bytes) -> ListAnswer[T]:
        """Return one page of a list."""
        return _parsed(body, self._page)

    def event(self, line: bytes) -> ObjectEvent[T]:
        """Return one event of a watch."""
        return _parsed(line, self._event)

    def _page(self, answer: "Json") -> ListAnswer[T]:
        metadata = answer.get("metadata") or {}
        items = tuple(map(self._make, answer.get("items") or ()))
        remaining = metadata.get("remainingItemCount")
        return ListAnswer(
            items, len(items), metadata.get("resourceVersion", ""), metadata.get("continue", ""), remaining
        )

    def _event(self, event: "Json") -> ObjectEvent[T]:
        manifest = event["object"]
        if event["type"] == "ERROR":
            raise_status(manifest)
        version = (manifest.get("metadata") or {}).get("resourceVersion", "")
        return ObjectEvent(event["type"], () if event["type"] == "BOOKMARK" else (self._make(manifest),), version)


U = TypeVar("U")


def _parsed(text: bytes, convert: "Callable[[Json], U]") -> U:
    try:
        return convert(decode(text))
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        raise UnexpectedAnswer("the answer does not match the Kubernetes API") from None  # the cause may quote values
