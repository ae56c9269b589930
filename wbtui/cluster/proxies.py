"""The way to a server: straight, or through the proxy that the environment names, by the rules of kubectl."""

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
"""Seconds, seconds, probes, milliseconds: a silent network is noticed within a minute, by the kernel alone."""


def environment_proxy(server: str) -> str:
    """Return the proxy to reach a server through; empty for this machine itself, and for what NO_PROXY names.

    As for kubectl, ALL_PROXY is not looked at.
    """
    url = urlsplit(server)
    host, port = (url.hostname or "").rstrip("."), url.port or _PORTS.get(url.scheme, 0)
    proxy = _variable(f"{url.scheme}_proxy")
    if not proxy or is_this_machine(host) or any(_is_meant(host, port, one) for one in _exceptions()):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def is_this_machine(host: str) -> bool:
    """Tell whether a host is the one that this runs on."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_socks(proxy: str) -> bool:
    """Tell whether a proxy speaks SOCKS, and not HTTP."""
    return proxy.lower().startswith("socks")


def connector(proxy: str, context: ssl.SSLContext, server_name: str = "") -> aiohttp.TCPConnector:
    """Return what makes connections to a server; an HTTP proxy is the request's matter.

    `server_name` is the one that the server's certificate is for, where that is not its host.
    """
    if is_socks(proxy):
        from wbtui.cluster.socks import SocksConnector  # noqa: PLC0415  few sessions need it

        return SocksConnector(proxy, server_name, _keep_alive, ssl=context)
    return aiohttp.TCPConnector(ssl=context, socket_factory=_socket)


def _variable(name: str) -> str:
    return os.environ.get(name.upper()) or os.environ.get(name) or ""


def _exceptions() -> Iterator[str]:
    return filter(None, (text.strip().lower() for text in _variable("no_proxy").split(",")))


def _is_meant(host: str, port: int, exception: str) -> bool:
    """Tell whether an exception of NO_PROXY means a host: `*`, an address, a network, or a domain, with its port."""
    if exception == "*":
        return True
    name, colon, number = exception.rpartition(":")
    if colon and number.isdecimal() and (":" not in name or name.endswith("]")):
        if int(number) != port:
            return False
        exception = name
    try:
        return ip_address(host) in ip_network(exception.strip("[]"), strict=False)
    except ValueError:
        domain = exception.removeprefix("*")
        return host == domain or host.endswith(f".{domain.removeprefix('.')}")


def _socket(address: Any) -> socket.socket:
    family, kind, protocol, *_ = address
    made = socket.socket(family, kind, protocol)
    _keep_alive(made)
    return made


def _keep_alive(made: socket.socket) -> None:
    made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in _KEEPALIVE.items():
        if hasattr(socket, option):  # not every system has all of them
            made.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
