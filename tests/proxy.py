"""Something between a client and a cluster on loopback: passes requests on, or does to them what a test asks for.

Takes requests as a server does, by TLS if it is given a context, and as an HTTP proxy does.
"""

import asyncio
import itertools
import ssl
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Self, TypeAlias
from urllib.parse import parse_qsl, urlsplit

HOST = "127.0.0.1"
_TURNS = 5
"""Turns of the event loop after which all that was accepted is known; asyncio leaves the others open."""
_ASIDE = ("/selfsubjectreviews", "/selfsubjectrulesreviews", "/apis", "/api/v1", "/externalsecrets", "/certificates")
"""Ends of the paths by which a session asks, at moments of its own, who one is, what one may, and what is served."""


@dataclass(frozen=True)
class Request:
    """What came from the client."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    certificate: str = ""

    @property
    def path(self) -> str:
        """Return the path alone."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """Return the query by name."""
        return dict(parse_qsl(urlsplit(self.target).query))


@dataclass(frozen=True)
class Exchange:
    """One request, and the way back to whom it came from."""

    proxy: "Proxy"
    request: Request
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


Fault: TypeAlias = Callable[[Exchange], Awaitable[None]]


async def forward(exchange: Exchange) -> None:
    """Pass the request on, and the answer back."""
    await _forward(exchange)


def cut_after(count: int) -> Fault:
    """Pass so many bytes of the answer back, and break off."""
    return lambda exchange: _forward(exchange, count)


def held_after(count: int, until: Callable[["Proxy"], bool]) -> Fault:
    """Pass so many bytes of the answer back, and the rest once something holds."""
    return lambda exchange: _forward(exchange, count, until)


def answer(status: int, body: bytes = b"", **headers: str) -> Fault:
    """Answer in the cluster's place."""
    named = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in named.items())]
    head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "Connection: close", "", ""]).encode()

    async def fault(exchange: Exchange) -> None:
        exchange.writer.write(head + body)
        await exchange.writer.drain()

    return fault


def with_headers(*lines: str) -> Fault:
    """Pass the request on, and the answer back with these lines added to its head."""
    added = "".join(f"{line}\r\n" for line in lines).encode()

    async def fault(exchange: Exchange) -> None:
        reader, writer = await _send(exchange)
        try:
            exchange.writer.write(await reader.readline() + added)
            await _pass(reader, exchange.writer)
        finally:
            writer.close()

    return fault


async def keep_answer(exchange: Exchange) -> None:
    """Pass the request on, wait for the whole answer, and pass nothing of it back."""
    reader, writer = await _send(exchange)
    try:
        await reader.read()
    finally:
        writer.close()


async def drop(exchange: Exchange) -> None:
    """Break off without an answer."""
    exchange.writer.transport.abort()


async def hang(exchange: Exchange) -> None:
    """Say nothing until the client has had enough."""
    await exchange.reader.read()


async def hang_in_headers(exchange: Exchange) -> None:
    """Begin an answer, and say nothing more."""
    exchange.writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: app")
    await exchange.reader.read()


class Gate:
    """Holds requests until it is opened, and passes them on then."""

    def __init__(self) -> None:
        self._opened = asyncio.Event()

    async def __call__(self, exchange: Exchange) -> None:
        await self._opened.wait()
        await forward(exchange)

    def open(self) -> None:
        """Let through what is held, and all that comes later."""
        self._opened.set()


