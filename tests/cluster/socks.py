"""A small SOCKS5 proxy on loopback (RFC 1928 and 1929): whatever it is asked for, it connects to one server."""

import asyncio
from typing import Self
from urllib.parse import urlsplit

_NO_LOGIN, _PASSWORD, _NOTHING = 0, 2, 255


class SocksProxy:
    """Listens for as long as its context; `login` is the user and the password that it wants."""

    def __init__(self, upstream: str, *, login: tuple[str, str] | None = None) -> None:
        self.asked: list[tuple[str, int]] = []
        self._upstream = urlsplit(upstream)
        self._login = login
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        """Listen."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Break off everything, and stop listening."""
        assert self._server is not None
        self._server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def port(self) -> int:
        """Return the port that it listens on."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            if await self._greet(reader, writer):
                await self._serve(reader, writer)
        except (OSError, EOFError, asyncio.CancelledError):
            pass  # the client, or the server, has gone, or the test is over
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        _, count = await reader.readexactly(2)
        wanted = _PASSWORD if self._login else _NO_LOGIN
        chosen = wanted if wanted in await reader.readexactly(count) else _NOTHING
        writer.write(bytes([5, chosen]))
        if chosen != _PASSWORD:
            return chosen == _NO_LOGIN
        await reader.readexactly(1)
        login = (await _text(reader), await _text(reader))
        writer.write(bytes([1, login != self._login]))
        return login == self._login

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, _, _, kind = await reader.readexactly(4)
        assert kind == 3, "the name is to be resolved by the proxy"
        host = await _text(reader)
        self.asked.append((host, int.from_bytes(await reader.readexactly(2), "big")))
        upstream, other = await asyncio.open_connection(self._upstream.hostname, self._upstream.port)
        writer.write(bytes([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
        try:
            await asyncio.gather(_pass(reader, other), _pass(upstream, writer))
        finally:
            other.close()


async def _text(reader: asyncio.StreamReader) -> str:
    (length,) = await reader.readexactly(1)
    return (await reader.readexactly(length)).decode()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
