"""OpenAPI version 2 as a protocol buffer (gnostic's OpenAPIv2.proto), as far as clients of Kubernetes read it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from wbtui.demo.apiserver.wire import Json, encode

CONTENT_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
_BYTES = 2
_EXTENSION = "x-"
_OPERATION_EXTENSIONS, _SCHEMA_EXTENSIONS = 13, 31
_LOW, _MORE = 0x7F, 0x80


def document(openapi: Json) -> bytes:
    """Return a document as gnostic encodes it."""
    info = _text(1, openapi["info"]["title"]) + _text(2, openapi["info"]["version"])
    return (
        _text(1, openapi["swagger"])
        + _field(2, info)
        + _field(8, _named(2, openapi["paths"], _path_item))
        + _field(9, _named(1, openapi["definitions"], _schema))
    )


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > _LOW:
        encoded.append(value & _LOW | _MORE)
        value >>= 7
    return bytes([*encoded, value])


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | _BYTES) + _varint(len(content)) + content


def _text(number: int, text: str) -> bytes:
    return _field(number, text.encode())


def _texts(number: int) -> Callable[[list[str]], bytes]:
    return lambda texts: b"".join(_text(number, text) for text in texts)


def _named(number: int, members: Mapping[str, Any], written: Callable[[Any], bytes]) -> bytes:
    """Write a map: entries of a name and a value."""
    return b"".join(_field(number, _text(1, name) + _field(2, written(value))) for name, value in members.items())


def _any(value: Any) -> bytes:
    """Write a value as YAML, of which JSON is a part."""
    return _field(2, value.encode() if isinstance(value, str) else encode(value))


def _extensions(number: int, node: Json) -> bytes:
    return _named(number, {key: value for key, value in node.items() if key.startswith(_EXTENSION)}, _any)


def _schema(node: Json) -> bytes:
    known = (write(node[key]) for key, write in _SCHEMA.items() if key in node)
    return b"".join(known) + _extensions(_SCHEMA_EXTENSIONS, node)


def _additional(value: Any) -> bytes:
    return _field(21, _field(1, _schema(value)) if isinstance(value, dict) else _varint(2 << 3) + _varint(bool(value)))


_SCHEMA: dict[str, Callable[[Any], bytes]] = {
    "$ref": lambda value: _text(1, value),
    "format": lambda value: _text(2, value),
    "default": lambda value: _field(5, _any(value)),
    "pattern": lambda value: _text(13, value),
    "required": _texts(19),
    "enum": lambda values: b"".join(_field(20, _any(value)) for value in values),
    "additionalProperties": _additional,
    "type": lambda value: _field(22, _text(1, value)),
    "items": lambda value: _field(23, _field(1, _schema(value))),
    "properties": lambda value: _field(25, _named(1, value, _schema)),
}


def _path_item(item: Json) -> bytes:
    return b"".join(_path_parts(item))


def _path_parts(item: Json) -> Iterator[bytes]:
    for number, method in ((2, "get"), (3, "put"), (4, "post"), (5, "delete"), (8, "patch")):
        if method in item:
            yield _field(number, _operation(item[method]))


def _operation(operation: Json) -> bytes:
    parameters = b"".join(_field(8, _query_parameter(parameter["name"])) for parameter in operation["parameters"])
    return _text(5, operation["operationId"]) + parameters + _extensions(_OPERATION_EXTENSIONS, operation)


def _query_parameter(name: str) -> bytes:
    content = _text(2, "query") + _text(4, name) + _text(6, "string")
    return _field(1, _field(2, _field(3, content)))
