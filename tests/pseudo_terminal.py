"""A real pseudo-terminal with wbtui in it, and whether it is given back as it was."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any

import pyte

from tests.program import PROGRAM
from tests.screens.driving import PATIENCE
from wbtui.screens.attention import QUIET

TAB = "\x1b[9u"
"""Tab, as terminals send it that tell keys from what is pasted."""

COLUMNS, LINES = 120, 36
_RUN = """
import fcntl, os, signal, sys, termios
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):  # whatever nohup or a script has set for the tests
    signal.signal(number, signal.SIG_DFL)
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
_MODES = {"1049": "l", "25": "h", "1000": "l", "1003": "l", "1006": "l", "1004": "l", "2004": "l", "7": "h"}
"""Alternate screen, cursor, three of the mouse, focus, bracketed paste, line wrap: as a shell wants them."""


class Terminal:
    """A terminal with a program in it."""

    def __init__(
        self,
        command: list[str],
        environment: dict[str, str],
        *,
        size: tuple[int, int] = (LINES, COLUMNS),
        controlling: bool = True,
        pastes_in_brackets: bool = True,
    ) -> None:
        self._pastes_in_brackets = pastes_in_brackets
        self.master, slave = pty.openpty()
        self.path = os.ttyname(slave)
        termios.tcsetwinsize(slave, size)
        self.settings = termios.tcgetattr(self.master)
        self.output = b""
        self._screen = pyte.Screen(size[1], size[0])
        self._stream = pyte.ByteStream(self._screen)
        started = [*PROGRAM, *command[2:]] if command[:2] == ["-m", "wbtui"] else [sys.executable, *command]
        self.process = subprocess.Popen(
            [sys.executable, "-c", _RUN, *started] if controlling else started,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            start_new_session=True,
        )
        os.close(slave)

    def press(self, keys: str) -> None:
        """Send what a keyboard sends."""
        os.write(self.master, keys.encode())

    def text(self) -> str:
        """Return what is on the screen."""
        return "\n".join(self._screen.display)

    def sees(self, *parts: str) -> None:
        """Wait until all of `parts` are on the screen; a program that still draws is waited for."""
        while not all(part in self.text() for part in parts):
            self._read(f"not on the screen: {parts}")

    def reads(self, *parts: str) -> None:
        """See a question, and let it stand for as long as it takes until a key counts as its answer."""
        self.sees(*parts)
        while select.select([self.master], [], [], 2 * QUIET)[0]:
            self._read("no question")

    def shows(self, text: str) -> None:
        """Wait until the screen is `text`."""
        while self.text() != text:
            self._read(f"not on the screen:\n{text}\nbut")

    def resumes(self, text: str) -> None:
        """Let the stopped program go on, and wait until it has drawn `text` again: it takes keys then."""
        stopped = len(self.output)
        os.killpg(self.process.pid, signal.SIGCONT)
        while text.encode() not in self.output[stopped:]:
            self._read(f"not drawn again: {text}")

    def ends(self) -> int:
        """Wait for the end, and return the exit status."""
        with suppress(EOFError):
            while self.process.poll() is None or select.select([self.master], [], [], 0)[0]:
                self._read("still running")
        return self.process.wait(PATIENCE)

    def _read(self, complaint: str) -> None:
        """Read what was written; fail with `complaint` where nothing is for long. Raises EOFError at the end."""
        deadline = monotonic() + PATIENCE
        while not select.select([self.master], [], [], 0.1)[0]:
            assert monotonic() < deadline, f"{complaint}\n{self.text()}"
        try:
            written = os.read(self.master, 65_536)
        except OSError:
            raise EOFError(f"{complaint}: ended\n{self.output.decode(errors='replace')}") from None
        self.output += written
        if self._pastes_in_brackets and b"\x1b[?2004$p" in written:
            self.press("\x1b[?2004;2$y")
        self._stream.feed(written)

    def resize(self, lines: int, columns: int) -> None:
        """Give the terminal another size; nothing that was on it is left."""
        self._screen.resize(lines, columns)
        self._screen.erase_in_display(2)
        termios.tcsetwinsize(self.master, (lines, columns))

    def hang_up(self) -> None:
        """Close the terminal, as a broken connection does."""
        os.close(self.master)
        self.master = -1


@contextmanager
def wbtui(environment: dict[str, str], *command: str, **more: Any) -> Iterator[Terminal]:
    terminal = Terminal(list(command) or ["-m", "wbtui", "--demo"], environment, **more)
    try:
        yield terminal
    finally:
        if terminal.process.poll() is None:
            terminal.process.kill()
            terminal.process.wait()
        if terminal.master >= 0:
            os.close(terminal.master)


def assert_clean(terminal: Terminal, environment: dict[str, str]) -> None:
    """The terminal is as it was, and nothing is left behind."""
    assert_given_back(terminal)
    assert_nothing_left(terminal, environment)


def assert_given_back(terminal: Terminal) -> None:
    """The terminal is as it was."""
    for mode, wanted in _MODES.items():
        switched = re.findall(rb"\x1b\[\?%s([hl])" % mode.encode(), terminal.output)
        assert switched[-1:] in ([], [wanted.encode()]), f"mode {mode}"
    assert len(re.findall(rb"\x1b\[>\d*u", terminal.output)) == len(re.findall(rb"\x1b\[<\d*u", terminal.output))
    assert termios.tcgetattr(terminal.master) == terminal.settings


def assert_nothing_left(terminal: Terminal, environment: dict[str, str]) -> None:
    assert not list(Path(environment["TMPDIR"]).iterdir())
    assert not [
        path for path in Path("/proc").iterdir() if path.name.isdigit() and _session(path.name) == terminal.process.pid
    ]


def _session(pid: str) -> int:
    try:
        return os.getsid(int(pid))
    except ProcessLookupError:
        return 0
