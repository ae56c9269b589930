"""What can go wrong on the wire, said as the errors of the repository."""

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
from wbtui.repository import (
    AlreadyExists,
    Busy,
    ClusterError,
    Conflict,
    Expired,
    Forbidden,
    Invalid,
    NotFound,
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
    404: NotFound,
    409: Conflict,
    410: Expired,
    422: Invalid,
    429: Busy,
}
_BY_REASON: dict[str, type[ClusterError]] = {"AlreadyExists": AlreadyExists}
_BY_MESSAGE: tuple[tuple[str, type[ClusterError]], ...] = (
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
    try:
        said = _STATUS.validate_json(body)
    except ValidationError:
        said = Status()
    return status_error(status, said, retry_after)


def status_error(code: int, said: Status, retry_after: str | None = None) -> ClusterError:
    """Return the error that a Status with this code stands for."""
    words = plain(said.get("message", "")[:_KEPT]) or f"the cluster answered {code}"
    seconds = float(retry_after) if retry_after and retry_after.isdecimal() else None
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
    """Turn what the client library and the network raise into `Unreachable`, with a sentence for a person."""
    try:
        yield
    except (aiohttp.ClientError, ssl.SSLError, TimeoutError, OSError, ValueError) as error:
        for kinds, sentence in _SENTENCES:
            if isinstance(error, kinds):
                raise Unreachable(sentence(plain(server), error), advice=_ADVICE.get(kinds, "")) from None
        raise Unreachable(f"{plain(server)} cannot be reached: {_reason(error)}") from None


def _reason(error: Any) -> str:
    cause = getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error
    said = getattr(cause, "verify_message", None) or getattr(cause, "strerror", None) or str(cause)
    return shortened(plain(_of_system(cause) or str(said) or type(cause).__name__), _LONGEST)


def _of_system(cause: object) -> str:
    # asyncio says which call failed where the system says why.
    failed = isinstance(cause, OSError) and not isinstance(cause, ssl.SSLError) and (cause.errno or 0) > 0
    return os.strerror(cause.errno or 0) if failed else ""  # type: ignore[attr-defined]


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
