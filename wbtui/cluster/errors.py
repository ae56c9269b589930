"""What can go wrong on the wire, as errors with a sentence for the user."""

import os
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import aiohttp
from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

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
    QuotaExceeded,
    ServerError,
    Terminating,
    Unauthorized,
    UnexpectedAnswer,
    Unreachable,
    WebhookRefused,
)

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
"""What an HTTP status stands for where it comes without a Status object, so perhaps not from an API server."""
_NO_SUCH_PATH = b"404 page not found"
"""What an API server says of a path that it does not serve. Other words are those of something on the way."""
_MEANS: dict[type[ClusterError], str] = {
    NotServed: ": the server does not know this path",
    UnexpectedAnswer: ", which no Kubernetes API sent",
    Unreachable: ": a proxy on the way wants a login",
}
_BY_REASON: dict[str, type[ClusterError]] = {"AlreadyExists": AlreadyExists, "NotFound": NotFound}
_BY_MESSAGE: tuple[tuple[str, type[ClusterError]], ...] = (
    ("does not support dry run", DryRunUnsupported),
    ("failed calling webhook", WebhookRefused),
    ("admission webhook", WebhookRefused),
    ("exceeded quota", QuotaExceeded),
)
"""What has neither a status nor a reason of its own."""
_LONGEST = 300
"""Characters of a cluster's own words that a sentence quotes."""


_KEPT = 2000
"""Characters of a message that are kept: many more than are shown, so that nothing shown ends in part of a value."""


class Cause(TypedDict, total=False):
    """What is said of one field."""

    reason: str
    message: str
    field: str


class Details(TypedDict, total=False):
    """The part of a Status' details that is told."""

    causes: list[Cause] | None


class Status(TypedDict, total=False):
    """The part of a Kubernetes Status that is told."""

    kind: str
    message: str
    reason: str
    code: int
    details: Details | None


_STATUS = TypeAdapter(Status)


def refusal(status: int, body: bytes, retry_after: str | None = None) -> ClusterError:
    """Return the error that an HTTP answer with this status stands for."""
    seconds = float(retry_after) if retry_after and retry_after.isdecimal() else None
    try:
        said = _STATUS.validate_json(body)
    except ValidationError:  # it quotes the body
        said = Status()
    if said.get("kind") == "Status":
        return status_error(status, said, seconds)
    server_failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    kind = _WITHOUT_STATUS.get(status) or (ServerError if server_failed else UnexpectedAnswer)
    if status == HTTPStatus.NOT_FOUND and body.strip() == _NO_SUCH_PATH:
        kind = NotServed
    return kind(f"the answer was {status}{_phrase(status)}{_MEANS.get(kind, '')}", retry_after=seconds)


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def status_error(code: int, said: Status, seconds: float | None = None) -> ClusterError:
    """Return the error that a Status with this code stands for; `seconds` is how long the server asks to wait."""
    words = plain(said.get("message", "")[:_KEPT]) or f"the cluster answered {code}"
    causes = (said.get("details") or Details()).get("causes") or []
    fields = tuple((plain(cause.get("field", "")), plain(cause.get("message", "")[:_KEPT])) for cause in causes)
    return _kind(code, said, causes)(words, retry_after=seconds, fields=fields)


def _kind(code: int, said: Status, causes: list[Cause]) -> type[ClusterError]:
    message = said.get("message", "")
    for sign, kind in _BY_MESSAGE:
        if sign in message:
            return kind
    if any(cause.get("reason") == "NamespaceTerminating" for cause in causes):
        return Terminating
    by_status = _BY_REASON.get(said.get("reason", "")) or _BY_STATUS.get(code)
    return by_status or (ServerError if code >= HTTPStatus.INTERNAL_SERVER_ERROR else UnexpectedAnswer)


@contextmanager
def as_unreachable(server: str) -> Iterator[None]:
    """Raise what the client library and the network raise as `Unreachable`, with a sentence for a person."""
    try:
        yield
    except (aiohttp.ClientError, ssl.SSLError, TimeoutError, OSError, ValueError) as error:
        kind = NotSent if isinstance(error, _BEFORE_SENDING) else Unreachable
        for kinds, sentence in _SENTENCES:
            if isinstance(error, kinds):
                raise kind(sentence(plain(server), error), advice=_ADVICE.get(kinds, "")) from _harmless(error)
        raise kind(f"{plain(server)} cannot be reached: {_reason(error)}") from _harmless(error)


def _harmless(error: Exception) -> Exception | None:
    # The client's own errors hold the request, and with it the token.
    return getattr(error, "os_error", None) if isinstance(error, aiohttp.ClientError) else error


def _reason(error: Any) -> str:
    cause = getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error
    said = getattr(cause, "verify_message", None) or getattr(cause, "strerror", None) or str(cause)
    return shortened(plain(_of_system(cause) or str(said) or type(cause).__name__), _LONGEST).rstrip(".")


def _of_system(cause: object) -> str:
    # asyncio says which call failed where the system says why.
    failed = isinstance(cause, OSError) and not isinstance(cause, ssl.SSLError) and (cause.errno or 0) > 0
    return os.strerror(cause.errno or 0) if failed else ""  # type: ignore[attr-defined]


_BEFORE_SENDING = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)
_UNTRUSTED = (aiohttp.ClientConnectorCertificateError, ssl.SSLCertVerificationError)
_SENTENCES: tuple[tuple[tuple[type[Exception], ...], Callable[[str, Any], str]], ...] = (
    ((aiohttp.ClientConnectorDNSError,), lambda _, error: f"the name {plain(error.host)} does not resolve"),
    (_UNTRUSTED, lambda server, error: f"the certificate of {server} is not trusted: {_reason(error)}"),
    (
        (aiohttp.ClientSSLError, ssl.SSLError),
        lambda server, error: f"no secure connection to {server}: {_reason(error)}",
    ),
    ((TimeoutError,), lambda server, _: f"{server} did not answer in time"),
    (
        (aiohttp.ClientProxyConnectionError,),
        lambda _, error: f"the proxy {plain(error.host)}:{error.port} cannot be reached: {_reason(error)}",
    ),
    (
        (aiohttp.ClientHttpProxyError,),
        lambda server, error: f"the proxy will not reach {server}: {error.status} {plain(error.message)}",
    ),
    ((aiohttp.InvalidURL,), lambda server, _: f"{server} is no address of a server"),
    (
        (aiohttp.ClientPayloadError, aiohttp.ServerDisconnectedError, ConnectionResetError),
        lambda server, _: f"{server} broke off the connection",
    ),
)
"""The first that fits is said."""
_ADVICE: dict[tuple[type[Exception], ...], str] = {
    _UNTRUSTED: "Check certificate-authority and tls-server-name in the kubeconfig, and the server's certificate."
}
