"""Requests to one server, over connections that are kept for the next ones."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from time import monotonic
from urllib.parse import quote

from wbtui.http.answer import Answer
from wbtui.http.errors import BrokenOff, Redirected, Silence
from wbtui.http.route import Route, Streams

_CHUNK = 1 << 18
_KEPT_SECONDS = 15.0
"""How long a connection that is not used is kept: proxies and load balancers close it after a minute or so."""
_REDIRECTS = {301, 302, 303, 307, 308}
_IN_A_PATH = "/%:@!$&'()*+,;=~-._?"
"""Characters of a target that are not quoted: the caller has quoted those that are part of a name."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request; `target` is its path with its query. The body, and the headers, may hold credentials."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that an exchange may take in total, and that may pass without any data; None is no limit."""

    total: float | None = None
    silence: float | None = None


class Response:
    """An answer whose head was received; `chunks` reads its body from the connection."""

    def __init__(self, client: "Client", streams: Streams, answer: Answer, limits: Limits, ends: float | None) -> None:
        self.status = answer.status
        self.headers = answer.headers
        """By their names in lower case."""
        self._client = client
        self._streams = streams
        self._answer = answer
        self._silence = limits.silence
        self._ends = ends

    @property
    def received(self) -> int:
        """Return how many bytes were received, before they are decompressed."""
        return self._answer.received

    @property
    def ok(self) -> bool:
        """Return whether the request succeeded."""
        return self.status < HTTPStatus.BAD_REQUEST

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body while it arrives. Raises `HttpError`, `TimeoutError` and `OSError`."""
        while True:
            while data := self._answer.take_body():
                yield data
            if self._answer.is_complete:
                return
            await _read(self._streams, self._answer, self._ends, self._silence)

    def close(self) -> None:
        """Keep the connection for the next request where the answer was read to its end, else end it."""
        self._client.give_back(self._streams, reusable=self._answer.is_complete and self._answer.keeps_alive)


def _ignore(_: float) -> None:
    pass


class Client:
    """Sends requests on a route, each with `headers`; the responses have to be closed.

    `on_connected` is called with the seconds that each new connection took.
    """

    def __init__(
        self, route: Route, headers: Iterable[tuple[str, str]] = (), on_connected: Callable[[float], None] = _ignore
    ) -> None:
        self.route = route
        self._headers = (*route.headers.items(), *headers)
        self._on_connected = on_connected
        self._prefix = route.prefix
        self._kept: list[tuple[Streams, float]] = []
        self._used: set[Streams] = set()

    async def send(self, request: Request, limits: Limits) -> Response:
        """Return the answer to a request once its head was received. Raises `HttpError`, `TimeoutError` and `OSError`.

        A GET whose connection broke is sent once more, over a new connection: it may have been an old one. Nothing else
        is sent twice.
        """
        ends = None if limits.total is None else asyncio.get_running_loop().time() + limits.total
        async with asyncio.timeout_at(ends):
            try:
                return await self._exchange(await self._connection(), request, limits, ends)
            except BrokenOff:
                if request.method != "GET":
                    raise
                return await self._exchange(await self._open(), request, limits, ends)

    async def close(self) -> None:
        """End every connection."""
        for streams in (*self._used, *(streams for streams, _ in self._kept)):
            streams.writer.transport.abort()
        self._used.clear()
        self._kept.clear()
        await asyncio.sleep(0)  # the transports close in the next turn

    def give_back(self, streams: Streams, *, reusable: bool) -> None:
        """Keep a connection that is not used any more, or end it."""
        self._used.discard(streams)
        if reusable:
            self._kept.append((streams, monotonic()))
        else:
            streams.writer.transport.abort()

    async def _connection(self) -> Streams:
        oldest = monotonic() - _KEPT_SECONDS
        while self._kept:
            streams, since = self._kept.pop()
            if since > oldest and not streams.reader.at_eof() and not streams.writer.is_closing():
                self._used.add(streams)
                return streams
            streams.writer.transport.abort()
        return await self._open()

    async def _open(self) -> Streams:
        began = monotonic()
        streams = await self.route.open()
        self._on_connected(monotonic() - began)
        self._used.add(streams)
        return streams

    async def _exchange(self, streams: Streams, request: Request, limits: Limits, ends: float | None) -> Response:
        answer = Answer()
        try:
            streams.writer.write(self._head_of(request) + request.body)
            with suppress(ConnectionError):  # it may have answered before it read all of the body
                await streams.writer.drain()
            while not answer.has_head:
                await _read(streams, answer, ends, limits.silence)
        except BaseException:
            self.give_back(streams, reusable=False)
            raise
        if answer.status in _REDIRECTS:
            self.give_back(streams, reusable=False)
            raise Redirected("it redirects, and an API server does not")
        return Response(self, streams, answer, limits, ends)

    def _head_of(self, request: Request) -> bytes:
        length = (("Content-Length", str(len(request.body))),) if request.body else ()
        lines = [f"{name}: {value}" for name, value in (*self._headers, *request.headers.items(), *length)]
        if any(control in line for line in lines for control in "\r\n\0"):
            raise ValueError("a header cannot hold the end of a line")
        target = f"{self._prefix}{quote(request.target, safe=_IN_A_PATH)}"
        return "\r\n".join([f"{request.method} {target} HTTP/1.1", *lines, "", ""]).encode()


async def _read(streams: Streams, answer: Answer, ends: float | None, silence: float | None) -> None:
    """Receive the next data of an answer."""
    try:
        async with asyncio.timeout_at(ends), asyncio.timeout(silence) as quiet:
            data = await streams.reader.read(_CHUNK)
    except ConnectionError as error:
        raise BrokenOff("the connection was lost") from error
    except TimeoutError as error:
        if quiet.expired():
            raise Silence("nothing came") from error
        raise
    answer.feed(data)
