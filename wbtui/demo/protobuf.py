"""Protocol buffers, as far as kubectl posts them: the few kinds that its typed client creates."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from wbtui.demo.errors import bad_request
from wbtui.demo.wire import Json, encode

CONTENT_TYPE = "application/vnd.kubernetes.protobuf"
_MAGIC = b"k8s\0"
_VARINT, _BYTES = 0, 2


class _Field(NamedTuple):
    """One field of a message: its name in JSON, and how its bytes become a value."""

    name: str
    read: Callable[[Any], Any]


_Message = Mapping[int, _Field]


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _base64(value: bytes) -> str:
    return b64encode(value).decode()


def _message(fields: _Message) -> Callable[[bytes], Json]:
    return lambda value: _read(value, fields)


def _map(read: Callable[[Any], Any]) -> Callable[[bytes], Json]:
    """An entry of a map; entries are united."""

    def entry(value: bytes) -> Json:
        parts = dict(_parts(value))
        return {_text(parts.get(1, b"")): read(parts.get(2, b""))}

    return entry


def _texts(*names: str) -> _Message:
    """A message whose fields are texts, numbered from one."""
    return {number: _Field(name, _text) for number, name in enumerate(names, 1)}


_METADATA = {
    **_texts("name", "generateName", "namespace"),
    11: _Field("labels", _map(_text)),
    12: _Field("annotations", _map(_text)),
}
_WITH_METADATA = {1: _Field("metadata", _message(_METADATA))}
_ATTRIBUTES = _texts("namespace", "verb", "group", "version", "resource", "subresource", "name")
_ACCESS = {
    1: _Field("resourceAttributes", _message(_ATTRIBUTES)),
    2: _Field("nonResourceAttributes", _message(_texts("path", "verb"))),
}
_KINDS: Mapping[str, _Message] = {
    "Namespace": _WITH_METADATA,
    "SelfSubjectReview": _WITH_METADATA,
    "SelfSubjectAccessReview": {2: _Field("spec", _message(_ACCESS))},
    "SelfSubjectRulesReview": {2: _Field("spec", _message(_texts("namespace")))},
    "Secret": {
        **_WITH_METADATA,
        2: _Field("data", _map(_base64)),
        3: _Field("type", _text),
        4: _Field("stringData", _map(_text)),
        5: _Field("immutable", bool),
    },
}
_ENVELOPE = {1: _Field("type", _message(_texts("apiVersion", "kind"))), 2: _Field("raw", bytes)}


def to_json(body: bytes) -> bytes:
    """The JSON of an object that was sent as a protocol buffer."""
    envelope = _read(body.removeprefix(_MAGIC), _ENVELOPE)
    kind = envelope.get("type", {}).get("kind", "")
    if kind not in _KINDS:
        msg = f'no kind "{kind}" is read from protocol buffers here'
        raise bad_request(msg)
    return encode(envelope["type"] | _read(envelope.get("raw", b""), _KINDS[kind]))


def _read(data: bytes, fields: _Message) -> Json:
    """The known fields of a message that are not empty."""
    result: Json = {}
    for number, value in _parts(data):
        field = fields.get(number)
        if field is None or not value:
            continue
        found = field.read(value)
        result[field.name] = result.get(field.name, {}) | found if isinstance(found, dict) else found
    return result


def _parts(data: bytes) -> Iterator[tuple[int, Any]]:
    """Field numbers and raw values."""
    place = 0
    while place < len(data):
        tag, place = _varint(data, place)
        value: Any
        value, place = _varint(data, place)
        if tag & 7 == _BYTES:
            place += value
            value = data[place - value : place]
        elif tag & 7 != _VARINT:
            msg = "malformed protocol buffer"
            raise bad_request(msg)
        yield tag >> 3, value


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    for byte in data[place:]:
        place += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:  # noqa: PLR2004 - the top bit says whether more follows
            break
    return value, place
