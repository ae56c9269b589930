"""Encode JSON and times as an API server does."""

import json
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

_LITERALS = {"n": "null", "t": "true", "f": "false"}
_SYNTAX = {  # what Python says -> what Go says
    "Expecting value": "looking for beginning of value",
    "Expecting property name enclosed in double quotes": "looking for beginning of object key string",
    "Expecting ':' delimiter": "after object key",
    "Expecting ',' delimiter": "after object key:value pair",
    "Extra data": "after top-level value",
    "Invalid control character at": "in string literal",
    "Invalid \\escape": "in string escape code",
}


def encode(value: object) -> bytes:
    """Return the compact JSON of a value."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")


def at(body: Any, path: str, default: Any = "") -> Any:
    """Return the value at a dotted path, or the default where there is none."""
    value = body
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return default if value is None else value


def timestamp(moment: datetime) -> str:
    """Return a time in the format of Kubernetes: UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds(text: str) -> int:
    """Return the seconds since 1970 of a time in ISO 8601."""
    return int(datetime.fromisoformat(text).timestamp())


def syntax_error(error: json.JSONDecodeError) -> str:
    """Return the message of Go's JSON parser for an error of Python's."""
    rest = error.doc[error.pos :]
    if not rest:
        return "unexpected end of JSON input"
    literal = _LITERALS.get(rest[0], "")
    for got, expected in zip(rest[1:], literal[1:], strict=False):
        if got != expected:
            return f"invalid character '{got}' in literal {literal} (expecting '{expected}')"
    return f"invalid character '{rest[0]}' {_SYNTAX.get(error.msg, 'in JSON')}"
