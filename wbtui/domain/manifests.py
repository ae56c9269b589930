"""Manifests as they are sent and as people read them."""

from collections.abc import Iterator
from difflib import unified_diff
from typing import Any

from wbtui.domain.references import Json
from wbtui.domain.secret import LAST_APPLIED

_HIDDEN = "(a plain value, not shown)"
_LINES = {"args", "command"}
"""What a container is started with: passwords stand there, too."""
_UNSHOWN = {"managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", LAST_APPLIED}
_AROUND = 3
"""Lines that are shown before and after one that differs."""


def as_yaml(thing: Any) -> str:
    """Return an object as YAML, in the order that it has."""
    import yaml  # noqa: PLC0415  nothing before the first frame needs it

    return yaml.dump(thing, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=10_000)


def _dumper() -> Any:
    import yaml  # noqa: PLC0415

    class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
        """Writes out what is there twice: nobody reads anchors."""

        def ignore_aliases(self, data: Any) -> bool:
            del data
            return True

    return Dumper


def shown(thing: Any) -> Any:
    """Return what may be shown of an object: no values of variables, and nothing that the cluster keeps for itself."""
    if isinstance(thing, list):
        return [shown(item) for item in thing]
    if not isinstance(thing, dict):
        return thing
    return {name: _shown_member(name, member) for name, member in thing.items() if name not in _UNSHOWN}


def _shown_member(name: str, member: Any) -> Any:
    if name == "env" and isinstance(member, list):
        return [shown({**item, "value": _HIDDEN} if _is_plain(item) else item) for item in member]
    if name in _LINES and isinstance(member, list):
        return [_HIDDEN]
    return shown(member)


def _is_plain(variable: Any) -> bool:
    return isinstance(variable, dict) and "value" in variable


def plain_values(thing: Any) -> Iterator[str]:
    """Yield the values of variables, and what containers are started with: what must not be told of an object."""
    if isinstance(thing, list):
        for item in thing:
            yield from plain_values(item)
    elif isinstance(thing, dict):
        if isinstance(thing.get("value"), str):
            yield thing["value"]
        for name, member in thing.items():
            lines = member if name in _LINES and isinstance(member, list) else ()
            yield from (line for line in lines if isinstance(line, str))
            yield from plain_values(member)


def differences(before: Json, after: Json) -> list[str]:
    """Return the lines of YAML that differ, each behind + or -, and some around them behind a space.

    A line of dots stands where something between them was left out. Empty where nothing differs.
    """
    old, new = (as_yaml(shown(_without_status(thing))).splitlines() for thing in (before, after))
    lines = list(unified_diff(old, new, lineterm="", n=_AROUND))[2:]
    return [" …" if line.startswith("@@") else line for line in lines]


def _without_status(thing: Json) -> Json:
    return {name: member for name, member in thing.items() if name != "status"}


def json_patch(before: Any, after: Any, path: str = "") -> Iterator[dict[str, Any]]:
    """Yield the operations of the JSON Patch that makes `after` of `before`."""
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
        yield {"op": "remove", "path": f"{path}/{pointer(name)}"}
    for name, member in after.items():
        inner = f"{path}/{pointer(name)}"
        if name in before:
            yield from json_patch(before[name], member, inner)
        else:
            yield {"op": "add", "path": inner, "value": member}


def pointer(name: str) -> str:
    """Return a member's name as a step of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")
