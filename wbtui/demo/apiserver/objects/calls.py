"""The requests and answers of the part of the server that handles objects."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wbtui.demo.apiserver.objects.store import Stored
from wbtui.demo.apiserver.shapes import ServedResource
from wbtui.demo.apiserver.wire import Json


@dataclass(frozen=True)
class Call:
    """One request for an object or a kind, and its user."""

    resource: ServedResource
    namespace: str
    name: str
    subresource: str
    query: Mapping[str, str]
    body: bytes
    content_type: str
    manager: str

    @property
    def strictness(self) -> str:
        """Return the field validation: Strict, Warn or Ignore."""
        return self.query.get("fieldValidation") or "Warn"

    def about(self, metadata: Json) -> "Call":
        """Return the same call for one of the objects that it is about."""
        return replace(self, namespace=metadata.get("namespace", ""), name=metadata["name"])

    @property
    def dry_run(self) -> bool:
        """Return whether nothing is to be stored."""
        return "dryRun" in self.query


@dataclass(frozen=True)
class WriteAnswer:
    """The answer to a write: an object, or a Status."""

    result: Stored | Json
    warnings: tuple[str, ...] = ()
    code: int = 200
