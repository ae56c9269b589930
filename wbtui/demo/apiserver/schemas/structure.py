"""Compare objects with their schemas: find unknown fields, remove nulls, and set defaults."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from wbtui.demo.apiserver.schemas.documents import PRESERVE, STRUCT
from wbtui.demo.apiserver.wire import Json


def member(node: Json, name: str) -> Json:
    """Return the schema of a field, or of a value under any key; empty where there is none."""
    schema = node.get("properties", {}).get(name) or node.get("additionalProperties")
    return schema if isinstance(schema, dict) else {}


def below(node: Json, value: Any) -> Iterator[tuple[str, Json, Any]]:
    """Yield the members of a value that are described: the step to each, its schema, and itself."""
    if isinstance(value, list) and "items" in node:
        for number, item in enumerate(value):
            yield f"[{number}]", node["items"], item
    elif isinstance(value, dict):
        for name, inner in value.items():
            if known := member(node, name):
                yield f".{name}", known, inner


def prune(node: Json, value: Any, path: str = "") -> list[str]:
    """Remove the fields that are not in the schema, and return their paths."""
    pruned = []
    if isinstance(value, dict) and not _is_open(node):
        for name in value.keys() - node.get("properties", {}).keys():
            del value[name]
            pruned.append(f"{path}.{name}"[1:])
    for step, known, inner in below(node, value):
        pruned += prune(known, inner, path + step)
    return sorted(pruned)


def _is_open(node: Json) -> bool:
    """Return whether an object may have fields that the schema does not name."""
    return bool(node.get(PRESERVE) or node.get("additionalProperties"))


def fill(node: Json, value: Any) -> None:
    """Set the fields that have a default and are not set."""
    if isinstance(value, dict):
        for name, known in node.get("properties", {}).items():
            if "default" in known and name not in value:
                value[name] = deepcopy(known["default"])
    for _, known, inner in below(node, value):
        fill(known, inner)


def without_nulls(node: Json, value: Any) -> Any:
    """Return a value without the fields that are null but not nullable; they count as not set."""
    if isinstance(value, list):
        return [without_nulls(node.get("items", {}), item) for item in value]
    if not isinstance(value, dict):
        return value
    fields = ((name, member(node, name), inner) for name, inner in value.items())
    return {
        name: without_nulls(known, inner)
        for name, known, inner in fields
        if inner is not None or not known or known.get("nullable")
    }


def empty(node: Json) -> Json:
    """Return the fields that an object of a built-in type has by default."""
    required = node.get("required", ())
    fields = node.get("properties", {})
    structs = {name: empty(known) for name, known in fields.items() if known.get(STRUCT)}
    return structs | {name: None for name in fields if name in required and name not in structs}
