"""Connections through a SOCKS proxy; loaded only where there is one."""

import os
import ssl
from asyncio import Transport, get_running_loop
from collections.abc import Callable
from socket import socket
from typing import Any
from urllib.parse import unquote, urlsplit

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError, ProxyType

_PORT = 1080


class SocksConnector(ProxyConnector):
    """Connects through a proxy, which resolves the name of the server.

    `server_name` is the name in the server's certificate, where that is not its host: the library's own connector
    knows only the host. `prepare` gets each socket.
    """

    def __init__(self, proxy: str, server_name: str, prepare: Callable[[socket], None], **more: Any) -> None:
        url = urlsplit(proxy)
        super().__init__(
            url.hostname or "",
            url.port or _PORT,
            ProxyType.SOCKS5,
            unquote(url.username or ""),
            unquote(url.password or ""),
            rdns=True,
            **more,
        )
        self._server_name = server_name
        self._prepare = prepare

    async def _wrap_create_connection(
        self, *args: Any, req: aiohttp.ClientRequest, **more: Any
    ) -> tuple[Transport, ResponseHandler]:
        try:
            return await super()._wrap_create_connection(*args, req=req, **more)
        # aiohttp's errors say what is wrong with a certificate; these say only that something is not permitted.
        except ssl.SSLCertVerificationError as error:
            raise aiohttp.ClientConnectorCertificateError(req.connection_key, error) from error
        except ssl.SSLError as error:
            raise aiohttp.ClientConnectorSSLError(req.connection_key, error) from error
        except ProxyTimeoutError as error:
            raise TimeoutError from error
        except (ProxyConnectionError, ProxyError) as error:
            key = req.connection_key._replace(host=self._proxy_host, port=self._proxy_port)
            raise aiohttp.ClientProxyConnectionError(key, _reason(error)) from error

    async def _connect_via_proxy(
        self,
        host: str,
        port: int,
        ssl: ssl.SSLContext | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  as its base has it
    ) -> tuple[Transport, ResponseHandler]:
        transport, protocol = await super()._connect_via_proxy(host, port, timeout=timeout)
        self._prepare(transport.get_extra_info("socket"))
        if ssl:
            name = self._server_name or host
            secured = await get_running_loop().start_tls(transport, protocol, ssl, server_hostname=name)
            assert secured  # noqa: S101  None only where the connection was closed during the handshake
            protocol.connection_made(secured)
            return secured, protocol
        return transport, protocol


def _reason(error: ProxyConnectionError | ProxyError) -> OSError:
    if isinstance(error, ProxyError):
        return OSError(f"it refuses: {error}")
    number = getattr(error.__cause__, "errno", None) or 0
    return OSError(number, os.strerror(number)) if number > 0 else OSError("its name does not resolve")
