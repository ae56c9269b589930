"""Programs as a person starts them: in a pseudo-terminal, with compiled bytecode, watched from outside."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
from codecs import getincrementaldecoder
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, perf_counter
from typing import Self

COLUMNS, LINES = 120, 36
WBTUI = [sys.executable, "-m", "wbtui"]
_LEFT_OUT = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "NO_COLOR", "TEXTUAL", "KUBECONFIG")
"""Variables, by their beginnings, that would make a program start, look or draw otherwise than it does."""
_PATIENCE = 180.0
"""Seconds after which what should show up counts as missing."""
_CUT = re.compile(r"\x1b(?:\[[\d;?<>=$]*|\][^\x07\x1b]*)?$")
_TICKS = os.sysconf("SC_CLK_TCK")
_PART = re.compile(
    r"\x1b\[(?P<row>\d+);(?P<column>\d+)H|\x1b\[(?P<ahead>\d+)C|(?P<next>\r?\n)"
    r"|\x1b\[[\d;?<>=]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|(?P<text>[^\x00-\x1f]+)"
)
"""What Textual and a program that prints lines write: jumps, text, and what moves nothing."""


def environment(home: Path) -> dict[str, str]:
    """Return the variables of a program that is measured; its bytecode is compiled once, beside `home`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
    folders = {"HOME": str(home), "PYTHONPYCACHEPREFIX": str(home / "bytecode")}
    return inherited | folders | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}


@dataclass(frozen=True, slots=True)
class Cost:
    """What a program took from start to end: seconds by the clock, seconds of a core, MB at its peak."""

    wall: float
    cpu: float
    memory: float


def run(command: list[str], variables: Mapping[str, str]) -> tuple[Cost, str]:
    """Run a program to its end; return what it took, and what it printed."""
    began = perf_counter()
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True) as process:
        printed = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed")
    return Cost(perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024), printed


class Screen:
    """What is on a terminal, as far as signs go."""

    def __init__(self) -> None:
        self._lines = [" " * COLUMNS for _ in range(LINES)]
        self._row = self._column = 0

    @property
    def text(self) -> str:
        """Return the lines, from top to bottom."""
        return "\n".join(self._lines)

    def feed(self, data: str) -> None:
        """Draw what was written."""
        for part in _PART.finditer(data):
            match part.lastgroup:
                case "column":
                    self._row, self._column = int(part["row"]) - 1, int(part["column"]) - 1
                case "ahead":
                    self._column += int(part["ahead"])
                case "next":
                    # Lines go round where a terminal scrolls: the newest is there, which is what is looked for.
                    self._row, self._column = (self._row + 1) % LINES, 0
                    self._lines[self._row] = " " * COLUMNS
                case "text":
                    line, end = self._lines[self._row], self._column + len(part["text"])
                    self._lines[self._row] = line[: self._column] + part["text"] + line[end:]
                    self._column = end


class Program:
    """A program in a terminal of 120x36; `began` is when it was started, `written` how many bytes have come."""

    def __init__(self, command: list[str], variables: Mapping[str, str]) -> None:
        self._terminal, inside = pty.openpty()
        termios.tcsetwinsize(inside, (LINES, COLUMNS))
        self.began = monotonic()
        self.pid = os.fork()
        if not self.pid:
            try:
                os.login_tty(inside)
                os.execve(command[0], command, dict(variables))  # noqa: S606  a program of ours, on a terminal of ours
            finally:
                os._exit(127)
        os.close(inside)
        self.written = 0
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._rest = ""
        self._screen = Screen()

    def __enter__(self) -> Self:
        """Have it running."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it, and wait until it has gone."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._terminal)

    def fileno(self) -> int:
        """Return what to select on."""
        return self._terminal

    def press(self, keys: str) -> None:
        """Send what a keyboard sends."""
        os.write(self._terminal, keys.encode())

    def sees(self, *parts: str) -> float:
        """Wait until all `parts` are on the screen; return the seconds since the start."""
        for moment in self.draws():
            if all(part in self.text for part in parts):
                return moment - self.began
        raise RuntimeError(f"{parts} did not show up")

    def draws(self, patience: float = _PATIENCE) -> Iterator[float]:
        """Yield each moment in which something was written, for so many seconds or until it ends."""
        ends = monotonic() + patience
        while select.select([self], [], [], max(0.0, ends - monotonic()))[0]:
            try:
                yield self.read()
            except OSError:  # it has ended
                return

    def read(self) -> float:
        """Read what has been written, and return when."""
        said = os.read(self._terminal, 1 << 16)
        moment = monotonic()
        self.written += len(said)
        # What was cut off in the middle of a sequence waits for its end.
        text = self._rest + self._decode(said)
        cut = _CUT.search(text)
        end = cut.start() if cut else len(text)
        self._screen.feed(text[:end])
        self._rest = text[end:]
        return moment

    @property
    def text(self) -> str:
        """Return what is on the screen."""
        return self._screen.text

    @property
    def cpu(self) -> float:
        """Return how many seconds of a core it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    @property
    def memory(self) -> float:
        """Return the MB of memory that it had at its peak."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return sum(int(size) for size in re.findall(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)) / 1024


@contextmanager
def background(
    command: list[str], variables: Mapping[str, str], *, asked: bool = False
) -> Iterator[subprocess.Popen[str]]:
    """Run a program behind the scenes; its output is the caller's, and where it is `asked` its input, too."""
    stdin = subprocess.PIPE if asked else subprocess.DEVNULL
    with subprocess.Popen(command, env=variables, stdin=stdin, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        try:
            yield process
        finally:
            process.terminate()
