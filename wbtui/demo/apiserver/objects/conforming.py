"""Decode the body of a request to a valid object of its kind, or refuse it."""

import json
from typing import Any

import yaml

from wbtui.demo.apiserver import causes
from wbtui.demo.apiserver.refusals import Undecodable, bad_request, unrecognized
from wbtui.demo.apiserver.schemas import rules, structure
from wbtui.demo.apiserver.shapes import Cause, ServedResource
from wbtui.demo.apiserver.wire import Json, syntax_error

_BLOCKING = {  # what keeps the server from looking at rules
    *("FieldValueNotSupported", "FieldValueRequired", "FieldValueTooLong", "FieldValueTooMany"),
    "FieldValueTypeInvalid",
}
_OMITTED = {"data", "stringData", "binaryData", "imagePullSecrets", "secrets"}  # left out where they are empty


def parse(text: bytes) -> Any:
    """Return the JSON of a body."""
    try:
        return json.loads(text.decode("utf-8", "replace"))
    except json.JSONDecodeError as error:
        raise bad_request(syntax_error(error)) from error


def parse_object(text: bytes) -> Json:
    """Return the JSON object of a body."""
    parsed = parse(text)
    if not isinstance(parsed, dict):
        msg = "couldn't get version/kind; json parse error: json: cannot unmarshal into Go value of type struct"
        raise bad_request(msg)
    return parsed


def from_yaml(text: bytes) -> Any:
    """Return the content of a body in YAML."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise bad_request(f"error decoding YAML: {error}") from error


def conform(resource: ServedResource, body: Any, strictness: str) -> tuple[Json, list[str]]:
    """Return an object as it is stored, and warnings about the fields that were dropped."""
    if not isinstance(body, dict):
        raise Undecodable(resource, f"json: cannot unmarshal into Go value of type {resource.kind}")
    body = _without_empty(resource, body)
    if why := _undecodable(resource, body):
        raise Undecodable(resource, why)
    problems = [f'unknown field "{field}"' for field in structure.prune(resource.schema, body)]
    if problems and strictness == "Strict":
        raise Undecodable(resource, f"strict decoding error: {', '.join(problems)}")
    resource.decode(resource, body)
    identity = {"apiVersion": resource.api_version, "kind": resource.kind}
    return {**identity, **body, **identity}, problems if strictness == "Warn" else []


def _without_empty(resource: ServedResource, body: Json) -> Json:
    """Return an object without nulls, and without the empty fields that the server omits."""
    if resource.custom and not {"apiVersion", "kind"} <= body.keys():
        raise unrecognized(resource)
    body = {"metadata": {}, **structure.without_nulls(resource.schema, body)}
    body = {key: value for key, value in body.items() if value or key not in _OMITTED}
    if isinstance(body["metadata"], dict):
        body["metadata"] = {key: value for key, value in body["metadata"].items() if value not in ({}, [])}
    return body


def complete(resource: ServedResource, body: Json) -> None:
    """Fill in what was left out."""
    structure.fill(resource.schema, body)
    resource.default(body)


def _undecodable(resource: ServedResource, body: Json) -> str:
    """Return why Go cannot decode an object; of a custom resource, it decodes only the metadata."""
    from wbtui.demo.apiserver.schemas.validation import undecodable  # noqa: PLC0415 - jsonschema takes long to load

    if resource.custom:
        return undecodable(resource.schema["properties"]["metadata"], body["metadata"])
    return undecodable(resource.schema, body)


def broken(resource: ServedResource, body: Json, old: Json | None) -> list[Cause]:
    """Return what is wrong with an object; the rules of a definition count where everything else fits."""
    from wbtui.demo.apiserver.schemas import validation  # noqa: PLC0415 - jsonschema takes long to load

    problems = resource.validate(body, old)
    if not resource.custom:
        return problems
    problems += validation.broken(resource.schema, body)
    if any(cause.reason in _BLOCKING for cause in problems):
        return [*problems, causes.unchecked_rules()] if rules.ruled(resource.schema) else problems
    return problems + list(rules.broken(resource.schema, body, old))
