"""The rules of each kind: what is wrong with an object, in the words of the API server."""

import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterator

from wbtui.demo.errors import Cause, forbidden_field, invalid_value, required, too_long
from wbtui.demo.names import (
    KEY,
    KEY_TEXT,
    LABEL_LIMIT,
    LABEL_NAME,
    LABEL_NAME_TEXT,
    LABEL_VALUE,
    LABEL_VALUE_TEXT,
    NAME_LIMIT,
    QUALIFIED,
    QUALIFIED_TEXT,
    SUBDOMAIN,
    SUBDOMAIN_TEXT,
)
from wbtui.demo.tables import at
from wbtui.demo.wire import Json, syntax_error

Validator = Callable[[Json, Json | None], list[Cause]]

SECRET_LIMIT = 1 << 20
ANNOTATIONS_LIMIT = 256 << 10
REDACTED = "<secret contents redacted>"
FROZEN = "field is immutable when `immutable` is set"

_REQUIRED_KEYS = {  # type of secret -> keys that it must have
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
}
_JSON_KEYS = {key for keys in _REQUIRED_KEYS.values() for key in keys if key.startswith(".")}


def metadata_only(body: Json, old: Json | None) -> list[Cause]:
    """The rules that every kind has."""
    return list(_metadata(body, old, SUBDOMAIN, SUBDOMAIN_TEXT, NAME_LIMIT))


def metadata_of_label_names(body: Json, old: Json | None) -> list[Cause]:
    """The same for a kind whose names have no dots and are short."""
    return list(_metadata(body, old, LABEL_NAME, LABEL_NAME_TEXT, LABEL_LIMIT))


def _metadata(body: Json, old: Json | None, pattern: str, text: str, limit: int) -> Iterator[Cause]:
    metadata = body["metadata"]
    if old is None:
        yield from _name(metadata["name"], pattern, text, limit)
    else:
        yield from _metadata_update(metadata, old["metadata"])
    yield from _labels(metadata.get("labels", {}))
    yield from _annotations(metadata.get("annotations", {}))


def _name(name: str, pattern: str, text: str, limit: int) -> Iterator[Cause]:
    if not name:
        yield required("metadata.name", "name or generateName is required")
        return
    if len(name) > limit:
        yield invalid_value("metadata.name", name, f"must be no more than {limit} characters")
    if not re.fullmatch(pattern, name):
        yield invalid_value("metadata.name", name, text)


def _metadata_update(metadata: Json, old: Json) -> Iterator[Cause]:
    if "deletionTimestamp" in old:
        added = sorted(set(metadata.get("finalizers", ())) - set(old.get("finalizers", ())))
        if added:
            why = f"no new finalizers can be added if the object is being deleted, found new finalizers {added}"
            yield forbidden_field("metadata.finalizers", why)


def _labels(labels: Json) -> Iterator[Cause]:
    for key, value in labels.items():
        yield from _qualified_name("metadata.labels", key)
        if len(value) > LABEL_LIMIT:
            yield invalid_value("metadata.labels", value, f"must be no more than {LABEL_LIMIT} characters")
        if not re.fullmatch(LABEL_VALUE, value):
            yield invalid_value("metadata.labels", value, LABEL_VALUE_TEXT)


def _annotations(annotations: Json) -> Iterator[Cause]:
    for key in annotations:
        yield from _qualified_name("metadata.annotations", key.lower())
    if sum(len(key.encode()) + len(value.encode()) for key, value in annotations.items()) > ANNOTATIONS_LIMIT:
        yield too_long("metadata.annotations", ANNOTATIONS_LIMIT)


def _qualified_name(field: str, key: str) -> Iterator[Cause]:
    prefix, slash, name = key.rpartition("/")
    if slash and not re.fullmatch(SUBDOMAIN, prefix):
        yield invalid_value(field, key, f"prefix part {SUBDOMAIN_TEXT}")
    if len(name) > LABEL_LIMIT:
        yield invalid_value(field, key, f"name part must be no more than {LABEL_LIMIT} characters")
    if not re.fullmatch(QUALIFIED, name):
        yield invalid_value(field, key, QUALIFIED_TEXT)


def _keys(data: Json, limit: int, field: str = "data") -> Iterator[Cause]:
    """Key names, and the size of all values together (as base64 decodes to it)."""
    for key in sorted(data):
        if not re.fullmatch(KEY, key):
            yield invalid_value(f"{field}[{key}]", key, KEY_TEXT)
    if sum(len(value) // 4 * 3 - value[-2:].count("=") for value in data.values()) > limit:
        yield too_long(field, limit)


def config_map(body: Json, old: Json | None) -> list[Cause]:
    """A ConfigMap's keys, and that an immutable one stays as it is."""
    return [
        *metadata_only(body, old),
        *_immutable(body, old or {}),
        *_keys(dict.fromkeys(body.get("data", {}), ""), SECRET_LIMIT),
    ]


def secret(body: Json, old: Json | None) -> list[Cause]:
    """A secret's keys, size, and what its type asks for."""
    return [
        *metadata_only(body, old),
        *unchanged(body, old or body, "type"),
        *_immutable(body, old or {}),
        *_keys(body.get("data", {}), SECRET_LIMIT),
        *_typed_secret(body),
    ]


def unchanged(body: Json, old: Json, path: str) -> Iterator[Cause]:
    """A field that cannot change."""
    value = at(body, path, None)
    if value != at(old, path, None):
        yield invalid_value(path, value, "field is immutable")


def _immutable(body: Json, old: Json) -> Iterator[Cause]:
    if not old.get("immutable"):
        return
    if not body.get("immutable"):
        yield forbidden_field("immutable", FROZEN)
    if body.get("data", {}) != old.get("data", {}):
        yield forbidden_field("data", FROZEN)


def _typed_secret(body: Json) -> Iterator[Cause]:
    data, kind = body.get("data", {}), body["type"]
    for key in _REQUIRED_KEYS.get(kind, ()):
        if key not in data:
            yield required(f"data[{key}]")
        elif key in _JSON_KEYS:
            yield from _json_object(key, data[key])
    if kind == "kubernetes.io/basic-auth" and not {"username", "password"} & set(data):
        yield required("data[username]")
        yield required("data[password]")
    account = "metadata.annotations[kubernetes.io/service-account.name]"
    annotations = body["metadata"].get("annotations", {})
    if kind == "kubernetes.io/service-account-token" and not annotations.get("kubernetes.io/service-account.name"):
        yield required(account)


def _json_object(key: str, value: str) -> Iterator[Cause]:
    try:
        found = json.loads(b64decode(value).decode("utf-8", "replace"))
    except json.JSONDecodeError as error:
        yield invalid_value(f"data[{key}]", REDACTED, syntax_error(error))
        return
    if not isinstance(found, dict):
        kind = {list: "array", str: "string", bool: "bool"}.get(type(found), "number")
        why = f"json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}"
        yield invalid_value(f"data[{key}]", REDACTED, why)
