"""Clusters whose client library is loaded after the first frame."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

from wbtui.domain.projects import Context
from wbtui.repository import Cluster, Clusters


class LazyClusters:
    """Clusters that load the client library at the first call, in another thread."""

    def __init__(self, load: Callable[[], Clusters], start_demo: Callable[[AsyncExitStack], Clusters]) -> None:
        self._load = load
        self._start_demo = start_demo
        self._loaded: Clusters | None = None
        self._started = AsyncExitStack()
        self._loading = asyncio.Lock()

    async def contexts(self) -> tuple[Context, ...]:
        """Return the contexts of the kubeconfig, in its order."""
        return await (await self._ready()).contexts()

    async def connect(self, context: str | None = None) -> Cluster:
        """Return the cluster of a context."""
        return await (await self._ready()).connect(context)

    async def open_demo(self) -> None:
        """Start the embedded cluster; from then on, only its contexts are there."""
        async with self._loading:
            self._loaded = await asyncio.to_thread(self._start_demo, self._started)

    async def close(self) -> None:
        """Stop the embedded cluster, where it was started."""
        await self._started.aclose()

    async def _ready(self) -> Clusters:
        async with self._loading:
            if not self._loaded:
                self._loaded = await asyncio.to_thread(self._load)
            return self._loaded
