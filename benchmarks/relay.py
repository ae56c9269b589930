"""A way to a server that counts what comes back: prints its port, and a number of bytes for each line it is sent."""

import asyncio
import sys

_CHUNK = 1 << 16


async def _relay(port: int) -> None:
    received = 0

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, back: bool) -> None:
        nonlocal received
        while chunk := await reader.read(_CHUNK):
            received += len(chunk) if back else 0
            writer.write(chunk)
            await writer.drain()
        writer.close()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind, beyond = await asyncio.open_connection("127.0.0.1", port)
        ways = (pass_on(reader, beyond, back=False), pass_on(behind, writer, back=True))
        await asyncio.gather(*ways, return_exceptions=True)

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(received, flush=True)


if __name__ == "__main__":
    asyncio.run(_relay(int(sys.argv[1])))
