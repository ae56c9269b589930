"""Connect to a server directly or through a proxy; those of the environment count by kubectl's rules."""

import os
import socket
import ssl
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import aiohttp

_PORTS = {"http": 80, "https": 443}
_KEEPALIVE = {"TCP_KEEPIDLE": 20, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 50_000}
"""Seconds, seconds, probes, milliseconds: the kernel ends a dead connection within a minute."""


def environment_proxy(server: str) -> str:
    """Return the proxy for a server; empty for this machine and for what NO_PROXY matches.

    ALL_PROXY is not used, as kubectl does not.
    """
    url = urlsplit(server)
    host, port = (url.hostname or "").rstrip("."), url.port or _PORTS.get(url.scheme, 0)
    proxy = _variable(f"{url.scheme}_proxy")
    if not proxy or is_this_machine(host) or any(_matches(host, port, entry) for entry in _no_proxy()):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def is_this_machine(host: str) -> bool:
    """Return whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_socks(proxy: str) -> bool:
    """Return whether a proxy is a SOCKS proxy; others are HTTP proxies."""
    return proxy.lower().startswith("socks")


def connector(proxy: str, context: ssl.SSLContext, server_name: str = "") -> aiohttp.TCPConnector:
    """Return a connector for a server; it uses a SOCKS proxy, while an HTTP proxy is set on each request.

    `server_name` is the name in the server's certificate, where that is not its host.
    """
    if is_socks(proxy):
        from wbtui.cluster.socks import SocksConnector  # noqa: PLC0415  few sessions need it

        return SocksConnector(proxy, server_name, _keep_alive, ssl=context)
    return aiohttp.TCPConnector(ssl=context, socket_factory=_socket)


def _variable(name: str) -> str:
    return os.environ.get(name.upper()) or os.environ.get(name) or ""


def _no_proxy() -> Iterator[str]:
    return filter(None, (text.strip().lower() for text in _variable("no_proxy").split(",")))


def _matches(host: str, port: int, entry: str) -> bool:
    """Return whether an entry of NO_PROXY matches: `*`, an address, a network or a domain, with or without a port."""
    if entry == "*":
        return True
    name, colon, number = entry.rpartition(":")
    if colon and number.isdecimal() and (":" not in name or name.endswith("]")):
        if int(number) != port:
            return False
        entry = name
    try:
        return ip_address(host) in ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        domain = entry.removeprefix("*")
        return host == domain or host.endswith(f".{domain.removeprefix('.')}")


def _socket(address: Any) -> socket.socket:
    family, kind, protocol, *_ = address
    new_socket = socket.socket(family, kind, protocol)
    _keep_alive(new_socket)
    return new_socket


def _keep_alive(new_socket: socket.socket) -> None:
    new_socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in _KEEPALIVE.items():
        if hasattr(socket, option):  # not every system has all of them
            new_socket.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
