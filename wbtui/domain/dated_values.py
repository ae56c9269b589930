"""Values that say themselves when they expire: JSON web tokens, certificates, and what tools write beside AWS' tokens.

No signature is checked, and no text of a value is in an error.
"""

import re
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from wbtui.domain.clock import utc_moment
from wbtui.domain.expiry import Expiry
from wbtui.domain.problems import parsed_json

_LONGEST = 256 * 1024
"""Longer values are not searched: it is done while they are typed."""
# Patterns are strings, so that they are compiled on first use, after the first frame.
_TOKEN = rb"(eyJ[\w-]+)\.([\w-]+)\.[\w-]*"
_CERTIFICATE = rb"-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END"
_NAMED = rb"""(?imx) (?:^|[{,]) \s* (?:export\s+)? "?
    (?: x_security_token_expires | aws(?:_session|_credential)?_expiration | expiration ) "? \s*[=:]\s* "?
    (\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[-+]\d\d:?\d\d)?)"""
_SESSION_TOKEN = rb"(?i)session_?token|security_token"
_SEQUENCE, _INTEGER, _VERSION = 0x30, 0x02, 0xA0
_UTC_TIME, _GENERALIZED_TIME = 0x17, 0x18
_BEFORE_VALIDITY = (_INTEGER, _SEQUENCE, _SEQUENCE)
"""The serial number, the algorithm and the issuer."""


def expiry_in(values: Iterable[bytes]) -> Expiry | None:
    """Return when the first of some values expires, and what says so; None where none of them tells."""
    found = (read(value) for value in values if 0 < len(value) <= _LONGEST for read in _READERS)
    return min((expiry for expiry in found if expiry), key=lambda expiry: expiry.moment, default=None)


def session_token_note(text: str) -> str:
    """Return what there is to say of a session token; empty where it says itself when it expires."""
    if _of_token(text.strip().encode()):
        return ""
    return "It does not say when it expires. One of AWS lasts 36 hours at most: AWS tells the date beside it."


def _of_token(value: bytes) -> Expiry | None:
    match = re.fullmatch(_TOKEN, value.strip())
    claims = _json(match[2]) if match and isinstance(_json(match[1]), dict) else None
    seconds = claims.get("exp") if isinstance(claims, dict) else None
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        return None
    try:
        return Expiry(datetime.fromtimestamp(int(seconds), UTC), "the token")
    except (ValueError, OverflowError, OSError):
        return None


def _json(part: bytes) -> Any:
    try:
        return parsed_json(urlsafe_b64decode(part + b"=" * (-len(part) % 4)).decode())
    except (ValueError, RecursionError):
        return None


def _of_certificate(value: bytes) -> Expiry | None:
    if not (match := re.search(_CERTIFICATE, value)):
        return None
    try:
        moment = _not_after(b64decode(b"".join(match[1].split())))
    except (ValueError, IndexError):
        return None
    return Expiry(moment, "the certificate")


def _of_aws(value: bytes) -> Expiry | None:
    match = re.search(_NAMED, value) if re.search(_SESSION_TOKEN, value) else None
    try:
        return Expiry(utc_moment(match[1].decode()), "the profile") if match else None
    except (ValueError, OverflowError):
        return None


_READERS = (_of_token, _of_certificate, _of_aws)


def _not_after(der: bytes) -> datetime:
    """Return until when a certificate in DER is valid (RFC 5280, 4.1). Raises `ValueError` or `IndexError`."""
    at = _content(der, _content(der, 0, _SEQUENCE)[0], _SEQUENCE)[0]
    if der[at] == _VERSION:
        at = _content(der, at, _VERSION)[1]
    for tag in _BEFORE_VALIDITY:
        at = _content(der, at, tag)[1]
    not_before = _content(der, at, _SEQUENCE)[0]
    at = _content(der, not_before, der[not_before])[1]
    begin, end = _content(der, at, der[at])
    text = der[begin:end].decode("ascii")
    if der[at] == _UTC_TIME:
        text = f"{'19' if text >= '50' else '20'}{text}"
    elif der[at] != _GENERALIZED_TIME:
        raise ValueError
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)


def _content(der: bytes, at: int, tag: int) -> tuple[int, int]:
    """Return where the content of the element at a position begins and ends."""
    if der[at] != tag:
        raise ValueError
    length, begin = der[at + 1], at + 2
    if length & 0x80:
        more = length & 0x7F
        length, begin = int.from_bytes(der[begin : begin + more]), begin + more
    if begin + length > len(der):
        raise ValueError
    return begin, begin + length
