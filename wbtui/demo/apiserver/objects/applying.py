"""Server-side apply: merge the fields that a manager wants into an object."""

from typing import Any

from wbtui.demo.apiserver.objects.managed_fields import (
    Author,
    Path,
    as_fields,
    as_paths,
    changes,
    divides,
    leaves,
    managed,
    members_of,
)
from wbtui.demo.apiserver.refusals import apply_conflict
from wbtui.demo.apiserver.shapes import ServedResource
from wbtui.demo.apiserver.wire import Json

_ABSENT = object()


def apply(
    resource: ServedResource, live: Json, wanted: Json, author: Author, *, force: bool
) -> tuple[Json, list[Json]]:
    """Return the object with what is wanted of it, and its managedFields.

    Raises:
        Refusal: Somebody else owns a field that would get another value, and it is not forced.
    """
    mine = leaves(resource, wanted)
    merged = live | _merge(resource.schema, managed(live), managed(wanted))
    merged["metadata"] = live["metadata"] | merged["metadata"]
    changed, _ = changes(resource, live, merged)
    entries = live["metadata"].get("managedFields", [])
    others = [(entry, as_paths(entry["fieldsV1"])) for entry in entries if not author.wrote(entry)]
    taken = [(entry, path) for entry, paths in others for path in sorted(paths & changed & mine)]
    if taken and not force:
        raise apply_conflict([(entry, _shown(path)) for entry, path in taken])
    before = frozenset[Path]().union(*(as_paths(entry["fieldsV1"]) for entry in entries if author.wrote(entry)))
    kept = mine.union(*(paths for _, paths in others))
    for path in sorted(before - kept):
        if not any(other[: len(path)] == path for other in kept):
            _remove(resource.schema, merged, path)
    lost = {path for _, path in taken}
    owned = [_without(entry, paths, lost) for entry, paths in others if paths - lost]
    return merged, [author.entry(resource, mine), *owned]


def _without(entry: Json, paths: frozenset[Path], lost: set[Path]) -> Json:
    return entry | {"fieldsV1": as_fields(paths - lost)} if paths & lost else entry


def _merge(node: Json, old: Any, new: Any) -> Any:
    """Return a value merged with another one; a list keeps its order, and new items are appended."""
    if not (divides(node, new) and divides(node, old)):
        return new
    before, after = members_of(node, old), members_of(node, new)
    merged = {step: inner for step, (_, inner) in before.items()}
    for step, (known, inner) in after.items():
        merged[step] = _merge(known, merged.get(step), inner)
    if isinstance(new, list):
        return list(merged.values())
    return {step.removeprefix("f:"): inner for step, inner in merged.items()}


def _remove(node: Json, value: Any, path: Path) -> None:
    """Remove the value at a path, if it exists."""
    for step in path[:-1]:
        node, value = members_of(node, value).get(step, ({}, {}))
    member = members_of(node, value).get(path[-1], _ABSENT)
    if member is _ABSENT:
        return
    if isinstance(value, list):
        value.remove(member[1])  # type: ignore[index]  # it is a pair
    else:
        del value[path[-1].removeprefix("f:")]


def _shown(path: Path) -> str:
    """Return a path in the format of messages: .spec.containers[name="a"].image."""
    return "".join(_shown_step(step) for step in path)


def _shown_step(step: str) -> str:
    kind, _, rest = step.partition(":")
    if kind == "k":
        return "[" + rest[1:-1].replace('":', "=").replace('"', "", 1) + "]"
    return f"[={rest}]" if kind == "v" else f".{rest}"
