"""The embedded cluster with a kubeconfig file: inside a session, or served alone."""

import asyncio
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import yaml

from wbtui.demo.background import BackgroundCluster
from wbtui.demo.cluster import EmbeddedCluster
from wbtui.demo.engine import PACE
from wbtui.demo.wire import Json

_MARK = "# The demo cluster of wbtui: written anew each time it is served.\n"


class DemoSession:
    """An embedded cluster for as long as one session, with a kubeconfig in a folder of its own."""

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
        """Stop it, and leave nothing behind."""
        self._cluster.stop()
        self._folder.cleanup()


def serve(port: int, kubeconfig: Path | None, secrets: int) -> int:
    """Serve the embedded cluster until interrupted; print how to use it, and return the exit status."""
    path = kubeconfig or Path("wbtui-demo.kubeconfig")
    if not _is_ours(path):
        sys.stderr.write(f"{path} is not a kubeconfig of the demo: choose another file with --kubeconfig.\n")
        return 2
    try:
        asyncio.run(_serve(port, path, secrets))
    except OSError as error:
        sys.stderr.write(f"The demo cluster cannot start: {error.strerror or error}.\n")
        return 1
    return 0


def _is_ours(path: Path) -> bool:
    try:
        return path.read_text(encoding="utf-8", errors="replace").startswith(_MARK)
    except FileNotFoundError:
        return True
    except OSError:
        return False


async def _serve(port: int, path: Path, secrets: int) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with EmbeddedCluster(port, secrets, pace=PACE) as cluster:
        _write(path, cluster.kubeconfig(kubectl=True))
        sys.stdout.write(
            f"The demo cluster is at {cluster.url}; ctrl+c ends it.\n\n"
            f"  wbtui --kubeconfig {path}\n"
            f"  kubectl --kubeconfig {path} get secrets -A\n"
            f"  kubectl --kubeconfig {path} --context demo-restricted get secrets\n"
        )
        sys.stdout.flush()
        await ended.wait()


def _write(path: Path, kubeconfig: Json) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(_MARK + yaml.safe_dump(kubeconfig, sort_keys=False), encoding="utf-8")
