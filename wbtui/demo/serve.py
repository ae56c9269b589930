"""Run the embedded cluster with a kubeconfig file: inside a session, or alone."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import yaml

from wbtui.demo.apiserver.wire import Json
from wbtui.demo.background import BackgroundCluster
from wbtui.demo.cluster import EmbeddedCluster
from wbtui.demo.engine.engine import PACE
from wbtui.storage.files import StorageError, read_input

_LARGEST = 2**20
_MARK = "# The demo cluster of wbtui: rewritten each time it is served.\n"


class CannotServe(Exception):
    """The demo cluster cannot be served; the text says why, `status` is the exit code."""

    def __init__(self, sentence: str, status: int = 1) -> None:
        super().__init__(sentence)
        self.status = status


class DemoSession:
    """An embedded cluster for one session, with a kubeconfig in a temporary folder."""

    def __init__(self) -> None:
        self._cluster = BackgroundCluster(pace=PACE)
        self._folder = TemporaryDirectory(prefix="wbtui-demo-")
        self.kubeconfig = Path(self._folder.name) / "kubeconfig"

    def __enter__(self) -> Self:
        """Start the cluster."""
        self._cluster.start()
        _write(self.kubeconfig, self._cluster.kubeconfig())
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the cluster, and remove the folder."""
        self._cluster.stop()
        self._folder.cleanup()


def serve(port: int, kubeconfig: Path | None, secrets: int) -> int:
    """Serve the embedded cluster until interrupted, and print how to use it.

    Returns:
        The exit status.

    Raises:
        CannotServe: An argument cannot be used, or the port is taken.
    """
    path = kubeconfig or Path("wbtui-demo.kubeconfig")
    if not _is_ours(path):
        raise CannotServe(f"{path} is not a kubeconfig of the demo: choose another file with --kubeconfig.", 2)
    asyncio.run(_serve(port, path, secrets))
    return 0


def _is_ours(path: Path) -> bool:
    if not os.path.lexists(path):
        return True
    try:
        return read_input(path, _LARGEST).startswith(_MARK.partition(":")[0].encode())
    except StorageError:
        return False


async def _serve(port: int, path: Path, secrets: int) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    cluster = EmbeddedCluster(port, secrets, pace=PACE)
    with _explained(f"The demo cluster cannot listen on 127.0.0.1:{port}"):
        await cluster.start()
    try:
        with _explained(f"The kubeconfig cannot be written to {path}"):
            _write(path, cluster.kubeconfig(kubectl=True))
        with _explained("The output cannot be written"):
            sys.stdout.write(
                f"The demo cluster is at {cluster.url}. Press ctrl+c to end it.\n\n"
                f"  wbtui --kubeconfig {path}\n"
                f"  kubectl --kubeconfig {path} get secrets -A\n"
                f"  kubectl --kubeconfig {path} --context demo-restricted get secrets\n"
            )
            sys.stdout.flush()
        await ended.wait()
    finally:
        await cluster.stop()


@contextmanager
def _explained(problem: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotServe(f"{problem}: {_reason(error)}.") from error


def _reason(error: OSError) -> str:
    """Return the message of the system, without the text that asyncio adds."""
    return os.strerror(error.errno) if error.errno else str(error)


def _write(path: Path, kubeconfig: Json) -> None:
    """Write a kubeconfig that only its owner can read, in place of an older one."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(_MARK + yaml.safe_dump(kubeconfig, sort_keys=False))
