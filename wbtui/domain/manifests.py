"""Manifests as YAML without values, their differences, and JSON Patches."""

from collections.abc import Iterator
from difflib import unified_diff
from typing import Any

from wbtui.domain.redaction import Redaction
from wbtui.domain.reference_paths import Json
from wbtui.domain.secret import LAST_APPLIED

_HIDDEN = "(a plain value, not shown)"
_LINES = {"args", "command"}
"""The fields of a container's command line, which may contain passwords."""
_UNSHOWN = {"managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", LAST_APPLIED}
_SHORTEST_VALUE = 6
"""The fewest characters of a value that is removed from messages: shorter ones are switches and numbers."""
_AROUND = 3
"""Lines of context before and after a difference."""


def as_yaml(node: Any) -> str:
    """Return an object as YAML; the order of its fields is kept."""
    import yaml  # noqa: PLC0415  nothing before the first frame needs it

    return yaml.dump(node, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=10_000)


def _dumper() -> Any:
    import yaml  # noqa: PLC0415

    class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
        """Repeats a part that occurs twice, instead of an anchor and an alias."""

        def ignore_aliases(self, data: Any) -> bool:
            del data
            return True

    return Dumper


def without_values(node: Any) -> Any:
    """Return an object without the values of variables, command lines, and the fields that the cluster sets."""
    if isinstance(node, list):
        return [without_values(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {name: _member_without_values(name, member) for name, member in node.items() if name not in _UNSHOWN}


def _member_without_values(name: str, member: Any) -> Any:
    if name == "env" and isinstance(member, list):
        return [without_values({**item, "value": _HIDDEN} if _is_plain(item) else item) for item in member]
    if name in _LINES and isinstance(member, list):
        return [_HIDDEN]
    return without_values(member)


def _is_plain(variable: Any) -> bool:
    return isinstance(variable, dict) and "value" in variable


def redaction_of(*manifests: Json) -> Redaction:
    """Return what removes the values of objects from a server's message, which may quote these objects."""
    values = {value for manifest in manifests for value in plain_values(manifest)}
    return Redaction(value.encode() for value in values if len(value) >= _SHORTEST_VALUE)


def plain_values(node: Any) -> Iterator[str]:
    """Yield the parts of an object that must not be shown: values of variables, and command lines."""
    if isinstance(node, list):
        for item in node:
            yield from plain_values(item)
    elif isinstance(node, dict):
        if isinstance(node.get("value"), str):
            yield node["value"]
        for name, member in node.items():
            lines = member if name in _LINES and isinstance(member, list) else ()
            yield from (line for line in lines if isinstance(line, str))
            yield from plain_values(member)


def differences(before: Json, after: Json) -> list[str]:
    """Return a diff of two objects as lines of YAML that begin with +, - or, as context, a space.

    An ellipsis stands for lines that were left out. Empty where nothing differs.
    """
    return [" …" if line.startswith("@@") else line for line in unified_differences(before, after)[2:]]


def unified_differences(before: Json, after: Json, name: str = "") -> list[str]:
    """Return a diff of two objects in the unified format, in which they are called `name`; without values.

    Empty where nothing differs.
    """
    old, new = (as_yaml(without_values(_without_status(manifest))).splitlines() for manifest in (before, after))
    return list(unified_diff(old, new, f"{name} (now)", f"{name} (changed)", lineterm="", n=_AROUND))


def _without_status(manifest: Json) -> Json:
    return {name: member for name, member in manifest.items() if name != "status"}


def json_patch(before: Any, after: Any, path: str = "") -> Iterator[dict[str, Any]]:
    """Yield the operations of the JSON Patch from `before` to `after`."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _object_patch(before, after, path)
    elif isinstance(before, list) and isinstance(after, list) and after[: len(before)] == before:
        yield from ({"op": "add", "path": f"{path}/-", "value": item} for item in after[len(before) :])
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for position, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from json_patch(old, new, f"{path}/{position}")
    else:
        yield {"op": "replace", "path": path, "value": after}


def _object_patch(before: Json, after: Json, path: str) -> Iterator[dict[str, Any]]:
    for name in before.keys() - after.keys():
        yield {"op": "remove", "path": f"{path}/{escaped_for_pointer(name)}"}
    for name, member in after.items():
        inner = f"{path}/{escaped_for_pointer(name)}"
        if name in before:
            yield from json_patch(before[name], member, inner)
        else:
            yield {"op": "add", "path": inner, "value": member}


def escaped_for_pointer(name: str) -> str:
    """Return a name escaped for use in a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")
