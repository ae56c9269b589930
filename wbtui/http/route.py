"""The route to a server: directly, through an HTTP proxy, or through a SOCKS proxy."""

import asyncio
import socket
import ssl
from asyncio import StreamReader, StreamWriter
from base64 import b64encode
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from wbtui.http.answer import Answer
from wbtui.http.errors import HttpError, NotConnected, NotResolved, ProxyRefused, ProxyUnreachable

_PORTS = {"http": 80, "https": 443}
_CONNECT_SECONDS = 10.0
_SECOND_ADDRESS = 0.25
"""Seconds until the next address of a host is tried beside the one before it."""
_BUFFER = 1 << 18
_KEEPALIVE = {"TCP_KEEPIDLE": 20, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 50_000}
"""Seconds, seconds, probes, milliseconds: the kernel ends a dead connection within a minute."""


class Streams(NamedTuple):
    """Both directions of a connection."""

    reader: StreamReader
    writer: StreamWriter


@dataclass(frozen=True, slots=True)
class Route:
    """The route to the server at `url`; `trust` is how its certificate is verified, and None without TLS.

    `server_name` is the name in that certificate, where it is not the host. `proxy` is the URL of a proxy, or empty.
    """

    url: str
    trust: ssl.SSLContext | None = None
    server_name: str = ""
    proxy: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """Return the value of the header Host."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    @property
    def prefix(self) -> str:
        """Return what comes before the path of each request; the whole address where a proxy passes requests on."""
        url = urlsplit(self.url)
        return f"{f'{url.scheme}://{self.host}' if self._is_relayed else ''}{url.path.rstrip('/')}"

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers Host, and those with the logins in the URLs of the server and the proxy."""
        headers = {"Host": self.host}
        if login := _login_in(urlsplit(self.url)):
            headers["Authorization"] = login
        if self._is_relayed and (login := _login_in(urlsplit(self.proxy))):
            headers["Proxy-Authorization"] = login
        return headers

    @property
    def _is_relayed(self) -> bool:
        return bool(self.proxy and not self.trust and not is_socks(self.proxy))

    async def open(self) -> Streams:
        """Return a new connection. Raises `NotConnected`."""
        try:
            streams = await self._open()
        except (OSError, ValueError) as error:  # also those of TLS
            raise NotConnected(error) from error
        _keep_alive(streams.writer.get_extra_info("socket"))
        return streams

    async def _open(self) -> Streams:
        url, proxy = urlsplit(self.url), urlsplit(self.proxy)
        host, port = _address_of(url)
        tls: dict[str, Any] = {}
        if self.trust:
            tls = {"ssl": self.trust, "server_hostname": self.server_name or host.rstrip(".")}
        if not self.proxy:
            return await _dial(url, **tls)
        if is_socks(self.proxy):
            from wbtui.http.socks import connected_socket  # noqa: PLC0415  few sessions need it

            return await _streams(sock=await connected_socket(proxy, host, port), **tls)
        streams = await self._dial_proxy(proxy)
        if self.trust:
            await _tunnel(streams, proxy, host, port)
            await streams.writer.start_tls(self.trust, server_hostname=tls["server_hostname"])
        return streams

    async def _dial_proxy(self, proxy: SplitResult) -> Streams:
        try:
            secured = {"ssl": ssl.create_default_context()} if proxy.scheme == "https" else {}
            return await _dial(proxy, **secured)
        except (OSError, ValueError) as error:
            raise ProxyUnreachable(_shown(proxy), error) from error


def is_socks(proxy: str) -> bool:
    """Return whether a proxy is a SOCKS proxy; others are HTTP proxies."""
    return proxy.lower().startswith("socks")


def _address_of(url: SplitResult) -> tuple[str, int]:
    return url.hostname or "", url.port or _PORTS.get(url.scheme, 0)


def _shown(url: SplitResult) -> str:
    """Return the host and the port, without a login."""
    host, port = _address_of(url)
    return f"{host}:{port}"


def _login_in(url: SplitResult) -> str:
    if url.username is None:
        return ""
    login = f"{unquote(url.username)}:{unquote(url.password or '')}"
    return f"Basic {b64encode(login.encode()).decode()}"


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def _dial(url: SplitResult, **tls: Any) -> Streams:
    host, port = _address_of(url)
    # Python loses a socket where a race between addresses is cancelled; with one address there is no race.
    race = {} if _is_address(host) else {"happy_eyeballs_delay": _SECOND_ADDRESS}
    try:
        return await _streams(host=host, port=port, **race, **tls)
    except socket.gaierror as error:
        raise NotResolved(host, error) from error


async def _streams(**way: Any) -> Streams:
    async with asyncio.timeout(_CONNECT_SECONDS):
        return Streams(*await asyncio.open_connection(limit=_BUFFER, **way))


async def _tunnel(streams: Streams, proxy: SplitResult, host: str, port: int) -> None:
    """Have a proxy connect to a server. Raises `NotConnected`."""
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    login = f"Proxy-Authorization: {_login_in(proxy)}\r\n" if _login_in(proxy) else ""
    streams.writer.write(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{login}\r\n".encode())
    answer = Answer()
    try:
        while not answer.has_head:
            answer.feed(await streams.reader.read(_BUFFER))
    except HttpError as error:
        raise ProxyUnreachable(_shown(proxy), error) from error
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        streams.writer.transport.abort()
        raise ProxyRefused(HttpError(f"{answer.status} {answer.phrase}"))


def _keep_alive(connected: socket.socket) -> None:
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in _KEEPALIVE.items():
        if hasattr(socket, option):  # not every system has all of them
            connected.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
