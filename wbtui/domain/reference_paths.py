"""Paths to what names a secret in an object, and reading what is there."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from wbtui.domain.label_selector import LabelSelector, label_selector

Json: TypeAlias = Mapping[str, Any]

_CONTAINER = re.compile(r"\[\]|\{\}")
_NAME = re.compile(r"(?:[a-z0-9][-a-z0-9]{0,62}/)?[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?")
"""What can be the name of a secret, with its namespace in annotations; anything else may be a value."""
_SECRET = "Secret"  # noqa: S105  the name of a kind


@dataclass(frozen=True, slots=True)
class Path:
    """A path to references in objects of a kind.

    `steps` is the dotted path to the part that holds the name of the secret; `[]` after a step goes through a list,
    `{}` through the values of a map. `name`, `key`, `keys` and `namespace` are fields of that part, or dotted paths;
    without `name`, the part is itself the name. `default` has the steps to the name where `name` is not set, `implied`
    is the name where that is not set either. `selector` is the field with a label selector of the secrets. `kind` is
    the field that says what is named: it counts where that is a Secret, or is not said. With `restart`, new values are
    seen only after a restart. A part that is `searched` has no schema: anything in it may name a secret.
    """

    steps: str
    name: str = "name"
    key: str = ""
    keys: tuple[str, ...] = ()
    restart: bool = False
    default: tuple[str, ...] = ()
    implied: str = ""
    selector: str = ""
    kind: str = ""
    namespace: str = ""
    searched: bool = False


class Holder(NamedTuple):
    """What was found at a path; `where` is the path with the names or positions of items."""

    path: Path
    part: Any
    where: str

    def name(self, manifest: Json) -> str:
        """Return the name of the secret in `manifest`, or namespace/name; empty where none is named."""
        path = self.path
        name = self._named or _at(manifest, path.default) or (path.implied if isinstance(self.part, dict) else "")
        return name if isinstance(name, str) and _NAME.fullmatch(name) and self._may_be_secret else ""

    def selector(self) -> LabelSelector | None:
        """Return the label selector of the secrets that are meant; None where there is none."""
        selector = label_selector(self._field(self.path.selector)) if self.path.selector else None
        return selector if self._may_be_secret else None

    def used_keys(self) -> list[str]:
        """Return the keys of the secret that are used; one empty key for all of them."""
        named = [said for key in self.path.keys if (said := self.says(key))]
        return named or [self.says(self.path.key)]

    def says(self, field: str) -> str:
        """Return the text in a field; empty where there is none."""
        said = self._field(field) if field else None
        return said if isinstance(said, str) else ""

    @property
    def _named(self) -> Any:
        if self.path.name:
            return self._field(self.path.name)
        return self.part if isinstance(self.part, str) else None

    @property
    def _may_be_secret(self) -> bool:
        said = self._field(self.path.kind) if self.path.kind else None
        kinds = said if isinstance(said, list) else [_SECRET if said is None else said]
        return any(str(kind).rpartition("/")[2] == _SECRET for kind in kinds)

    def _field(self, field: str) -> Any:
        """Return what is in a field, by its name or by its dotted path: names of annotations have dots in them."""
        if not isinstance(self.part, dict):
            return None
        return self.part[field] if field in self.part else value_at(self.part, field)


class PathTree:
    """The paths of a kind as a tree, in which each common step occurs once.

    A step is the name of a field, and the lists and maps that it goes through.
    """

    def __init__(self, paths: Iterable[Path] = ()) -> None:
        self._ends: list[Path] = []
        self._steps: dict[tuple[str, tuple[str, ...]], PathTree] = {}
        for path in paths:
            self.add(path, [_split(step) for step in path.steps.split(".") if step])

    def add(self, path: Path, steps: list[tuple[str, tuple[str, ...]]]) -> None:
        """Add a path that ends after `steps`."""
        if steps:
            self._steps.setdefault(steps[0], PathTree()).add(path, steps[1:])
        else:
            self._ends.append(path)

    def holders(self, part: Any, where: str = "") -> Iterator[Holder]:
        """Yield every part of an object that a path leads to; `where` is what leads to `part`."""
        for path in self._ends:
            yield Holder(path, part, where.lstrip("."))
        if isinstance(part, dict):
            for (field, containers), rest in self._steps.items():
                if field in part:
                    for item, label in _items(part[field], containers):
                        yield from rest.holders(item, f"{where}.{field}{label}")


def _split(step: str) -> tuple[str, tuple[str, ...]]:
    field = step.rstrip("[]{}")
    return field, tuple(_CONTAINER.findall(step[len(field) :]))


def value_at(node: Any, steps: str) -> Any:
    """Return what is at a dotted path; None where nothing is."""
    return _at(node, steps.split("."))


def _at(node: Any, steps: Iterable[str]) -> Any:
    at = node if (steps := tuple(steps)) else None
    for step in steps:
        at = at.get(step) if isinstance(at, dict) else None
    return at


def _items(part: Any, containers: tuple[str, ...]) -> Iterator[tuple[Any, str]]:
    if not containers:
        yield part, ""
        return
    for item, label in _members(part, containers[0]):
        for inner, below in _items(item, containers[1:]):
            yield inner, f"{label}{below}"


def _members(part: Any, container: str) -> Iterator[tuple[Any, str]]:
    if container == "[]":
        for position, item in enumerate(part if isinstance(part, list) else ()):
            name = item.get("name") if isinstance(item, dict) else None
            yield item, f"[{name if isinstance(name, str) else position}]"
    else:
        for field, item in (part if isinstance(part, dict) else {}).items():
            yield item, f".{field}"
