"""Run another program: limit what it prints, and end it when its answer is no longer needed."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

_CHUNK = 1 << 16
_GRACE_SECONDS = 1.0
"""How long a program may take to end after SIGTERM."""


class TooMuchOutput(Exception):
    """A program printed more than the limit, and was ended."""


class Pipe:
    """The standard output or error of a program, read as it comes, up to a limit.

    Unlike asyncio's pipes, it does not wait for other processes that hold the write end, as a daemon that the program
    has started may.
    """

    def __init__(self, limit: int, received: Callable[[bytearray], None]) -> None:
        self._limit = limit
        self._received = received
        self._data = bytearray()
        self._read_end, self.write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        self.overflow = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def opened(cls, limit: int, received: Callable[[bytearray], None]) -> AsyncIterator["Pipe"]:
        """Yield a pipe for `limit` bytes; `received` is called with all data so far whenever more has come."""
        pipe = cls(limit, received)
        asyncio.get_running_loop().add_reader(pipe._read_end, pipe._read_chunk)
        try:
            yield pipe
        finally:
            pipe._stop_reading()
            os.close(pipe._read_end)
            pipe.close_write_end()

    def close_write_end(self) -> None:
        """Close the write end here; the program keeps its own."""
        if self.write_end >= 0:
            os.close(self.write_end)
            self.write_end = -1

    def read(self) -> bytes:
        """Return everything that the program, which has ended, wrote. Raises `TooMuchOutput`."""
        while self._read_chunk():
            pass
        if self.overflow.is_set():
            raise TooMuchOutput
        return bytes(self._data)

    def _read_chunk(self) -> bool:
        """Read some data, and return whether there may be more."""
        if self.overflow.is_set():
            return False
        try:
            chunk = os.read(self._read_end, _CHUNK)
        except BlockingIOError:
            return False
        if not chunk:
            self._stop_reading()
            return False
        self._data += chunk
        if len(self._data) > self._limit:
            self._data.clear()
            self._stop_reading()
            self.overflow.set()
            return False
        self._received(self._data)
        return True

    def _stop_reading(self) -> None:
        asyncio.get_running_loop().remove_reader(self._read_end)


async def run(command: list[str], environment: dict[str, str], output: Pipe, errors: Pipe) -> int:
    """Run a program to its end and return its exit status; that of a signal is negative.

    A program that prints too much is ended and raises `TooMuchOutput`. It is also ended when this is cancelled.
    """
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *command,
            env=environment,
            stdin=DEVNULL,
            stdout=output.write_end,
            stderr=errors.write_end,
            start_new_session=True,
        )
    )
    try:
        process = await asyncio.shield(starting)
        output.close_write_end()
        errors.close_write_end()
        return await _exit_status(process, output, errors)
    except (asyncio.CancelledError, TooMuchOutput):
        await _end(await starting)
        raise


async def _exit_status(process: Process, *pipes: Pipe) -> int:
    ended = asyncio.ensure_future(process.wait())
    overflows = [asyncio.ensure_future(pipe.overflow.wait()) for pipe in pipes]
    try:
        await asyncio.wait([ended, *overflows], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiting in (ended, *overflows):
            waiting.cancel()
    if any(pipe.overflow.is_set() for pipe in pipes):
        raise TooMuchOutput
    return ended.result()


async def _end(process: Process) -> None:
    # The program leads its own process group: what it has started ends with it.
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _GRACE_SECONDS)
