"""The embedded cluster in a thread of its own, for callers outside its event loop."""

import asyncio
from collections.abc import Callable
from threading import Event, Thread
from typing import Any, Self

from wbtui.demo.apiserver.wire import Json
from wbtui.demo.cluster import EmbeddedCluster


class BackgroundCluster:
    """Runs an EmbeddedCluster in a daemon thread, and takes what that takes.

    Everything here may be called from any thread.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.cluster = EmbeddedCluster(*arguments, **options)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: Thread | None = None

    def start(self) -> None:
        """Start the thread; the cluster listens when this returns."""
        listening = Event()
        self._thread = Thread(target=self._run, args=(listening,), name="embedded-cluster", daemon=True)
        self._thread.start()
        listening.wait()
        try:
            self._on_loop(self.cluster.start())
        except OSError:
            self.stop()
            raise

    def _run(self, listening: Event) -> None:
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            self._loop.call_soon(listening.set)
            self._loop.run_forever()

    def _on_loop(self, coroutine: Any) -> None:
        """Run a coroutine on the cluster's loop, and wait for its end."""
        assert self._loop is not None  # noqa: S101 - start() comes first
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def stop(self) -> None:
        """Stop serving, and end the thread."""
        if self._loop is None or self._thread is None:
            return
        self._on_loop(self.cluster.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop = self._thread = None

    def restart(self) -> None:
        """Stop and start on the same port; what is stored is kept."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    @property
    def url(self) -> str:
        """Return the address of the API server."""
        return self.cluster.url

    def token(self, user: str = "demo") -> str:
        """Return the bearer token of a user, by the name of its context."""
        return self.cluster.token(user)

    def kubeconfig(self, *, kubectl: bool = False) -> Json:
        """Return a kubeconfig with a context for each user."""
        return self.cluster.kubeconfig(kubectl=kubectl)

    @property
    def webhook_down(self) -> bool:
        """Return whether the webhook for secrets cannot be reached."""
        return self.cluster.webhook_down

    @webhook_down.setter
    def webhook_down(self, down: bool) -> None:
        self.cluster.webhook_down = down

    @property
    def quota(self) -> dict[str, int]:
        """Return the limit of secrets by namespace."""
        return self.cluster.quota

    @quota.setter
    def quota(self, quota: dict[str, int]) -> None:
        self.cluster.quota = quota

    def compact(self) -> None:
        """Forget older versions."""
        self._call(self.cluster.compact)

    def revoke(self, user: str) -> None:
        """Make a user's token invalid."""
        self._call(self.cluster.revoke, user)

    def restore(self, user: str) -> None:
        """Make a user's token valid again."""
        self._call(self.cluster.restore, user)

    def _call(self, switch: Callable[..., None], *arguments: str) -> None:
        async def on_loop() -> None:
            switch(*arguments)

        self._on_loop(on_loop())
