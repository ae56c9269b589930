import asyncio
import subprocess
import sys
from contextlib import AsyncExitStack
from threading import Event, get_ident

import pytest

from tests.cluster.conftest import LIMIT
from tests.conftest import users
from wbtui.cluster.clusters import KubernetesClusters
from wbtui.errors import KubeconfigError
from wbtui.repository import Clusters
from wbtui.startup.lazy_clusters import LazyClusters


@pytest.mark.parametrize("module", ["wbtui.app", "wbtui.cli", "wbtui.startup.lazy_clusters"])
def test_the_first_frame_waits_for_no_cluster(module: str) -> None:
    script = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & {"httptools", "msgspec", "aiohttp", "yaml", "pyperclip"}
    assert not [name for name in done.stdout.split() if name.startswith(("wbtui.demo", "wbtui.cluster"))]


def never(_: AsyncExitStack) -> Clusters:
    raise AssertionError


async def test_clusters_are_loaded_once_and_in_another_thread(clusters: KubernetesClusters) -> None:
    threads: list[int] = []

    def load() -> Clusters:
        threads.append(get_ident())
        return clusters

    lazy = LazyClusters(load, never)
    assert threads == []
    contexts, cluster = await asyncio.gather(lazy.contexts(), lazy.connect("demo-restricted"))
    await cluster.close()
    assert [context.name for context in contexts] == list(users())
    assert cluster.context == "demo-restricted"
    assert len(threads) == 1
    assert threads[0] != get_ident()
    await lazy.close()


async def test_what_cannot_be_loaded_is_tried_again(clusters: KubernetesClusters) -> None:
    answers: list[Clusters | None] = [None, clusters]

    def load() -> Clusters:
        if answer := answers.pop(0):
            return answer
        raise KubeconfigError("broken")

    lazy = LazyClusters(load, never)
    with pytest.raises(KubeconfigError):
        await lazy.contexts()
    assert await lazy.contexts()


async def test_the_demo_takes_the_place_of_what_is_still_loading_and_ends_with_it(clusters: KubernetesClusters) -> None:
    loading = Event()
    ended: list[str] = []

    def load() -> Clusters:
        loading.wait(LIMIT)
        raise KubeconfigError("too late")

    def start(started: AsyncExitStack) -> Clusters:
        started.callback(ended.append, "demo")
        return clusters

    lazy = LazyClusters(load, start)
    first, demo = asyncio.ensure_future(lazy.contexts()), asyncio.ensure_future(lazy.open_demo())
    loading.set()
    with pytest.raises(KubeconfigError):
        await first
    await demo
    assert [context.name for context in await lazy.contexts()] == list(users())
    await lazy.close()
    assert ended == ["demo"]
