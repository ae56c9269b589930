"""Write to the log what is asked of a cluster: never a body, a header, a token or the output of a program.

The log is Python's logger "wbtui". Nothing is kept and nothing is worked out unless something listens to it.
"""

import logging
from asyncio import CancelledError
from collections.abc import Awaitable
from time import monotonic
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl

from wbtui.domain.content_format import looks_like_a_credential
from wbtui.domain.text import plain
from wbtui.errors import ClusterError
from wbtui.http.client import Response

_LOG = logging.getLogger("wbtui")
_QUERY = frozenset(
    {
        *(
            "allowWatchBookmarks",
            "dryRun",
            "fieldManager",
            "fieldSelector",
            "fieldValidation",
            "includeObject",
            "labelSelector",
        ),
        *("limit", "resourceVersion", "timeoutSeconds", "watch"),
    }
)
"""Parameters that are logged with their values; of all others, such as `continue`, only the name is."""
_HIDDEN = "…"


def log(event: str) -> None:
    """Write an event to the log, as one harmless line."""
    if _LOG.isEnabledFor(logging.INFO):
        _LOG.info("%s", plain(event))


def ended_with(error: BaseException) -> str:
    """Return how something ended, without the text of its error, which may quote anything."""
    if isinstance(error, ClusterError):
        return error.title
    return "cancelled" if isinstance(error, CancelledError) else type(error).__name__


class Exchange:
    """One request and its answer, from the first attempt until the body was read or dropped."""

    def __init__(self, method: str, url: str) -> None:
        self._method = method
        self._url = url
        self._attempt = 0
        self._answer: Response | None = None
        self._began = self._answered_at = monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, error: BaseException | None, traceback: TracebackType | None) -> None:
        del traceback
        if self._attempt:
            self._log_end(error)

    async def sent(self, sending: Awaitable[Response]) -> Response:
        """Await the answer to one attempt, and return it."""
        if self._answer:
            self._log_end(None)
        self._answer, self._attempt, self._began = None, self._attempt + 1, monotonic()
        answer = await sending
        self._answer, self._answered_at = answer, monotonic()
        if "watch=" in self._url and answer.ok:
            log(f"{self._request()} {self._status()}; open")
        return answer

    def _log_end(self, error: BaseException | None) -> None:
        if not _LOG.isEnabledFor(logging.INFO):
            return
        how = f"; {ended_with(error)}" if error and not isinstance(error, GeneratorExit) else ""
        received = self._answer.received if self._answer else 0
        log(f"{self._request()} {self._status()}; {received} bytes in {_milliseconds(self._began)} ms{how}")

    def _request(self) -> str:
        again = f" (attempt {self._attempt})" if self._attempt > 1 else ""
        return f"{self._method} {shown_url(self._url)}{again}:"

    def _status(self) -> str:
        if not self._answer:
            return "no answer"
        return f"{self._answer.status} after {round((self._answered_at - self._began) * 1000)} ms"


def shown_url(url: str) -> str:
    """Return the path of a URL with its query, without what is not known to be harmless."""
    path, _, query = url.partition("?")
    steps = [_HIDDEN if looks_like_a_credential(step) else step for step in path.split("/")]
    shown = [f"{name}={value if _is_harmless(name, value) else _HIDDEN}" for name, value in parse_qsl(query)]
    return "?".join(filter(None, ("/".join(steps), "&".join(shown))))


def _is_harmless(name: str, value: str) -> bool:
    return name in _QUERY and not looks_like_a_credential(value)


def log_connection(seconds: float) -> None:
    """Write to the log that a connection was opened, and how long that took."""
    log(f"new connection after {round(seconds * 1000)} ms")


def _milliseconds(since: float) -> int:
    return round((monotonic() - since) * 1000)
