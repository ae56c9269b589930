"""A simulation of the AIM Engine: it checks what an AIMService needs, and starts the service step by step."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from wbtui.demo.apiserver.kinds.table import BY_KIND, SECRETS
from wbtui.demo.apiserver.objects.calls import Call
from wbtui.demo.apiserver.objects.store import ObjectStore, Watcher
from wbtui.demo.apiserver.objects.writes import Writes
from wbtui.demo.apiserver.wire import Json, at, encode, timestamp
from wbtui.demo.engine.obstacles import missing_model, model_of, obstacle
from wbtui.demo.engine.status import ServiceProgress, status

PACE = 3.0  # seconds from one step to the next, slow enough to watch
MANAGER = "aim-engine"
SERVICES = BY_KIND["AIMService"]
_WATCHED = (
    *(SERVICES, SECRETS),
    *(BY_KIND[kind] for kind in ("AIMModel", "AIMClusterModel", "AIMRuntimeConfig", "AIMClusterRuntimeConfig")),
)
_NEXT = {"Pending": "Starting", "Starting": "Running", "Failed": "Pending"}
_SERVING = {"Running", "Degraded"}


class Engine:
    """Runs in the loop of the server, and sleeps while nothing changes."""

    def __init__(self, store: ObjectStore, writes: Writes, now: Callable[[], datetime], pace: float) -> None:
        self._store = store
        self._writes = writes
        self._now = now
        self._pace = pace
        self._due: dict[str, float] = {}  # key of a service -> the loop's time of its next step

    async def run(self) -> None:
        """Advance services until it is cancelled."""
        if SERVICES not in self._store.collections:
            return
        while True:
            watcher = self._begin()
            try:
                await self._follow(watcher)
            finally:
                self._store.unfollow(watcher)

    async def _follow(self, watcher: Watcher) -> None:
        """Take the steps that are due until the watch ends; `run` then starts again with all services."""
        while not watcher.ended:
            self._read(watcher)
            self._advance()
            await watcher.wait(min(self._due.values(), default=None))

    def _begin(self) -> Watcher:
        """Schedule every service once, and return a watch of further changes."""
        for key, stored in self._store.collections[SERVICES].objects.items():
            self._look(key, stored.body)
        return self._store.follow(_WATCHED, MANAGER)

    def _read(self, watcher: Watcher) -> None:
        for event in watcher.take_events():
            if event.stored.body["kind"] != SERVICES.kind:
                self._wake(event.stored.body["metadata"].get("namespace", ""))
            elif event.type == "DELETED":
                self._due.pop(event.stored.key, None)
            else:
                self._look(event.stored.key, event.stored.body)

    def _look(self, key: str, service: Json) -> None:
        """Schedule the next step of a service, if it has one."""
        self._due.pop(key, None)
        if _outdated(service):
            self._due[key] = self._time()
        elif _progressing(service):
            self._due[key] = self._time() + self._pace

    def _wake(self, namespace: str) -> None:
        """Check the waiting services again: something that they need was added, changed or deleted."""
        for key, stored in self._store.collections[SERVICES].objects.items():
            concerned = namespace in {"", stored.body["metadata"]["namespace"]}
            waits = at(stored.body, "status.status") == "Failed" or _progressing(stored.body)
            if concerned and waits:
                self._due.setdefault(key, self._time())

    def _advance(self) -> None:
        """Take every step that is due."""
        now = self._time()
        for key in [key for key, due in self._due.items() if due <= now]:
            del self._due[key]
            if stored := self._store.collections[SERVICES].objects.get(key):
                self._step(stored.body)

    def _step(self, service: Json) -> None:
        progress = self._progress(service)
        new = status(service, progress, timestamp(self._now()))
        if new != service.get("status"):
            self._write(service["metadata"], new)

    def _progress(self, service: Json) -> ServiceProgress:
        """Return the next state; secrets are checked only when a service starts."""
        before, outdated = at(service, "status.status"), _outdated(service)
        model = model_of(self._store, service)
        blocked_by = missing_model(self._store, service) or (None if outdated else obstacle(self._store, service))
        if blocked_by:
            return ServiceProgress(blocked_by.state, model, blocked_by)
        if outdated:
            return ServiceProgress("Starting" if before in _SERVING else "Pending", model)
        return ServiceProgress(_NEXT.get(before, before), model)

    def _write(self, metadata: Json, new: Json) -> None:
        name, namespace = metadata["name"], metadata["namespace"]
        body, kind = encode({"status": new}), "application/merge-patch+json"
        self._writes.patch(Call(SERVICES, namespace, name, "status", {}, body, kind, MANAGER))

    @staticmethod
    def _time() -> float:
        return asyncio.get_running_loop().time()


def _outdated(service: Json) -> bool:
    return bool(at(service, "status.observedGeneration", 0) != service["metadata"]["generation"])


def _progressing(service: Json) -> bool:
    ready = (entry["reason"] for entry in at(service, "status.conditions", ()) if entry["type"] == "Ready")
    return at(service, "status.status") in {"Pending", "Starting"} and next(ready, "") == "Progressing"
