"""Connections through a SOCKS proxy; loaded only where there is one."""

import os
from socket import socket
from urllib.parse import SplitResult, unquote

from python_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError, ProxyType
from python_socks.async_.asyncio import Proxy

from wbtui.http.errors import ProxyUnreachable

_PORT = 1080


async def connected_socket(proxy: SplitResult, host: str, port: int) -> socket:
    """Return a connection to a server, whose name the proxy resolves. Raises `NotConnected`."""
    there, way_in = proxy.hostname or "", proxy.port or _PORT
    login = unquote(proxy.username or ""), unquote(proxy.password or "")
    try:
        connected: socket = await Proxy(ProxyType.SOCKS5, there, way_in, *login, rdns=True).connect(host, port)
    except ProxyTimeoutError as error:
        raise TimeoutError from error
    except (ProxyConnectionError, ProxyError) as error:
        raise ProxyUnreachable(f"{there}:{way_in}", _reason(error)) from error
    return connected


def _reason(error: ProxyConnectionError | ProxyError) -> OSError:
    if isinstance(error, ProxyError):
        return OSError(f"it refuses: {error}")
    number = getattr(error.__cause__, "errno", None) or 0
    return OSError(number, os.strerror(number)) if number > 0 else OSError("its name does not resolve")
