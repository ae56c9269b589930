"""Objects made from a schema that name a secret at given paths, and have beside that only what they need to have."""

import re
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, NamedTuple

from wbtui.domain.reference_paths import Path

Json = dict[str, Any]

_STEP = re.compile(r"[^.\[\]{}]+|\[\]|\{\}")
_FILLERS = (
    *("Filler", "filler", "F", "1", "1Gi", "10s", "1h", "https://filler.example", "filler.example.com/a", "/filler"),
    *("2026-01-01T00:00:00Z", "10.0.0.1", "10.0.0.0/24", "00:00:00:00:00:01", "sha256:" + "a" * 64, "filler/filler"),
    *(
        "a@filler.example",
        "*",
        "v1",
        "1.1",
        "filler_1",
        "hf://filler/filler",
        "s3://filler/filler",
        "00:00",
        "0,1",
        "* * * * *",
    ),
)
"""Texts, one of which fits most patterns; few of them could be the name of a secret."""
_NUMBER = count(1)


class Probe(NamedTuple):
    """A path, and the name of a secret to be put there."""

    path: Path
    name: str


_MODEL = {"model": {"name": "filler"}, "profile": {"name": "filler"}}
_RULES: dict[str, Json] = {"AIMService": {"spec": _MODEL}}
"""What objects of a kind need beside that by rules which are no schema."""


def object_with(kind: str, schema: Json, probes: list[Probe]) -> Json:
    """Return an object of a kind that names each probe at its path."""
    thing = _RULES.get(kind, {})
    for probe in probes:
        thing = _merged(thing, _planted(schema, _STEP.findall(probe.path.steps), probe))
    return thing


def _merged(one: Any, other: Any) -> Any:
    """Return two parts in one: objects by field, lists one after the other, a probe before what fills a field."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {field: _merged(one.get(field), other.get(field)) for field in one.keys() | other.keys()}
    if isinstance(one, list) and isinstance(other, list):
        return one + other
    return other if one is None or str(other).startswith("probe-") else one


def _planted(schema: Json, steps: list[str], probe: Probe) -> Any:
    if not steps:
        return _leaf(schema, probe)
    step, *rest = steps
    if step == "[]":
        return [_planted(schema["items"], rest, probe)]
    if step == "{}":
        return {f"filler-{next(_NUMBER)}": _planted(schema["additionalProperties"], rest, probe)}
    return {**_needed(schema, but=step), step: _planted(schema["properties"][step], rest, probe)}


def _leaf(schema: Json, probe: Probe) -> Any:
    path = probe.path
    if not path.name:
        return probe.name if not path.implied else _needed(schema) | {"path": "Filler"}
    leaf = _needed(schema, but=path.name) | {path.name: probe.name}
    if path.kind:
        leaf[path.kind] = "Secret"
    return leaf


def _needed(schema: Json, but: str = "") -> Json:
    """Return the fields that an object with this schema has to have, without one of them."""
    required = [field for field in schema.get("required", ()) if field != but]
    return {
        field: value
        for field in required
        if field in schema.get("properties", {}) and (value := _minimal(schema["properties"][field], field)) is not None
    }


def _minimal(schema: Json, field: str) -> Any:
    """Return what fills a field; None where the server fills it."""
    if "default" in schema:
        return None
    choices = next((layer["enum"] for layer in (schema, *schema.get("allOf", ())) if "enum" in layer), None)
    return choices[0] if choices else _of_type(schema, field)


def _of_type(schema: Json, field: str) -> Any:
    number = schema.get("minimum", 1)
    made: dict[str, Callable[[], Any]] = {
        "object": lambda: number if schema.get("x-kubernetes-int-or-string") else _needed(schema),
        "array": lambda: [_minimal(schema["items"], field) for _ in range(schema.get("minItems", 0))],
        "string": lambda: _text(schema, field),
        "boolean": lambda: True,
    }
    return made.get(schema.get("type", "object"), lambda: number)()


def _text(schema: Json, field: str) -> str:
    if field == "name":
        return f"filler-{next(_NUMBER)}"  # lists have each name once
    if schema.get("format") == "date-time":
        return "2026-01-01T00:00:00Z"
    least, pattern = schema.get("minLength", 0), schema.get("pattern", "")
    return next((text for text in _FILLERS if len(text) >= least and _fits(pattern, text)), _FILLERS[0] * 9)


def _fits(pattern: str, text: str) -> bool:
    try:
        return not pattern or bool(re.search(pattern, text))
    except re.error:
        return False


def halves(probes: list[Probe]) -> Iterator[list[Probe]]:
    """Yield the probes in two parts, where there are two."""
    middle = (len(probes) + 1) // 2
    yield from filter(None, (probes[:middle], probes[middle:]))
