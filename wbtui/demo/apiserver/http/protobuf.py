"""Protocol buffers, as kubectl posts them: the fields of each message are recorded data."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from wbtui.demo.apiserver.refusals import bad_request
from wbtui.demo.apiserver.schemas.documents import messages
from wbtui.demo.apiserver.wire import Json, encode, timestamp

CONTENT_TYPE = "application/vnd.kubernetes.protobuf"
_MAGIC = b"k8s\0"
_VARINT, _BYTES = 0, 2
_META, _UTIL = "io.k8s.apimachinery.pkg.apis.meta.v1", "io.k8s.apimachinery.pkg.util.intstr"
_REPEATED, _MAP = "[]", "{}"
_SIGN, _WHOLE = 1 << 63, 1 << 64
_LOW, _MORE = 0x7F, 0x80


def to_json(body: bytes) -> bytes:
    """Return the JSON of an object that was sent as a protocol buffer."""
    envelope = dict(_parts(body.removeprefix(_MAGIC)))
    type_ = dict(_parts(envelope.get(1, b"")))
    version, kind = _text(type_.get(1, b"")), _text(type_.get(2, b""))
    name = f"io.k8s.api.{_package(version)}.{kind}"
    if name not in messages():
        raise bad_request(f'no kind "{kind}" of {version} is read from protocol buffers here')
    return encode({"apiVersion": version, "kind": kind} | _message(name, envelope.get(2, b"")))


def _package(version: str) -> str:
    """Return the Go package of a group version: core.v1 for v1, apps.v1 for apps/v1."""
    group, slash, number = version.rpartition("/")
    return f"{group.partition('.')[0]}.{number}" if slash else f"core.{version}"


def _message(name: str, data: bytes) -> Json:
    """Return the known fields of a message that are not empty."""
    fields = messages()[name]
    result: Json = {}
    for number, raw in _parts(data):
        field, type_ = fields.get(str(number), ("", ""))
        if type_:
            _put(result, field, type_, raw)
    return {key: value for key, value in result.items() if value not in ("", {}, [])}


def _put(result: Json, field: str, type_: str, raw: Any) -> None:
    if type_.startswith(_REPEATED):
        result.setdefault(field, []).append(_value(type_.removeprefix(_REPEATED), raw))
    elif type_.startswith(_MAP):
        entry = dict(_parts(raw))
        result.setdefault(field, {})[_text(entry.get(1, b""))] = _value(type_.removeprefix(_MAP), entry.get(2, b""))
    elif field:
        result[field] = _value(type_, raw)
    else:
        result |= _message(type_, raw)  # Go has embedded it


def _value(type_: str, raw: Any) -> Any:
    read = _READ.get(type_)
    return read(raw) if read else _message(type_, raw)


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _number(value: int) -> int:
    return value - _WHOLE if value >= _SIGN else value


def _time(value: bytes) -> str:
    seconds = dict(_parts(value)).get(1)
    return timestamp(datetime.fromtimestamp(seconds, UTC)) if seconds else ""


def _int_or_string(value: bytes) -> int | str:
    parts = dict(_parts(value))
    return _text(parts.get(3, b"")) if parts.get(1) else _number(parts.get(2, 0))


_READ: Mapping[str, Callable[[Any], Any]] = {
    "string": _text,
    "bytes": lambda value: b64encode(value).decode(),
    "bool": bool,
    "int32": _number,
    "int64": _number,
    f"{_META}.Time": _time,
    "io.k8s.apimachinery.pkg.api.resource.Quantity": lambda value: _text(dict(_parts(value)).get(1, b"")),
    f"{_UTIL}.IntOrString": _int_or_string,
}


def _parts(data: bytes) -> Iterator[tuple[int, Any]]:
    """Yield field numbers and raw values."""
    place = 0
    while place < len(data):
        tag, place = _varint(data, place)
        value: Any
        value, place = _varint(data, place)
        if tag & 7 == _BYTES:
            place += value
            value = data[place - value : place]
        elif tag & 7 != _VARINT:
            raise bad_request("malformed protocol buffer")
        yield tag >> 3, value


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    for byte in data[place:]:
        place += 1
        value |= (byte & _LOW) << shift
        shift += 7
        if byte < _MORE:
            break
    return value, place
