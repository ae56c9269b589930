"""From HTTP answers, Status objects and network failures to errors with a sentence for the user."""

import os
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, TypedDict

from msgspec import DecodeError
from msgspec.json import Decoder

from wbtui.domain.clock import utc_now
from wbtui.domain.text import plain, shortened
from wbtui.errors import (
    AlreadyExists,
    Busy,
    ClusterError,
    Conflict,
    DryRunUnsupported,
    Expired,
    Forbidden,
    Invalid,
    NotFound,
    NotSent,
    NotServed,
    PolicyRefused,
    QuotaExceeded,
    ServerError,
    Terminating,
    Unauthorized,
    UnexpectedAnswer,
    Unreachable,
    WebhookRefused,
)
from wbtui.http.errors import BrokenOff, HttpError, NotConnected, NotResolved, ProxyRefused, ProxyUnreachable

_BY_STATUS: dict[int, type[ClusterError]] = {
    400: Invalid,
    401: Unauthorized,
    403: Forbidden,
    409: Conflict,
    410: Expired,
    422: Invalid,
    429: Busy,
}
_WITHOUT_STATUS: dict[int, type[ClusterError]] = {401: Unauthorized, 407: Unreachable, 429: Busy}
"""Errors of HTTP answers without a Status object, which may not be from an API server."""
_NO_SUCH_PATH = b"404 page not found"
"""An API server's answer to a path that it does not serve; any other text is from a proxy or gateway."""
_HINTS: dict[type[ClusterError], str] = {
    NotServed: ": the server does not know this path",
    UnexpectedAnswer: ", and it is not from a Kubernetes API",
    Unreachable: ": a proxy requires a login",
}
_BY_REASON: dict[str, type[ClusterError]] = {"AlreadyExists": AlreadyExists, "NotFound": NotFound}
_BY_MESSAGE: tuple[tuple[str, type[ClusterError]], ...] = (
    ("does not support dry run", DryRunUnsupported),
    ("failed calling webhook", WebhookRefused),
    ("admission webhook", WebhookRefused),
    ("exceeded quota", QuotaExceeded),
    ("denied request", PolicyRefused),
)
"""Errors that have neither an HTTP status nor a reason of their own."""
_LONGEST = 300
"""The most characters of a system's message that a sentence quotes."""


_KEPT = 2000
"""Characters of a message that are kept: many more than are shown, so that no part of a value is left at the end."""


class StatusCause(TypedDict, total=False):
    """What is wrong with one field."""

    reason: str
    message: str
    field: str


class Details(TypedDict, total=False):
    """The fields of a Status' details that are used."""

    causes: list[StatusCause] | None


class Status(TypedDict, total=False):
    """The fields of a Kubernetes Status that are used."""

    kind: str
    message: str
    reason: str
    code: int
    details: Details | None


_STATUS = Decoder(Status)


def http_error(status: int, body: bytes, retry_after: str | None = None) -> ClusterError:
    """Return the error for an HTTP answer with this status; `retry_after` is its header."""
    seconds = float(retry_after) if retry_after and retry_after.isdecimal() else None
    try:
        status_object = _STATUS.decode(body)
    except (DecodeError, RecursionError):  # it may quote the body
        status_object = Status()
    if status_object.get("kind") == "Status":
        return status_error(status, status_object, seconds)
    server_failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    kind = _WITHOUT_STATUS.get(status) or (ServerError if server_failed else UnexpectedAnswer)
    if status == HTTPStatus.NOT_FOUND and body.strip() == _NO_SUCH_PATH:
        kind = NotServed
    return kind(f"the answer was {status}{_phrase(status)}{_HINTS.get(kind, '')}", retry_after=seconds)


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def status_error(code: int, status_object: Status, seconds: float | None = None) -> ClusterError:
    """Return the error for a Status with this code; `seconds` is how long the server asks to wait."""
    words = plain(status_object.get("message", "")[:_KEPT]) or f"the cluster answered {code}"
    causes = (status_object.get("details") or Details()).get("causes") or []
    fields = tuple((plain(cause.get("field", "")), plain(cause.get("message", "")[:_KEPT])) for cause in causes)
    return _kind(code, status_object, causes)(words, retry_after=seconds, fields=fields)


def _kind(code: int, status_object: Status, causes: list[StatusCause]) -> type[ClusterError]:
    message = status_object.get("message", "")
    for part, kind in _BY_MESSAGE:
        if part in message:
            return kind
    if any(cause.get("reason") == "NamespaceTerminating" for cause in causes):
        return Terminating
    by_status = _BY_REASON.get(status_object.get("reason", "")) or _BY_STATUS.get(code)
    return by_status or (ServerError if code >= HTTPStatus.INTERNAL_SERVER_ERROR else UnexpectedAnswer)


@contextmanager
def as_unreachable(server: str) -> Iterator[None]:
    """Raise errors of HTTP and the network as `Unreachable`, with a sentence for the user."""
    try:
        yield
    except (HttpError, OSError, ValueError) as error:  # an OSError may be TLS's, or a TimeoutError
        kind = NotSent if isinstance(error, NotConnected) else Unreachable
        reason = error.reason if type(error) is NotConnected else error
        for kinds, sentence in _SENTENCES:
            if isinstance(reason, kinds):
                raise kind(sentence(plain(server), reason), advice=_advice(reason)) from error
        raise kind(f"{plain(server)} cannot be reached: {_reason(reason)}") from error


def _advice(error: object) -> str:
    if not isinstance(error, ssl.SSLCertVerificationError):
        return ""
    if getattr(error, "verify_code", 0) in _OUT_OF_DATE:
        now = f"{utc_now():%Y-%m-%d %H:%M} UTC"
        return f"The clock of this machine says {now}: if that is right, the server needs a new certificate."
    return "Check certificate-authority and tls-server-name in the kubeconfig, and the server's certificate."


def _reason(error: Any) -> str:
    message = getattr(error, "verify_message", None) or getattr(error, "strerror", None) or str(error)
    return shortened(plain(_system_message(error) or str(message) or type(error).__name__), _LONGEST).rstrip(".")


def _system_message(error: object) -> str:
    # The message of an error from asyncio says which call failed, its number why.
    failed = isinstance(error, OSError) and not isinstance(error, ssl.SSLError) and (error.errno or 0) > 0
    return os.strerror(error.errno or 0) if failed else ""  # type: ignore[attr-defined]


_OUT_OF_DATE = frozenset({9, 10})
"""OpenSSL's codes for a certificate that is not valid yet, or no more: X509_V_ERR_CERT_NOT_YET_VALID, _HAS_EXPIRED."""
_UNTRUSTED = (ssl.SSLCertVerificationError,)
_SENTENCES: tuple[tuple[tuple[type[Exception], ...], Callable[[str, Any], str]], ...] = (
    ((NotResolved,), lambda _, error: f"the name {plain(error.host)} does not resolve"),
    (_UNTRUSTED, lambda server, error: f"the certificate of {server} is not trusted: {_reason(error)}"),
    ((ssl.SSLError,), lambda server, error: f"no secure connection to {server}: {_reason(error)}"),
    ((TimeoutError,), lambda server, _: f"{server} did not answer in time"),
    (
        (ProxyUnreachable,),
        lambda _, error: f"the proxy {plain(error.address)} cannot be reached: {_reason(error.reason)}",
    ),
    ((ProxyRefused,), lambda server, error: f"the proxy refused to connect to {server}: {plain(str(error))}"),
    ((BrokenOff, ConnectionResetError), lambda server, _: f"{server} closed the connection"),
)
"""The sentence of the first match is used."""
