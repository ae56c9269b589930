"""What the answers to lists and watches say, and reading it from whole JSON objects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from pydantic_core import from_json

from wbtui.cluster.errors import Status, status_error
from wbtui.domain.references import Json
from wbtui.errors import UnexpectedAnswer


class Identified(Protocol):
    """Something that has the uid of an object in the cluster."""

    @property
    def uid(self) -> str:
        """Return the uid: no other object has it, or ever had it."""
        ...


T = TypeVar("T", bound=Identified)


@dataclass(frozen=True, slots=True)
class ListAnswer(Generic[T]):
    """One page as the server sent it; `remaining` is how many items come after it, where the server says so."""

    items: tuple[T, ...]
    resource_version: str = ""
    continue_token: str = ""
    remaining: int | None = None


@dataclass(frozen=True, slots=True)
class Event(Generic[T]):
    """One line of a watch: its type, its items, and the version from which a watch can go on."""

    type: str
    items: tuple[T, ...] = ()
    resource_version: str = ""


class Reader(Protocol[T]):
    """Parses the answers of one list or one watch; it may keep what earlier ones said. Raises any `ClusterError`."""

    def page(self, body: bytes) -> ListAnswer[T]:
        """Return one page of a list."""
        ...

    def event(self, line: bytes) -> Event[T]:
        """Return one event of a watch. Raises what an ERROR event stands for."""
        ...


def raise_status(said: Mapping[str, Any]) -> None:
    """Raise the error that the Status of an ERROR event stands for."""
    status = Status(message=said.get("message", ""), reason=said.get("reason", ""))
    raise status_error(said.get("code", 500), status)


class ObjectReader(Generic[T]):
    """Makes items of whole JSON objects, by `make`; not for secrets, whose objects hold values."""

    def __init__(self, make: Callable[[Json], T]) -> None:
        self._make = make

    def page(self, body: bytes) -> ListAnswer[T]:
        """Return one page of a list."""
        return _parsed(body, self._page)

    def event(self, line: bytes) -> Event[T]:
        """Return one event of a watch."""
        return _parsed(line, self._event)

    def _page(self, answer: Json) -> ListAnswer[T]:
        metadata = answer.get("metadata") or {}
        items = tuple(map(self._make, answer.get("items") or ()))
        remaining = metadata.get("remainingItemCount")
        return ListAnswer(items, metadata.get("resourceVersion", ""), metadata.get("continue", ""), remaining)

    def _event(self, event: Json) -> Event[T]:
        thing = event["object"]
        if event["type"] == "ERROR":
            raise_status(thing)
        version = (thing.get("metadata") or {}).get("resourceVersion", "")
        return Event(event["type"], () if event["type"] == "BOOKMARK" else (self._make(thing),), version)


U = TypeVar("U")


def _parsed(text: bytes, read: Callable[[Json], U]) -> U:
    try:
        return read(from_json(text))
    except (AttributeError, LookupError, TypeError, ValueError):
        raise UnexpectedAnswer(
            "the answer is not what the Kubernetes API promises"
        ) from None  # the cause may quote values
