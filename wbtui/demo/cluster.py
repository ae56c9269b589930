"""The embedded cluster: a small Kubernetes API on 127.0.0.1, with sample projects in it."""

import asyncio
import socket
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Self

from aiohttp import web

from wbtui.demo.apiserver.access.users import Access, TokenUser, demo_users
from wbtui.demo.apiserver.http.server import ApiServer
from wbtui.demo.apiserver.kinds.custom import custom
from wbtui.demo.apiserver.kinds.table import RESOURCES
from wbtui.demo.apiserver.objects.store import ObjectStore
from wbtui.demo.apiserver.objects.writes import Writes
from wbtui.demo.apiserver.wire import Json
from wbtui.demo.engine.engine import Engine
from wbtui.demo.engine.rollouts import Rollouts
from wbtui.demo.samples.populate import PROJECT, populate
from wbtui.domain.clock import Clock, utc_now

HOST = "127.0.0.1"
PATIENCE = 1.0  # seconds that a stop waits for open requests
_ACCEPTING_TURNS = 5
"""Turns of the event loop after which all that was accepted is a connection."""


class EmbeddedCluster:
    """A cluster that runs as long as its context manager, and switches that make it fail.

    It does not serve the groups, versions and kinds in `lacking`; it also serves the custom resources in
    `definitions`, which are in the format of `kubectl get crd`, in the place of its own of the same kind. With `pace`,
    in seconds per step, services progress to Running, and pods are replaced where the template of their Deployment
    changes; without it, nothing changes by itself.
    """

    def __init__(
        self,
        port: int = 0,
        secrets: int = 0,
        *,
        sample: bool = True,
        users: dict[str, TokenUser] | None = None,
        now: Clock = utc_now,
        lacking: Collection[str] = (),
        pace: float | None = None,
        definitions: Iterable[Json] = (),
    ) -> None:
        more = list(custom(definitions))
        replaced = {(one.group, one.kind) for one in more}
        known = (one for one in RESOURCES if (one.group, one.kind) not in replaced)
        resources = [one for one in (*known, *more) if one.group not in lacking]
        served = [one for one in resources if not {one.api_version, one.kind} & {*lacking}]
        self.store = ObjectStore(resources)
        self.webhook_down = False
        self.quota: dict[str, int] = {}
        self._access = Access(demo_users(PROJECT) if users is None else users)
        self._port = port
        self._namespace = populate(self.store, secrets, sample=sample)
        writes = Writes(self.store, self, now)
        self._server = ApiServer(self.store, served, self._access, writes, now)
        self._controllers: list[Engine | Rollouts] = []
        if pace is not None:
            self._controllers = [kind(self.store, writes, now, pace) for kind in (Engine, Rollouts)]
        self._running: list[asyncio.Task[None]] = []
        self._runner: web.AppRunner | None = None
        self._listener: socket.socket | None = None

    async def start(self) -> None:
        """Start to listen; a restart uses the same port. Raises `OSError` where the port is taken."""
        self._listener = socket.create_server((HOST, self._port))
        self._port = self._listener.getsockname()[1]
        application = self._server.application()
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=PATIENCE, handler_cancellation=True)
        await self._runner.setup()
        await web.SockSite(self._runner, self._listener).start()
        self._running = [asyncio.create_task(controller.run()) for controller in self._controllers]

    async def stop(self) -> None:
        """End every watch and stop listening; stored objects are kept."""
        for task in self._running:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self._running.clear()
        for watcher in self.store.watchers:
            watcher.end()
        if self._runner and self._listener:
            await _close(self._runner, self._listener)
            self._runner = self._listener = None

    async def __aenter__(self) -> Self:
        """Serve on the running loop."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop serving."""
        await self.stop()

    @property
    def url(self) -> str:
        """Return the address of the API server."""
        return f"http://{HOST}:{self._port}"

    def token(self, user: str = "demo") -> str:
        """Return the bearer token of a user, by the name of its context."""
        return self._access.users[user].token

    def kubeconfig(self, *, kubectl: bool = False) -> Json:
        """Return a kubeconfig with a context for each user.

        kubectl sends no token over plain HTTP, but it sends the user and password of a URL. So for kubectl the tokens
        are in the addresses, and only there: other clients would use either.
        """
        users = self._access.users
        names = list(users)
        addresses = {name: f"{name}:{user.token}@" if kubectl else "" for name, user in users.items()}
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": names[0],
            "clusters": [
                {"name": name, "cluster": {"server": self.url.replace("//", f"//{addresses[name]}")}} for name in names
            ],
            "users": [{"name": name, "user": {} if kubectl else {"token": users[name].token}} for name in names],
            "contexts": [
                {"name": name, "context": {"cluster": name, "user": name, "namespace": self._namespace}}
                for name in names
            ],
        }

    def compact(self) -> None:
        """Drop older versions; requests for them, and open watches, fail with Expired."""
        self.store.compact()

    def revoke(self, user: str) -> None:
        """Make a user's token invalid, and end its watches."""
        self._access.revoked.add(user)
        for watcher in self.store.watchers:
            if watcher.user == self._access.users[user].username:
                watcher.end()

    def restore(self, user: str) -> None:
        """Make a user's token valid again."""
        self._access.revoked.discard(user)


async def _close(runner: web.AppRunner, listener: socket.socket) -> None:
    """Stop a server, and close each of its connections.

    asyncio leaves a connection open that it accepts as a server is closed, so accepting ends first. A connection with
    unsent data, whose client does not read, would stay open for ever, so each is aborted.
    """
    asyncio.get_running_loop().remove_reader(listener)
    for _ in range(_ACCEPTING_TURNS):
        await asyncio.sleep(0)
    connections = runner.server.connections if runner.server else []
    transports = [one.transport for one in connections]
    await runner.cleanup()
    for transport in transports:
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()
    await asyncio.sleep(0)
