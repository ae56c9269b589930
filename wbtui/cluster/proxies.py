"""Connect to a server directly or through a proxy."""

import os
import socket
import ssl
from typing import Any

import aiohttp

from wbtui.domain.proxies import proxy_for

_KEEPALIVE = {"TCP_KEEPIDLE": 20, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 50_000}
"""Seconds, seconds, probes, milliseconds: the kernel ends a dead connection within a minute."""


def environment_proxy(server: str) -> str:
    """Return the proxy that the environment names for a server; empty where none is."""
    return proxy_for(server, os.environ)


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
