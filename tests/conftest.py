"""The real parts that tests are made of: an embedded cluster, clusters reached through the client, kubectl."""

import gc
import json
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.drawing import draw_when_looked_at
from tests.proxy import Proxy
from tests.services.programs import missing
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.demo.apiserver.access.users import TokenUser, demo_users
from wbtui.demo.background import BackgroundCluster
from wbtui.demo.samples.populate import PROJECT
from wbtui.repository import Clusters

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
"""The moment in which tests and pictures live."""

SHORT_RUN = {"GOGC": "off", "GOMAXPROCS": "1"}
"""For kubectl: it ends before threads and garbage collection are of use, and takes a fifth less processor time."""

_UNTIL_FREED = 100
"""Tests after which memory is freed: it takes a while."""
_tests = count(1)


def pytest_configure() -> None:
    """Leave the system's certificate authorities out: each client would take 60 ms to load all, and tests need none.

    Let no example of a property fail because the machine is busy: it is the whole test that has a limit.
    """
    settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("busy")
    os.environ |= {"SSL_CERT_FILE": os.devnull, "SSL_CERT_DIR": os.devnull}
    draw_when_looked_at()


def pytest_runtest_teardown() -> None:
    """Free what applications leave: each keeps all that is loaded from the collector, its own widgets too."""
    if not next(_tests) % _UNTIL_FREED:
        gc.unfreeze()
        gc.collect()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which servers were not there to be tested with."""
    if words := missing():
        terminalreporter.write_line(words)


def users() -> dict[str, TokenUser]:
    """Return the users of the demo with tokens that tests can write down: the demo makes new ones at each start."""
    return {name: replace(user, token=f"{name}-token") for name, user in demo_users(PROJECT).items()}


@dataclass
class ServerClock:
    """The clock of an API server: it stands until a test moves it."""

    time: datetime = NOW

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def server_clock() -> ServerClock:
    """The clock of the embedded cluster."""
    return ServerClock()


@pytest.fixture
def cluster(request: pytest.FixtureRequest, server_clock: ServerClock) -> Iterator[BackgroundCluster]:
    """An embedded cluster with the sample projects; its parameter has the groups and versions that it lacks."""
    with BackgroundCluster(now=server_clock, users=users(), lacking=getattr(request, "param", ())) as cluster:
        yield cluster


@pytest.fixture
def kubeconfig(cluster: BackgroundCluster, tmp_path: Path) -> Path:
    """The kubeconfig of the embedded cluster."""
    path = tmp_path / "kubeconfig"
    path.write_text(json.dumps(cluster.kubeconfig()))
    return path


@pytest.fixture
def clusters(kubeconfig: Path) -> KubernetesClusters:
    """What wbtui reaches through that kubeconfig."""
    return KubernetesClusters(Preferences(str(kubeconfig)))


@dataclass(frozen=True)
class Kubectl:
    """Runs kubectl as another person would, and returns what it prints; `clock` is that of the API server."""

    environment: dict[str, str]
    clock: ServerClock

    def __call__(self, *arguments: str) -> str:
        command = ["kubectl", *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True, timeout=60)
        return done.stdout


@pytest.fixture
def kubectl(cluster: BackgroundCluster, server_clock: ServerClock, tmp_path: Path) -> Kubectl:
    """Return kubectl on the embedded cluster."""
    home = tmp_path / "kubectl"
    home.mkdir()
    config = home / "kubeconfig"
    config.write_text(json.dumps(cluster.kubeconfig(kubectl=True)))
    return Kubectl({"PATH": os.environ["PATH"], "HOME": str(home), "KUBECONFIG": str(config)}, server_clock)


@pytest.fixture
async def proxy(cluster: BackgroundCluster) -> AsyncIterator[Proxy]:
    """A proxy before the embedded cluster."""
    async with Proxy(cluster.url) as proxy:
        yield proxy


@pytest.fixture
def proxied(cluster: BackgroundCluster, proxy: Proxy, tmp_path: Path) -> Clusters:
    """What wbtui reaches through that proxy."""
    path = tmp_path / "proxied"
    path.write_text(json.dumps(cluster.kubeconfig()).replace(cluster.url, proxy.url))
    return KubernetesClusters(Preferences(str(path)))


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home and a folder for temporary files of their own, and the wbtui that these tests stand beside."""
    for name in ("home", "temporary"):
        (tmp_path / name).mkdir()
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path / "home"),
        "TMPDIR": str(tmp_path / "temporary"),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "SSL_CERT_FILE": os.environ["SSL_CERT_FILE"],
        "SSL_CERT_DIR": os.environ["SSL_CERT_DIR"],
    }
