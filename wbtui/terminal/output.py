"""The output to a terminal that may go away, or may stop accepting output."""

import os
import select
import termios
from collections.abc import Callable
from contextlib import suppress
from io import TextIOBase
from threading import Event
from time import monotonic
from typing import TextIO

_POLL = 0.1
_STUCK_SECONDS = 2.0
"""How long to wait for a terminal that accepts nothing, once wbtui has to end."""
_RESTORE = (
    b"\x1b[r"
    b"\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
"""The whole screen scrolls, and everything that Textual switches on is off."""


class Output(TextIOBase):
    """A stream to the terminal that drops what is written once the terminal is gone or stuck."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._descriptor = _open_again(stream)
        self._hurried_at = float("inf")
        self.stuck = False
        self.gone = Event()

    def hurry(self) -> None:
        """From now on wait at most 2 seconds for a terminal that accepts nothing. A signal handler may call it."""
        self._hurried_at = min(self._hurried_at, monotonic())

    def write(self, text: str) -> int:
        """Write, unless the terminal is gone or stuck."""
        if self._descriptor is None:
            self._try(lambda: self._stream.write(text))
        else:
            data, descriptor = text.encode(self._stream.encoding, self._stream.errors or "strict"), self._descriptor
            self._try(lambda: self._write_all(descriptor, data))
        return len(text)

    def flush(self) -> None:
        """Flush, unless the terminal is gone or stuck."""
        self._try(self._stream.flush)

    def fileno(self) -> int:
        """Return the file descriptor."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """Return True: this is a terminal."""
        return True

    def restore(self) -> None:
        """Drop the output that the terminal has not accepted, and set its modes as a shell needs them. Never waits."""
        with suppress(OSError, termios.error):
            if self._descriptor is not None:
                termios.tcflush(self._descriptor, termios.TCOFLUSH)
                os.write(self._descriptor, _RESTORE)

    def _try(self, action: Callable[[], object]) -> None:
        if not self.gone.is_set() and not self.stuck:
            try:
                action()
            except OSError:
                self.gone.set()

    def _write_all(self, descriptor: int, data: bytes) -> None:
        rest, taken_at = memoryview(data), monotonic()
        while rest and not self.gone.is_set():
            if taken := _write_some(descriptor, rest):
                rest, taken_at = rest[taken:], monotonic()
            elif monotonic() - max(taken_at, self._hurried_at) > _STUCK_SECONDS:
                self.stuck = True
                return


def _open_again(stream: TextIO) -> int | None:
    """Open the terminal so that writing never blocks; None where its file may not be opened, as after `su`.

    The shell shares the descriptor of the stream, which therefore must stay blocking.
    """
    try:
        return os.open(os.ttyname(stream.fileno()), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None


def _write_some(descriptor: int, data: memoryview) -> int:
    """Write what the terminal accepts now, and return the number of bytes."""
    select.select([], [descriptor], [], _POLL)
    try:
        return os.write(descriptor, data)
    except BlockingIOError:
        return 0
