"""List, read and change the workloads of a project; a change fails where the object is no longer as it was read."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from wbtui.cluster.collection import path_of
from wbtui.cluster.connection import JSON, METADATA_LIST, Connection
from wbtui.cluster.creates import Creator, NewObject
from wbtui.cluster.discovery import Discovery
from wbtui.cluster.objects import collection_of, list_all, path_to, read_object, why_not
from wbtui.domain.display_name import display_name_in
from wbtui.domain.handover import REPOINTED
from wbtui.domain.manifests import json_patch, redaction_of
from wbtui.domain.models import DEFAULT_CONFIG
from wbtui.domain.reference_paths import Json
from wbtui.domain.references import KINDS_BY_NAME
from wbtui.domain.restarts import RESTARTABLE
from wbtui.domain.secret import MANAGER
from wbtui.domain.targets import TARGETS, TargetKind, Workload, Workloads
from wbtui.domain.usage import NotSearched
from wbtui.errors import ClusterError, NotFound, Uncertain, is_lost

RecordWrite: TypeAlias = Callable[[str, Json, Awaitable[Json]], Awaitable[Json]]
"""Records a write in the audit log: the action, the object, and the result of awaiting the write."""
_PARALLEL = 4
_WRITTEN = {
    **{one.kind.kind: one.kind for one in RESTARTABLE.values()},
    **{kind.kind: kind for kind in REPOINTED.values()},
    **{target.kind.kind: target.kind for target in TARGETS.values()},
}


class KubernetesWorkloads:
    """Reads and writes everything that a secret can be attached to; `display_name` is the key of that annotation."""

    def __init__(self, connection: Connection, discovery: Discovery, note: RecordWrite, display_name: str) -> None:
        self._connection = connection
        self._discovery = discovery
        self._note = note
        self._display_name = display_name
        self._creator = Creator(connection)

    async def find(self, namespace: str) -> Workloads:
        """Return the workloads of a project; see `repository.WorkloadStore`."""
        limit = asyncio.Semaphore(_PARALLEL)

        async def list_kind(target: TargetKind) -> tuple[Workload, ...] | NotSearched:
            async with limit:
                return await self._list_kind(target, namespace)

        answers = await asyncio.gather(*map(list_kind, TARGETS.values()))
        found = [workload for answer in answers if isinstance(answer, tuple) for workload in answer]
        return Workloads(tuple(found), tuple(answer for answer in answers if isinstance(answer, NotSearched)))

    async def read(self, workload: Workload) -> Json:
        """Return the current object; see `repository.WorkloadStore`."""
        kind = await self._discovery.served(_WRITTEN[workload.kind])
        empty = {
            "apiVersion": kind.api,
            "kind": kind.kind,
            "metadata": {"name": workload.name, "namespace": workload.namespace},
        }
        if not workload.exists:
            return empty
        path = path_to(kind, workload.namespace, workload.name)
        return {**empty, **await self._get(path)}

    async def named(self, kind: str, namespace: str, name: str) -> Workload:
        """Return the workload of this name; one that can be created need not exist. Raises any `ClusterError`."""
        workload = Workload(kind, name, namespace)
        try:
            return self._workload(kind, await self.read(workload))
        except NotFound:
            if workload.target.makes_default and name == DEFAULT_CONFIG:
                return replace(workload, exists=False)
            raise

    async def pods(self, manifest: Json) -> tuple[str, ...]:
        """Return the names of the pods that a change replaces; see `repository.WorkloadStore`."""
        selector = (manifest.get("spec") or {}).get("selector") or {}
        labels = selector.get("matchLabels")
        if not labels or selector.get("matchExpressions"):
            return ()
        wanted = ",".join(f"{name}={value}" for name, value in labels.items())
        namespace = manifest["metadata"]["namespace"]
        pods = collection_of(KINDS_BY_NAME["Pod"], namespace, METADATA_LIST, labelSelector=wanted)
        return tuple(pod.name for pod in await list_all(self._connection, pods, partial(self._workload, "Pod")))

    async def write(self, before: Json, after: Json, *, dry_run: bool = False) -> Json:
        """Change an object from `before` to `after`, or create it; see `repository.WorkloadStore`."""
        exists = bool(before.get("metadata", {}).get("resourceVersion"))
        writing = (self._change if exists else self._create)(before, after, {"dryRun": "All"} if dry_run else {})
        return await (writing if dry_run else self._note("change" if exists else "create", after, writing))

    async def _change(self, before: Json, after: Json, dry_run: dict[str, str]) -> Json:
        # In an object that has changed, the positions in the patch could be those of other entries.
        version = before["metadata"]["resourceVersion"]
        unchanged = {"op": "replace", "path": "/metadata/resourceVersion", "value": version}
        patch = [unchanged, *json_patch(before, after)]
        # Without strict validation: a refused patch would be answered with the whole object and its values.
        query = {"fieldManager": MANAGER, **dry_run}
        try:
            path = f"{_path_of(after)}/{after['metadata']['name']}"
            find_values = partial(redaction_of, before, after)
            patching = self._connection.patch(path, query, accept=JSON, patch=patch, find_values=find_values)
            return read_object(await patching)
        except NotFound as error:
            raise NotFound(str(error), advice="It was deleted, so nothing was changed.") from error
        except ClusterError as error:
            await _redact(before, after, error)
            if dry_run or not is_lost(error):
                raise
            message = f"{error}; whether {_name_of(after)} was changed is not known"
            raise Uncertain(message, advice="Check it before you try again.") from error

    async def _create(self, before: Json, after: Json, dry_run: dict[str, str]) -> Json:
        path = _path_of(after)
        new = NewObject(
            name=_name_of(after),
            path=path,
            body=after,
            accept=JSON,
            parse=read_object,
            metadata_of=lambda manifest: manifest.get("metadata") or {},
            find=partial(self._get, f"{path}/{after['metadata']['name']}"),
            redact=partial(_redact, before, after),
            find_values=partial(redaction_of, before, after),
        )
        return await self._creator.create(new, dry_run=bool(dry_run))

    async def _get(self, path: str) -> Json:
        return read_object(await self._connection.get(path, accept=JSON))

    async def _list_kind(self, target: TargetKind, namespace: str) -> tuple[Workload, ...] | NotSearched:
        kind = target.kind
        try:
            workloads = collection_of(await self._discovery.served(kind), namespace, METADATA_LIST)
            found = await list_all(self._connection, workloads, partial(self._workload, kind.kind))
        except ClusterError as error:
            return NotSearched(kind.kind, why_not(kind, error))
        if target.makes_default and not any(workload.name == DEFAULT_CONFIG for workload in found):
            found = (*found, Workload(kind.kind, DEFAULT_CONFIG, namespace, exists=False))
        return found

    def _workload(self, kind: str, manifest: Json) -> Workload:
        metadata = manifest["metadata"]
        name, owners = metadata["name"], metadata.get("ownerReferences") or ()
        managing = (f"{owner['kind']} {owner['name']}" for owner in owners if owner.get("controller"))
        display_name = display_name_in(metadata.get("annotations") or {}, self._display_name, name)
        namespace, uid = metadata["namespace"], metadata["uid"]
        return Workload(kind, name, namespace, next(managing, ""), uid=uid, display_name=display_name)


def _path_of(manifest: Json) -> str:
    plural = _WRITTEN[manifest["kind"]].plural
    return path_of(manifest["apiVersion"], plural, manifest["metadata"]["namespace"])


def _name_of(manifest: Json) -> str:
    return f"{manifest['kind']} {manifest['metadata']['name']}"


async def _redact(before: Json, after: Json, error: ClusterError) -> None:
    # An error may quote the object, with the values of its variables.
    error.reword(redaction_of(before, after).clean)
