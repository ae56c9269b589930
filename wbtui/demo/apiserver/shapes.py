"""The types that all parts of the API server share."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from wbtui.demo.apiserver.wire import Json

TYPED_VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
CUSTOM_VERBS = ("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch")


@dataclass(frozen=True)
class PrinterColumn:
    """One column of `kubectl get`: its name, and the function that returns its cell."""

    name: str
    cell: Callable[[Json], Any]
    type: str = "string"
    format: str = ""
    priority: int = 0
    ages: bool = False  # the cell is a moment, shown as the time since then
    description: str = ""

    @property
    def definition(self) -> Json:
        """Return the entry of `columnDefinitions`."""
        return {
            "name": self.name,
            "type": self.type,
            "format": self.format,
            "description": self.description,
            "priority": self.priority,
        }


@dataclass(frozen=True)
class Cause:
    """One problem with one field."""

    reason: str
    field: str
    message: str

    @property
    def json(self) -> Json:
        """Return the entry of `details.causes`."""
        return {"reason": self.reason, "message": self.message, "field": self.field}


class Refusal(Exception):
    """A failed request; `body` is the Status to answer with."""

    def __init__(self, code: int, reason: str, message: str, details: Json | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
        self.metadata: Json = {}

    @property
    def body(self) -> Json:
        """Return the Status object."""
        status: Json = {"kind": "Status", "apiVersion": "v1", "metadata": self.metadata, "status": "Failure"}
        status["message"] = self.message
        if self.reason:
            status["reason"] = self.reason
        if self.details is not None:
            status["details"] = self.details
        return status | {"code": self.code}


class Attributes(NamedTuple):
    """The attributes of a request that access rules are checked against."""

    verb: str
    group: str = ""
    resource: str = ""
    namespace: str = ""
    name: str = ""
    subresource: str = ""
    path: str = ""


def _nothing(_: Json) -> None:
    """Leave the object as it is."""


def _anything(_: Json, __: Json | None) -> list[Cause]:
    return []


@dataclass(frozen=True, eq=False)
class ServedResource:
    """One kind of object in one API version."""

    group: str
    version: str
    plural: str
    kind: str
    columns: tuple[PrinterColumn, ...]
    load_schema: Callable[[], Json]
    namespaced: bool = True
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    custom: bool = False  # defined by a CustomResourceDefinition
    verbs: tuple[str, ...] = TYPED_VERBS
    has_status: bool = True  # the status is a subresource
    has_generation: bool = True  # changes of the spec are counted
    selectable: frozenset[str] = frozenset({"metadata.name", "metadata.namespace"})  # fields of a fieldSelector
    deprecation: str = ""  # the warning of a version that will go
    stored_as: "ServedResource | None" = None  # the version that objects are kept in, where it is another one
    decode: Callable[["ServedResource", Json], None] = lambda _, __: None  # from how it is written to how it is stored
    default: Callable[[Json], None] = _nothing  # defaults that depend on other fields
    prepare: Callable[[Json], None] = _nothing  # what the server sets on a new object
    validate: Callable[[Json, Json | None], list[Cause]] = _anything  # of an object and the one it replaces

    @cached_property
    def schema(self) -> Json:
        """Return the schema with its references resolved."""
        return self.load_schema()

    @property
    def storage(self) -> "ServedResource":
        """Return the version that objects are kept in."""
        return self.stored_as or self

    @property
    def singular(self) -> str:
        """Return the singular name."""
        return self.kind.lower()

    @property
    def api_version(self) -> str:
        """Return group and version as in an object's apiVersion."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def path(self) -> str:
        """Return the path of the group and version."""
        return f"apis/{self.group}/{self.version}" if self.group else f"api/{self.version}"

    @property
    def qualified(self) -> str:
        """Return the plural with its group, as messages name it."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def qualified_kind(self) -> str:
        """Return the kind with its group, as messages name it."""
        return f"{self.kind}.{self.group}" if self.group else self.kind
