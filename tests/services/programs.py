"""Programs that serve, started for a test and ended with it."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event

_TRIES, _PAUSE = 600, 0.05
_FOLDERS = ("/usr/sbin", "/usr/lib/postgresql/15/bin", str(Path.home() / "go" / "bin"))


PROGRAMS = {
    "docker-registry": "registries",
    "htpasswd": "registries",
    "versitygw": "object stores",
}
"""The programs that tests start, and what they are needed for."""


def missing() -> str:
    """Return what is not tested for want of a program, as a sentence; empty where all are there."""
    wanted = [f"{program} ({what})" for program, what in PROGRAMS.items() if not installed(program)]
    return f"Not installed, so not tested with: {', '.join(wanted)}." if wanted else ""


def installed(program: str) -> str:
    """Return the path of a program; empty where it is not installed."""
    return shutil.which(program, path=os.pathsep.join([os.environ["PATH"], *_FOLDERS])) or ""


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], place: str, *, user: str | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Run a program until the block ends; begin once it listens."""
    variables = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **(environment or {})}
    process = subprocess.Popen(
        command, env=variables, user=user, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        _wait(process, place)
        yield
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _wait(process: subprocess.Popen[bytes], place: str) -> None:
    host, _, port = place.rpartition(":")
    for _ in range(_TRIES):
        try:
            socket.create_connection((host, int(port)), 1).close()
        except OSError:
            assert process.poll() is None, process.communicate()[0].decode(errors="replace")
            Event().wait(_PAUSE)
        else:
            return
    raise AssertionError(f"nothing listens on {place}")
