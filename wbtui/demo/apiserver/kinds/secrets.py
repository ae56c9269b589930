"""The rules of secrets and ConfigMaps."""

import binascii
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator

from wbtui.demo.apiserver.causes import forbidden_field, invalid_value, required, too_long
from wbtui.demo.apiserver.kinds.metadata import metadata_only, unchanged
from wbtui.demo.apiserver.kinds.names import KEY, KEY_TEXT
from wbtui.demo.apiserver.refusals import Undecodable
from wbtui.demo.apiserver.shapes import Cause, ServedResource
from wbtui.demo.apiserver.wire import Json, syntax_error

SECRET_LIMIT = 1 << 20
REDACTED = "<secret contents redacted>"
FROZEN = "field is immutable when `immutable` is set"

_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_QUANTUM = 4
_REQUIRED_KEYS = {  # type of secret -> keys that it must have
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
}
_JSON_KEYS = {key for keys in _REQUIRED_KEYS.values() for key in keys if key.startswith(".")}


def _keys(data: Json, limit: int, field: str = "data") -> Iterator[Cause]:
    """Check key names, and the decoded size of all values together."""
    for key in sorted(data):
        if not re.fullmatch(KEY, key):
            yield invalid_value(f"{field}[{key}]", key, KEY_TEXT)
    if sum(len(value) // 4 * 3 - value[-2:].count("=") for value in data.values()) > limit:
        yield too_long(field, limit)


def config_map(body: Json, old: Json | None) -> list[Cause]:
    """Check a ConfigMap's keys, and that an immutable one does not change."""
    return [
        *metadata_only(body, old),
        *_immutable(body, old or {}),
        *_keys(dict.fromkeys(body.get("data", {}), ""), SECRET_LIMIT),
    ]


def secret(body: Json, old: Json | None) -> list[Cause]:
    """Check a secret's keys, its size, and what its type asks for."""
    return [
        *metadata_only(body, old),
        *unchanged(body, old or body, "type"),
        *_immutable(body, old or {}),
        *_keys(body.get("data", {}), SECRET_LIMIT),
        *_typed_secret(body),
    ]


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
        config = json.loads(b64decode(value).decode("utf-8", "replace"))
    except json.JSONDecodeError as error:
        yield invalid_value(f"data[{key}]", REDACTED, syntax_error(error))
        return
    if not isinstance(config, dict):
        kind = {list: "array", str: "string", bool: "bool"}.get(type(config), "number")
        why = f"json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}"
        yield invalid_value(f"data[{key}]", REDACTED, why)


def decode_secret(resource: ServedResource, body: Json) -> None:
    """Check that a secret's data is base64, and move its stringData into it."""
    for value in body.get("data", {}).values():
        _check_base64(resource, value)
    if texts := body.pop("stringData", None):
        encoded = {key: b64encode(value.encode()).decode() for key, value in texts.items()}
        body["data"] = body.get("data", {}) | encoded


def _check_base64(resource: ServedResource, value: str) -> None:
    try:
        b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        strange = (number for number, char in enumerate(value.encode()) if char not in _BASE64)
        place = next(strange, len(value) // _QUANTUM * _QUANTUM)
        raise Undecodable(resource, f"illegal base64 data at input byte {place}") from error
