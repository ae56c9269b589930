"""Running another program: what it writes, and how it is ended when nobody waits for it any more."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

_KEPT = 1 << 20
"""Bytes of what a program writes that are looked at."""
_PARTING_SECONDS = 1.0
"""How long a program that nobody waits for may take to end by itself."""


class Pipe:
    """What a process writes. Unlike asyncio's, it waits for nobody else who holds the other end."""

    def __init__(self, received: Callable[[bytes], None]) -> None:
        self._received = received
        self._data = b""
        self._end, self.other_end = os.pipe()
        os.set_blocking(self._end, False)

    @classmethod
    @asynccontextmanager
    async def opened(cls, received: Callable[[bytes], None]) -> AsyncIterator["Pipe"]:
        """Return a pipe whose `received` gets all that has come, again whenever more comes."""
        pipe = cls(received)
        loop = asyncio.get_running_loop()
        loop.add_reader(pipe._end, pipe._take)
        try:
            yield pipe
        finally:
            loop.remove_reader(pipe._end)
            os.close(pipe._end)
            pipe.close_other_end()

    def close_other_end(self) -> None:
        """Leave the other end to the process."""
        if self.other_end >= 0:
            os.close(self.other_end)
            self.other_end = -1

    def rest(self) -> bytes:
        """Return all that has been written so far."""
        while self._take():
            pass
        return self._data

    def _take(self) -> bool:
        try:
            some = os.read(self._end, 1 << 16)
        except BlockingIOError:
            return False
        if not some:
            asyncio.get_running_loop().remove_reader(self._end)
            return False
        if len(self._data) < _KEPT:
            self._data += some
            self._received(self._data)
        return True


async def run(command: list[str], environment: dict[str, str], output: Pipe, complaint: Pipe) -> int:
    """Run a program to its end, and return its exit status."""
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *command,
            env=environment,
            stdin=DEVNULL,
            stdout=output.other_end,
            stderr=complaint.other_end,
            start_new_session=True,
        )
    )
    try:
        process = await asyncio.shield(starting)
        output.close_other_end()
        complaint.close_other_end()
        return await process.wait()
    except asyncio.CancelledError:
        await _end(await starting)
        raise


async def _end(process: Process) -> None:
    # It is the first of its own group; what it has started ends with it.
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _PARTING_SECONDS)
