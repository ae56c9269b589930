"""From how a secret is written to how it is stored."""

import binascii
from base64 import b64decode, b64encode

from wbtui.demo.apiserver.refusals import Undecodable
from wbtui.demo.apiserver.shapes import Resource
from wbtui.demo.apiserver.wire import Json

_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_QUANTUM = 4


def secret(resource: Resource, body: Json) -> None:
    """Check that a secret's data is base64, and move its stringData into it."""
    for value in body.get("data", {}).values():
        _check_base64(resource, value)
    if texts := body.pop("stringData", None):
        encoded = {key: b64encode(value.encode()).decode() for key, value in texts.items()}
        body["data"] = body.get("data", {}) | encoded


def _check_base64(resource: Resource, value: str) -> None:
    try:
        b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        strange = (number for number, char in enumerate(value.encode()) if char not in _BASE64)
        place = next(strange, len(value) // _QUANTUM * _QUANTUM)
        raise Undecodable(resource, f"illegal base64 data at input byte {place}") from error
