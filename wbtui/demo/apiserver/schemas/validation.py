"""Validate objects with jsonschema; the tables here have the API server's messages.

The schemas of custom resources are those of OpenAPI 3.0: JSON Schema draft 4 with some keywords of Kubernetes.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from jsonschema.exceptions import ValidationError
from jsonschema.validators import Draft4Validator, extend

from wbtui.demo.apiserver import causes
from wbtui.demo.apiserver.schemas.documents import GO_TYPE
from wbtui.demo.apiserver.shapes import Cause
from wbtui.demo.apiserver.wire import Json

_EITHER = "x-kubernetes-int-or-string"
_NAMES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}
_Errors = Iterator[ValidationError]


def _type(validator: Any, expected: str, value: Any, schema: Json) -> _Errors:
    if not (value is None and schema.get("nullable")):
        yield from Draft4Validator.VALIDATORS["type"](validator, expected, value, schema)


def _int_or_string(_: Any, __: bool, value: Any, ___: Json) -> _Errors:  # noqa: FBT001 - jsonschema calls it
    if isinstance(value, bool) or not isinstance(value, int | str):
        yield ValidationError("neither")


def _any_of(validator: Any, alternatives: list[Json], value: Any, schema: Json) -> _Errors:
    if _EITHER not in schema:
        yield from Draft4Validator.VALIDATORS["anyOf"](validator, alternatives, value, schema)


def _all_of(validator: Any, parts: list[Json], value: Any, schema: Json) -> _Errors:
    """Yield the first error of any part, and one that says that all parts count."""
    errors = list(Draft4Validator.VALIDATORS["allOf"](validator, parts, value, schema))
    yield from errors[:1]
    if errors:
        yield ValidationError("none of all")


def _list_type(_: Any, kind: str, value: Any, schema: Json) -> _Errors:
    """Find the duplicate items of a list: by the key fields in a map, by the whole item in a set."""
    keys = schema.get("x-kubernetes-list-map-keys", ())
    seen = list[Any]()
    for number, item in enumerate(value if isinstance(value, list) and kind != "atomic" else ()):
        name = {key: item[key] for key in keys if key in item} if keys and isinstance(item, dict) else item
        if name in seen:
            yield ValidationError("duplicate", path=[number], instance=name)
        seen.append(name)


def _format(_: Any, name: str, value: Any, __: Json) -> _Errors:
    if name == "date-time" and isinstance(value, str) and not _is_moment(value):
        yield ValidationError("no moment")


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


_Validator = extend(
    Draft4Validator,
    {
        "type": _type,
        "anyOf": _any_of,
        "allOf": _all_of,
        "format": _format,
        _EITHER: _int_or_string,
        "x-kubernetes-list-type": _list_type,
    },
)


def broken(node: Json, value: Json) -> list[Cause]:
    """Return what is wrong with a custom resource."""
    errors = list(_Validator(node).iter_errors(value))
    mistyped = {tuple(error.absolute_path) for error in errors if error.validator in {"type", _EITHER}}
    relevant = (
        error for error in errors if error.validator in {"type", _EITHER} or tuple(error.absolute_path) not in mistyped
    )
    return list(
        dict.fromkeys(chain.from_iterable(_CAUSES.get(str(error.validator), _in_general)(error) for error in relevant))
    )


def _in_body(text: str) -> Callable[[ValidationError], Iterator[Cause]]:
    """Return a function that yields the cause for a value out of bounds; `text` has a place for the bound."""

    def out_of_bounds(error: ValidationError) -> Iterator[Cause]:
        path, bound = _path(error), error.validator_value
        value = len(error.instance) if isinstance(error.instance, list) else error.instance
        yield causes.invalid_value(path, value, f"{path} in body should {text.format(bound)}")

    return out_of_bounds


def _in_general(error: ValidationError) -> Iterator[Cause]:
    """Yield the cause for a keyword that few definitions have."""
    yield causes.invalid_value("<nil>", "", f'"{_path(error)}": {error.message}')


def _wrong_type(error: ValidationError) -> Iterator[Cause]:
    expected = "integer,string" if error.validator == _EITHER else str(error.validator_value)
    actual = _NAMES.get(type(error.instance), "null")
    if isinstance(error.instance, bool) and "format" in error.schema:
        expected, actual = error.schema["format"], ""
    yield causes.wrong_type(_path(error), expected, actual)


def _required(error: ValidationError) -> Iterator[Cause]:
    path = _path(error)
    for name in error.validator_value:
        if name not in error.instance:
            yield causes.required(f"{path}.{name}" if path else name)


def _not_all(error: ValidationError) -> Iterator[Cause]:
    text = f'"{_path(error)}" must validate all the schemas (allOf). None validated'
    yield causes.invalid_value("<nil>", "", text)


_CAUSES: dict[str, Callable[[ValidationError], Iterator[Cause]]] = {
    "type": _wrong_type,
    _EITHER: _wrong_type,
    "required": _required,
    "enum": lambda error: iter([causes.not_supported(_path(error), error.instance, list(error.validator_value))]),
    "pattern": _in_body("match '{}'"),
    "minLength": _in_body("be at least {} chars long"),
    "minItems": _in_body("have at least {} items"),
    "minimum": _in_body("be greater than or equal to {}"),
    "maximum": _in_body("be less than or equal to {}"),
    "maxLength": lambda error: iter([causes.too_long(_path(error), error.validator_value)]),
    "maxItems": lambda error: iter([causes.too_many(_path(error), len(error.instance), error.validator_value)]),
    "x-kubernetes-list-type": lambda error: iter([causes.duplicate(_path(error), error.instance)]),
    "format": lambda error: iter([causes.wrong_type(_path(error), str(error.validator_value), str(error.instance))]),
    "allOf": _not_all,
}


def undecodable(node: Json, value: Json) -> str:
    """Return why Go cannot decode an object of a built-in type; empty where it can."""
    kinds = {"type", "oneOf"}
    error = next((error for error in _Validator(node).iter_errors(value) if error.validator in kinds), None)
    if error is None:
        return ""
    if error.validator == "oneOf" and "format" not in error.schema:
        return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    actual = _NAMES.get(type(error.instance), "object").replace("integer", "number").replace("boolean", "bool")
    names = [str(step) for step in error.absolute_path if isinstance(step, str)]
    owner, depth = _owner(node, names)
    return (
        f"json: cannot unmarshal {actual} into Go struct field {owner}.{'.'.join(names[:depth])} "
        f"of type {_go_type(error.schema)}"
    )


def _owner(node: Json, names: list[str]) -> tuple[str, int]:
    """Return the Go type of the struct that has the field in question, and how deep the field is."""
    owner, depth = "", len(names)
    for number, name in enumerate(names):
        while node.get("type") == "array":
            node = node["items"]
        if "properties" not in node:
            return owner, number
        owner = str(node.get(GO_TYPE, "")).rpartition(".")[2]
        node = node["properties"].get(name) or node.get("additionalProperties", {})
    return owner, depth


def _go_type(node: Any) -> str:
    if GO_TYPE in node:
        return str(node[GO_TYPE])
    if node.get("type") == "array":
        return f"[]{_go_type(node['items'])}"
    if node.get("type") == "object":
        return f"map[string]{_go_type(node.get('additionalProperties', {}))}"
    names = {"boolean": "bool", "number": "float64"}
    formats = {"byte": "[]uint8", "int32": "int32", "int64": "int64"}
    kind = str(node.get("type", "interface {}"))
    return formats.get(str(node.get("format")), names.get(kind, kind))


def _path(error: ValidationError) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    return text.removeprefix(".")