class Proxy:
    """Listens on loopback for as long as its context; tunnels lead where they are asked to, or to one port."""

    def __init__(self, upstream: str, *, tls: ssl.SSLContext | None = None, tunnel_to: int = 0) -> None:
        self.requests: list[Request] = []
        self.received = asyncio.Event()
        self.default: Fault = forward
        """What is done to the requests for which nothing else was asked."""
        self._faults: deque[Fault] = deque()
        self._once: dict[str, Fault] = {}
        self._upstream = urlsplit(upstream)
        self._tls = tls
        self._tunnel_to = tunnel_to
        self._exchanges: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._server: asyncio.Server | None = None
        self._transports: list[asyncio.WriteTransport] = []
        self._openings: list[asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]]] = []

    async def __aenter__(self) -> Self:
        """Listen."""
        self._server = await asyncio.start_server(self._accept, HOST, 0, ssl=self._tls)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    async def stop(self) -> None:
        """Break off everything, and stop listening."""
        assert self._server is not None
        for listener in self._server.sockets:
            asyncio.get_running_loop().remove_reader(listener)
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        self._server.close()
        tasks = list(self._exchanges)
        self.cut()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._abort()

    async def _abort(self) -> None:
        """Close every connection at once: whoever does not read what was sent would keep it open."""
        opened = await asyncio.gather(*self._openings, return_exceptions=True)
        outgoing = [pair[1].transport for pair in opened if isinstance(pair, tuple)]
        incoming = [transport for transport in self._transports if self._tls or not _has_ended(transport)]
        for transport in (*incoming, *itertools.filterfalse(_has_ended, outgoing)):
            transport.abort()
        await asyncio.sleep(0)

    @property
    def port(self) -> int:
        """Return the port that it listens on."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def upstream(self) -> str:
        """Return host and port of where requests go."""
        return self._upstream.netloc

    @property
    def url(self) -> str:
        """Return its address."""
        return f"{'https' if self._tls else 'http'}://{HOST}:{self.port}"

    def next(self, *faults: Fault) -> None:
        """Do this to the next requests, one after the other; what a session asks aside does not count."""
        self._faults.extend(faults)

    def once(self, end: str, fault: Fault) -> None:
        """Do this to the next request whose path ends so."""
        self._once[end] = fault

    async def wait(self, until: Callable[["Proxy"], bool]) -> None:
        """Wait until something holds after a request."""
        while not until(self):
            self.received.clear()
            await self.received.wait()

    def cut(self) -> None:
        """Break off whatever is under way."""
        for writer in self._exchanges.values():
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._exchanges[task] = writer
        self._transports.append(writer.transport)
        try:
            request = await _read(reader, writer)
            self.requests.append(request)
            self.received.set()
            await self._fault_for(request)(Exchange(self, request, reader, writer))
        except (OSError, EOFError, asyncio.CancelledError):
            pass  # the client, or the cluster, has gone, or the test is over
        finally:
            writer.close()
            del self._exchanges[task]

    def _fault_for(self, request: Request) -> Fault:
        for end in self._once:
            if request.path.endswith(end):
                return self._once.pop(end)
        counts = not request.path.endswith(_ASIDE)
        return self._faults.popleft() if self._faults and counts else self.default

    async def connect(self, request: Request) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection to where a request is to go."""
        if request.method == "CONNECT":
            host, _, port = (f"{HOST}:{self._tunnel_to}" if self._tunnel_to else request.target).rpartition(":")
            return await self._open(host, int(port))
        return await self._open(self._upstream.hostname, self._upstream.port)

    async def _open(self, host: str | None, port: int | None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        # A connection whose opening is cancelled at its end would be nobody's to close.
        opening = asyncio.ensure_future(asyncio.open_connection(host, port))
        self._openings.append(opening)
        return await asyncio.shield(opening)


def _has_ended(transport: asyncio.WriteTransport) -> bool:
    """Return whether a connection without TLS was closed and has sent all: asyncio fails to abort such a one."""
    return transport.is_closing() and not transport.get_write_buffer_size()


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    certificate = writer.get_extra_info("peercert") or {}
    name = dict(pair for part in certificate.get("subject", ()) for pair in part).get("commonName", "")
    return Request(method, target, headers, body, name)


async def _send(exchange: Exchange) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Send a request to where it is to go, and return the way on which its answer comes."""
    request = exchange.request
    reader, writer = await exchange.proxy.connect(request)
    if request.method != "CONNECT":
        path = f"{request.path}?{urlsplit(request.target).query}"
        headers = {**request.headers, "host": exchange.proxy.upstream, "connection": "close"}
        lines = [f"{request.method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        writer.write("\r\n".join([*lines, "", ""]).encode() + request.body)
    return reader, writer


async def _forward(exchange: Exchange, count: int = -1, until: Callable[[Proxy], bool] | None = None) -> None:
    reader, writer = await _send(exchange)
    try:
        if exchange.request.method == "CONNECT":
            exchange.writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            await asyncio.gather(_pass(exchange.reader, writer), _pass(reader, exchange.writer))
            return
        await _pass(reader, exchange.writer, count)
        if until:
            await exchange.proxy.wait(until)
            await _pass(reader, exchange.writer)
        elif count >= 0:
            exchange.writer.transport.abort()
    finally:
        writer.close()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, count: int = -1) -> None:
    while count and (data := await reader.read(count if count > 0 else 1 << 16)):
        writer.write(data)
        await writer.drain()
        count -= len(data) if count > 0 else 0
    if count < 0 and writer.can_write_eof():
        writer.write_eof()
