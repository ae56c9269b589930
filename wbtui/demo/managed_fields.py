"""metadata.managedFields: who has set which field last."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from wbtui.demo.wire import Json, encode

if TYPE_CHECKING:
    from wbtui.demo.resources import Resource

Path = tuple[str, ...]
Paths = frozenset[Path]

LISTS = {  # lists whose items have owners of their own -> the fields that tell the items apart
    "containers": ("name",),
    "initContainers": ("name",),
    "ephemeralContainers": ("name",),
    "env": ("name",),
    "volumes": ("name",),
    "imagePullSecrets": ("name",),
    "secrets": ("name",),
    "volumeMounts": ("mountPath",),
    "ports": ("containerPort", "protocol"),
    "ownerReferences": ("uid",),
    "conditions": ("type",),
}
SETS = {"finalizers"}
ATOMIC = {  # objects that have one owner as a whole
    *("selector", "labelSelector", "nodeSelector"),
    *("secretKeyRef", "configMapKeyRef", "fieldRef", "resourceFieldRef", "secretRef", "configMapRef"),
}
ATOMIC_ITEMS = {"imagePullSecrets", "ownerReferences", "secrets"}
UNMANAGED = {  # metadata that the server alone sets
    *("name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp"),
    *("deletionTimestamp", "deletionGracePeriodSeconds", "managedFields"),
}
_ABSENT = object()


class Author(NamedTuple):
    """Who writes, and when."""

    manager: str
    time: str
    subresource: str = ""


def update(resource: "Resource", old: Json | None, new: Json, author: Author) -> list[Json]:
    """The managedFields after an update: what was set belongs to the author, what is gone to nobody."""
    written, gone = _compare(resource, old, new)
    entries = [] if old is None else old["metadata"].get("managedFields", [])
    own: Json = {"manager": author.manager, "operation": "Update", "apiVersion": resource.api_version}
    if author.subresource:
        own["subresource"] = author.subresource
    mine: Paths = frozenset()
    kept = []
    for entry in entries:
        paths = _paths(entry["fieldsV1"])
        if own.items() <= entry.items() and entry.get("subresource", "") == author.subresource:
            mine = paths
        elif rest := paths - written - gone:
            kept.append(entry if rest == paths else entry | {"fieldsV1": _fields(rest)})
    if mine := (mine | written) - gone:
        stamp = {"time": author.time, "fieldsType": "FieldsV1", "fieldsV1": _fields(mine)}
        kept.append(own | stamp)
    return kept


def fields_of(old: Json, new: Json) -> Json:
    """FieldsV1 of what is in one object and not in another."""
    written: set[Path] = set()
    _Walk(frozenset(), written, set()).fields((), old, new)
    return _fields(frozenset(written))


def _compare(resource: "Resource", old: Json | None, new: Json) -> tuple[Paths, Paths]:
    """The paths that were added or changed, and those that are gone."""
    before = {"metadata": {}, **({} if resource.custom else resource.empty)} if old is None else _managed(old)
    written: set[Path] = set()
    gone: set[Path] = set()
    _Walk(resource.atomic, written, gone).fields((), before, _managed(new))
    return frozenset(written), frozenset(gone)


def _managed(body: Json) -> Json:
    """The fields that somebody can own."""
    metadata = {key: value for key, value in body["metadata"].items() if key not in UNMANAGED}
    return {key: value for key, value in body.items() if key not in {"apiVersion", "kind"}} | {"metadata": metadata}


class _Walk(NamedTuple):
    """Goes through two versions of an object side by side."""

    atomic: frozenset[str]
    written: set[Path]
    gone: set[Path]

    def fields(self, path: Path, old: Json, new: Json) -> None:
        """The members of an object, or of a list that is treated as one."""
        for key in old.keys() | new.keys():
            self._field((*path, key if key[1:2] == ":" else f"f:{key}"), old.get(key, _ABSENT), new.get(key, _ABSENT))

    def _field(self, path: Path, old: Any, new: Any) -> None:
        if new is _ABSENT:
            self._note(self.gone, path, old)
        elif old is _ABSENT:
            self._note(self.written, path, new)
        elif self._divides(path, new) and (old is None or self._divides(path, old)):
            self.fields(path, self._members(path, old or {}), self._members(path, new))
        elif old != new:
            self.written.add(path)

    def _note(self, into: set[Path], path: Path, value: Any) -> None:
        """A whole subtree that has come or gone."""
        into.add(path)
        if self._divides(path, value):
            for key, member in self._members(path, value).items():
                self._note(into, (*path, key if key[1:2] == ":" else f"f:{key}"), member)

    def _divides(self, path: Path, value: Any) -> bool:
        """Whether the members of a value have owners of their own."""
        name = path[-1][2:]
        if isinstance(value, list):
            return name not in self.atomic and (name in SETS or name in LISTS)
        return isinstance(value, dict) and name not in ATOMIC and not self._is_atomic_item(path)

    @staticmethod
    def _is_atomic_item(path: Path) -> bool:
        return path[-1].startswith("k:") and path[-2][2:] in ATOMIC_ITEMS

    @staticmethod
    def _members(path: Path, value: Any) -> Json:
        if isinstance(value, dict):
            return value
        keys = LISTS.get(path[-1][2:])
        if keys is None:
            return {f"v:{encode(item).decode()}": None for item in value}
        return {f"k:{encode({key: item.get(key) for key in keys}).decode()}": item for item in value}


def _fields(paths: Paths) -> Json:
    """Paths as FieldsV1: a tree in which `.` is the owned member itself."""
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


def _paths(fields: Json) -> Paths:
    """The paths of FieldsV1."""
    return frozenset(_leaves((), fields))


def _leaves(path: Path, tree: Json) -> Iterator[Path]:
    if not tree and path:
        yield path
    for step, below in tree.items():
        if step == ".":
            yield path
        else:
            yield from _leaves((*path, step), below)
