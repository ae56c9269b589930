"""From the bytes of a request to an object of its kind, or a refusal that says why not."""

import binascii
import json
import re
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

from wbtui.demo import schema
from wbtui.demo.errors import Undecodable, bad_request
from wbtui.demo.tables import at
from wbtui.demo.wire import Json, syntax_error

if TYPE_CHECKING:
    from wbtui.demo.resources import Resource

_METADATA = {
    *("name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp"),
    *("deletionTimestamp", "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers"),
    "managedFields",
}
_NAMED = ("name", "namespace", "generateName", "uid", "resourceVersion")
_SHAPE: dict[str, type] = {
    **{f"metadata.{name}": str for name in _NAMED},
    **{f"metadata.{name}": list for name in ("finalizers", "ownerReferences")},
    "spec": dict,
    "status": dict,
    "type": str,
    "immutable": bool,
}
_ALWAYS = {"metadata.labels": "string", "metadata.annotations": "string"}
_OMITTED = {"data", "stringData", "binaryData", "imagePullSecrets", "secrets"}  # left out where they are empty
_NAMES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}
_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_QUANTUM = 4


def nothing(_: "Resource", __: Json) -> None:
    """The kind is stored as it is written."""


def parse(text: bytes) -> Any:
    """The JSON of a body."""
    try:
        return json.loads(text.decode("utf-8", "replace"))
    except json.JSONDecodeError as error:
        raise bad_request(syntax_error(error)) from error


def parse_object(text: bytes) -> Json:
    """The JSON object of a body."""
    found = parse(text)
    if not isinstance(found, dict):
        msg = "couldn't get version/kind; json parse error: json: cannot unmarshal into Go value of type struct"
        raise bad_request(msg)
    return found


def conform(resource: "Resource", body: Any, strictness: str) -> tuple[Json, list[str]]:
    """An object as it is stored, and warnings about what was dropped on the way."""
    if not isinstance(body, dict) or not isinstance(body.get("metadata") or {}, dict):
        raise Undecodable(resource, f"json: cannot unmarshal into Go value of type {resource.kind}")
    body = _pruned(body)
    unknown = _unknown(resource, body)
    problems = [f'unknown field "{field}"' for field in unknown]
    if problems and strictness == "Strict":
        raise Undecodable(resource, f"strict decoding error: {', '.join(problems)}")
    _check_shape(resource, body)
    _check_types(resource, body)
    resource.decode(resource, body)
    body |= {"apiVersion": resource.api_version, "kind": resource.kind}
    return body, problems if strictness == "Warn" else []


def _pruned(body: Json) -> Json:
    """Without nulls, and without what is empty and is then left out."""
    body = {key: _without_nulls(value) for key, value in body.items() if value is not None}
    body = {key: value for key, value in body.items() if value or key not in _OMITTED}
    metadata = body.get("metadata", {})
    return body | {"metadata": {key: value for key, value in metadata.items() if value not in ({}, [])}}


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(member) for key, member in value.items() if member is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def _unknown(resource: "Resource", body: Json) -> list[str]:
    """Take out the fields that the kind does not have; the answer is their paths."""
    found = []
    for owner, known, path in ((body, resource.fields, ""), (body["metadata"], _METADATA, "metadata.")):
        for field in sorted(owner.keys() - known):
            del owner[field]
            found.append(path + field)
    below = resource.schema.below(body)
    return found + [field for step, known, member in below for field in schema.unknown(known, member, step[1:])]


def _check_shape(resource: "Resource", body: Json) -> None:
    """Names are texts, labels and data are maps of texts, a spec is an object, and so on."""
    for path, expected in _SHAPE.items():
        value = at(body, path, None)
        if value is not None and not isinstance(value, expected):
            raise _mismatch(resource, path, value, _NAMES[expected])
    for path, type_ in {**_ALWAYS, **resource.texts}.items():
        found = at(body, path, {})
        for value in found.values() if isinstance(found, dict) else [found]:
            if not isinstance(value, str):
                raise _mismatch(resource, path, value, type_)


def _check_types(resource: "Resource", body: Json) -> None:
    """What Go cannot read; of a custom resource its schema says more, and later."""
    if resource.custom:
        schema.fill(resource.schema, body)
        return
    for path, expected, value in schema.mistyped(resource.schema, body, ""):
        raise _mismatch(resource, re.sub(r"\[\d+\]", "", path[1:]), value, expected)


def _mismatch(resource: "Resource", path: str, value: object, expected: str) -> Undecodable:
    """A value that Go cannot read into the field."""
    name = "number" if type(value) in {int, float} else _NAMES.get(type(value), "object")
    owner = "ObjectMeta" if path.startswith("metadata.") else resource.kind
    return Undecodable(
        resource, f"json: cannot unmarshal {name} into Go struct field {owner}.{path} of type {expected}"
    )


def secret(resource: "Resource", body: Json) -> None:
    """A secret's data is base64; its stringData is written into its data, and not kept."""
    for value in body.get("data", {}).values():
        _check_base64(resource, value)
    if texts := body.pop("stringData", None):
        encoded = {key: b64encode(value.encode()).decode() for key, value in texts.items()}
        body["data"] = body.get("data", {}) | encoded


def _check_base64(resource: "Resource", value: str) -> None:
    try:
        b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        strange = (number for number, char in enumerate(value.encode()) if char not in _BASE64)
        place = next(strange, len(value) // _QUANTUM * _QUANTUM)
        raise Undecodable(resource, f"illegal base64 data at input byte {place}") from error
