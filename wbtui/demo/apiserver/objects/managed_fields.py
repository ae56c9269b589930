"""metadata.managedFields: the manager that last set each field.

A path is a tuple of steps as in FieldsV1: `f:name` for a field, `k:{...}` for an item of a list by its keys, `v:...`
for a value of a set. What has owners of its own, and what is owned as a whole, stands in the schema.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from wbtui.demo.apiserver.schemas.structure import empty, member
from wbtui.demo.apiserver.shapes import ServedResource
from wbtui.demo.apiserver.wire import Json, encode

Path = tuple[str, ...]
Paths = frozenset[Path]

_UNMANAGED = {  # metadata that the server alone sets
    *("name", "namespace", "generateName", "uid", "resourceVersion", "generation", "creationTimestamp"),
    *("deletionTimestamp", "deletionGracePeriodSeconds", "managedFields", "selfLink"),
}
_ABSENT = object()


class Author(NamedTuple):
    """Who writes, when, and how."""

    manager: str
    time: str
    subresource: str = ""
    operation: str = "Update"

    def wrote(self, entry: Json) -> bool:
        """Return whether an entry is this author's."""
        key = (entry["manager"], entry["operation"], entry.get("subresource", ""))
        return key == (self.manager, self.operation, self.subresource)

    def entry(self, resource: ServedResource, paths: Paths) -> Json:
        """Return the entry for what the author owns."""
        entry: Json = {"manager": self.manager, "operation": self.operation, "apiVersion": resource.api_version}
        if self.subresource:
            entry["subresource"] = self.subresource
        return entry | {"time": self.time, "fieldsType": "FieldsV1", "fieldsV1": as_fields(paths)}


def update(resource: ServedResource, old: Json | None, new: Json, author: Author) -> list[Json]:
    """Return the managedFields after an update: what was set belongs to the author, what is gone to nobody."""
    written, gone = changes(resource, old, new)
    mine: Paths = frozenset()
    kept = []
    for entry in [] if old is None else old["metadata"].get("managedFields", []):
        paths = as_paths(entry["fieldsV1"])
        if author.wrote(entry) and entry["apiVersion"] == resource.api_version:
            mine = paths
        elif rest := paths - written - gone:
            kept.append(entry if rest == paths else entry | {"fieldsV1": as_fields(rest)})
    if mine := (mine | written) - gone:
        kept.append(author.entry(resource, mine))
    return kept


def fields_of(old: Json, new: Json) -> Json:
    """Return FieldsV1 of what is in one object and not in another, of a kind without a schema."""
    written: set[Path] = set()
    _Walk(written, set()).members((), {}, old, new)
    return as_fields(frozenset(written))


def changes(resource: ServedResource, old: Json | None, new: Json) -> tuple[Paths, Paths]:
    """Return the paths that were added or changed, and those that are gone."""
    before = _nothing(resource) if old is None else managed(old)
    written: set[Path] = set()
    gone: set[Path] = set()
    _Walk(written, gone).members((), resource.schema, before, managed(new))
    return frozenset(written), frozenset(gone)


def _nothing(resource: ServedResource) -> Json:
    """Return an empty object: Go writes some fields of built-in kinds even then."""
    return {**({} if resource.custom else empty(resource.schema)), "metadata": {}}


def leaves(resource: ServedResource, body: Json) -> Paths:
    """Return the paths of all values that an object has, and of the items of lists."""
    written: set[Path] = set()
    _Walk(written, set()).members((), resource.schema, {"metadata": {}}, managed(body))
    above = {path[:-1] for path in written}
    return frozenset(path for path in written if path not in above or path[-1].startswith("k:"))


def managed(body: Json) -> Json:
    """Return the fields that somebody can own."""
    metadata = {key: value for key, value in body["metadata"].items() if key not in _UNMANAGED}
    return {key: value for key, value in body.items() if key not in {"apiVersion", "kind"}} | {"metadata": metadata}


def divides(node: Json, value: Any) -> bool:
    """Return whether the members of a value are owned one by one."""
    if isinstance(value, list):
        return node.get("x-kubernetes-list-type") in {"map", "set"}
    return isinstance(value, dict) and node.get("x-kubernetes-map-type") != "atomic"


def members_of(node: Json, value: Any) -> dict[str, tuple[Json, Any]]:
    """Return the members of a value whose members are owned one by one: the step to each, its schema, and itself."""
    if isinstance(value, dict):
        return {f"f:{name}": (member(node, name), inner) for name, inner in value.items()}
    if keys := node.get("x-kubernetes-list-map-keys"):
        named = ({key: item[key] for key in keys if key in item} for item in value)
        return {f"k:{encode(key).decode()}": (node["items"], item) for key, item in zip(named, value, strict=True)}
    return {f"v:{encode(item).decode()}": ({}, item) for item in value}


class _Walk(NamedTuple):
    """Goes through two versions of an object side by side."""

    written: set[Path]
    gone: set[Path]

    def members(self, path: Path, node: Json, old: Any, new: Any) -> None:
        """Compare two values whose members are owned one by one."""
        before, after = members_of(node, old), members_of(node, new)
        for step in before.keys() | after.keys():
            known, _ = after.get(step) or before[step]
            _, was = before.get(step, (known, _ABSENT))
            _, now = after.get(step, (known, _ABSENT))
            self._member((*path, step), known, was, now)

    def _member(self, path: Path, node: Json, old: Any, new: Any) -> None:
        if new is _ABSENT:
            self._note(self.gone, path, node, old)
        elif old is _ABSENT:
            self._note(self.written, path, node, new)
        elif divides(node, new) and (old is None or divides(node, old)):
            self.members(path, node, old or type(new)(), new)
        elif old != new:
            self.written.add(path)

    def _note(self, into: set[Path], path: Path, node: Json, value: Any) -> None:
        """Add the paths of a whole subtree."""
        into.add(path)
        if divides(node, value):
            for step, (known, inner) in members_of(node, value).items():
                self._note(into, (*path, step), known, inner)


def as_fields(paths: Paths) -> Json:
    """Return paths as FieldsV1: a tree in which `.` is the owned member itself."""
    tree: Json = {}
    for path in sorted(paths):
        node = tree
        for step in path:
            node = node.setdefault(step, {})
        node["."] = {}
    return _without_lone_dots(tree)


def _without_lone_dots(tree: Json) -> Json:
    return {
        step: {} if step == "." or list(below) == ["."] else _without_lone_dots(below) for step, below in tree.items()
    }


def as_paths(fields: Json) -> Paths:
    """Return the paths of FieldsV1."""
    return frozenset(_leaves((), fields))


def _leaves(path: Path, tree: Json) -> Iterator[Path]:
    if not tree and path:
        yield path
    for step, below in tree.items():
        if step == ".":
            yield path
        else:
            yield from _leaves((*path, step), below)
