"""A way to a server that counts what comes back, and may be as slow as a line far away.

Prints its port, and for each line that it is sent the number of bytes so far.
"""

import argparse
import asyncio
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable

_CHUNK = 1 << 14


class _Way:
    """One direction of a line that all connections share."""

    def __init__(self, delay: float, rate: float) -> None:
        self._delay = delay
        self._rate = rate
        self._free = 0.0
        self.passed = 0

    async def carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Pass everything on, as late as the line makes it."""
        clock = asyncio.get_running_loop().time
        due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivering = asyncio.create_task(_deliver(due, writer, clock))
        while chunk := await reader.read(_CHUNK):
            self.passed += len(chunk)
            self._free = max(self._free, clock()) + len(chunk) / self._rate
            due.put_nowait((self._free + self._delay, chunk))
        due.put_nowait((self._free + self._delay, b""))
        await delivering


async def _deliver(due: asyncio.Queue[tuple[float, bytes]], writer: StreamWriter, clock: Callable[[], float]) -> None:
    while True:
        moment, chunk = await due.get()
        if (wait := moment - clock()) > 0:
            await asyncio.sleep(wait)
        if not chunk:
            break
        writer.write(chunk)
        await writer.drain()
    writer.close()


async def _relay(port: int, delay: float, rate: float) -> None:
    there, back = _Way(delay, rate), _Way(delay, rate)

    async def meet(reader: StreamReader, writer: StreamWriter) -> None:
        behind, beyond = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(there.carry(reader, beyond), back.carry(behind, writer), return_exceptions=True)

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(back.passed, flush=True)


def main() -> None:
    """Pass on until there is nothing more to read; `--delay` is in seconds each way, `--rate` in bytes a second."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--rate", type=float, default=float("inf"))
    options = parser.parse_args()
    asyncio.run(_relay(options.port, options.delay, options.rate))


if __name__ == "__main__":
    main()
