"""Programs that serve, started for a test and ended with it."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

_TRIES, _PAUSE = 600, 0.05
_FOLDERS = ("/usr/sbin", *map(str, Path("/usr/lib/postgresql").glob("*/bin")), str(Path.home() / "go" / "bin"))


PROGRAMS = {
    "docker-registry": "registries",
    "htpasswd": "registries",
    "versitygw": "object stores",
    "initdb": "PostgreSQL",
    "mariadbd": "MariaDB",
    "redis-server": "Redis",
    "ferretdb": "MongoDB",
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
def unprivileged_folder() -> Iterator[tuple[Path, str | None]]:
    """Make a folder for a server that does not run as root; return it, and the user to run the server as."""
    user = "nobody" if os.geteuid() == 0 else None
    with TemporaryDirectory(dir="/tmp") as folder:
        if user:
            shutil.chown(folder, user)
        yield Path(folder), user


@contextmanager
def running(
    command: Sequence[str], place: str, *, user: str | None = None, ends_by: signal.Signals = signal.SIGTERM
) -> Iterator[None]:
    """Run a program until the block ends; begin once it listens."""
    variables = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    process = subprocess.Popen(
        command, env=variables, user=user, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        _wait(process, place)
        yield
    finally:
        process.send_signal(ends_by)
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
