"""A simulation of the controller of Deployments: it replaces their pods, one by one, when their template changes."""

import asyncio
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime
from itertools import count

from wbtui.demo.apiserver.kinds.table import BY_KIND
from wbtui.demo.apiserver.objects.calls import Call
from wbtui.demo.apiserver.objects.store import ObjectStore, Stored, Watcher
from wbtui.demo.apiserver.objects.writes import Writes
from wbtui.demo.apiserver.wire import Json, encode, timestamp

MANAGER = "kube-controller-manager"
_DEPLOYMENTS, _SETS, _PODS = (BY_KIND[kind] for kind in ("Deployment", "ReplicaSet", "Pod"))
_JSON, _MERGE = "application/json", "application/merge-patch+json"


class Rollouts:
    """Runs in the loop of the server, and sleeps while no template changes; each pod takes `pace` seconds."""

    def __init__(self, store: ObjectStore, writes: Writes, now: Callable[[], datetime], pace: float) -> None:
        self._store = store
        self._writes = writes
        self._now = now
        self._pace = pace
        self._templates: dict[str, Json] = {}
        self._due: dict[str, tuple[float, Json]] = {}  # key of a pod -> the loop's time of its end, and what comes then
        self._numbers = count(1)

    async def run(self) -> None:
        """Replace pods until it is cancelled."""
        if not {_DEPLOYMENTS, _SETS, _PODS} <= self._store.collections.keys():
            return
        while True:
            deployments = self._store.collections[_DEPLOYMENTS].objects
            self._templates = {key: stored.body["spec"]["template"] for key, stored in deployments.items()}
            watcher = self._store.follow([_DEPLOYMENTS], MANAGER)
            try:
                await self._follow(watcher)
            finally:
                self._store.unfollow(watcher)

    async def _follow(self, watcher: Watcher) -> None:
        while not watcher.ended:
            for event in watcher.take_events():
                self._look(event.stored)
            now = self._time()
            for key in [key for key, (due, _) in self._due.items() if due <= now]:
                _, template = self._due.pop(key)
                if old := self._store.collections[_PODS].objects.get(key):
                    self._replace(old.body, template)
            await watcher.wait(min((due for due, _ in self._due.values()), default=None))

    def _look(self, deployment: Stored) -> None:
        """Have the pods of a Deployment replaced, one after the other, where its template has changed."""
        template = deployment.body["spec"]["template"]
        before, self._templates[deployment.key] = self._templates.get(deployment.key), template
        if before is None or before == template:
            return
        for turn, pod in enumerate(self._pods_of(deployment), 1):
            self._due[pod.key] = self._time() + turn * self._pace, template

    def _pods_of(self, deployment: Stored) -> Iterator[Stored]:
        for replica_set in self._owned(_SETS.kind, deployment):
            yield from self._owned(_PODS.kind, replica_set)

    def _owned(self, kind: str, owner: Stored) -> list[Stored]:
        objects = self._store.collections[BY_KIND[kind]].objects.values()
        return [one for one in objects if owner.body["metadata"]["uid"] in _owner_uids(one)]

    def _replace(self, old: Json, template: Json) -> None:
        """Create a pod as the template says, running since now, and delete the old one."""
        before, status = old["metadata"], deepcopy(old["status"])
        name = f"{before['ownerReferences'][0]['name']}-{next(self._numbers):05d}"
        metadata = {"name": name, "labels": before.get("labels", {}), "ownerReferences": before["ownerReferences"]}
        spec = template["spec"] | {"nodeName": old["spec"]["nodeName"]}
        status["startTime"] = started = timestamp(self._now())
        for container in status["containerStatuses"]:
            container["state"] = {"running": {"startedAt": started}}
        namespace = before["namespace"]
        self._writes.create(self._call(namespace, "", {"metadata": metadata, "spec": spec}))
        self._writes.patch(self._call(namespace, name, {"status": status}, "status", _MERGE))
        self._writes.delete(self._call(namespace, before["name"], {"gracePeriodSeconds": 0}))

    @staticmethod
    def _call(namespace: str, name: str, body: Json, subresource: str = "", content_type: str = _JSON) -> Call:
        return Call(_PODS, namespace, name, subresource, {}, encode(body), content_type, MANAGER)

    @staticmethod
    def _time() -> float:
        return asyncio.get_running_loop().time()


def _owner_uids(stored: Stored) -> set[str]:
    return {owner["uid"] for owner in stored.body["metadata"].get("ownerReferences", ())}
