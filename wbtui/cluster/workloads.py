"""The workloads of a project: found by their metadata, read one by one, changed if they are still as they were."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias

from wbtui.cluster.connection import JSON, METADATA_LIST, Connection
from wbtui.cluster.objects import collection_of, list_all, path_to, read_object, why_not
from wbtui.cluster.redaction import Redaction
from wbtui.domain.draft import MANAGER
from wbtui.domain.manifests import json_patch, plain_values
from wbtui.domain.models import DEFAULT_CONFIG
from wbtui.domain.references import KINDS, Json
from wbtui.domain.targets import TARGETS, Target, Workload, Workloads
from wbtui.domain.usage import NotSearched
from wbtui.repository import LOST, ClusterError, NotFound, Uncertain

Note: TypeAlias = Callable[[str, Json, Awaitable[Json]], Awaitable[Json]]
"""Keeps a record of a write: what is done to which object, and how it ends."""
_SIDE_BY_SIDE = 4
_TELLING = 6
"""Characters from which a value can be a secret; shorter ones are switches and numbers, and stand in any message."""
_KINDS = {kind.kind: kind for kind in KINDS}


class WorkloadStore:
    """Reads and writes everything that a secret can be attached to."""

    def __init__(self, connection: Connection, note: Note) -> None:
        self._connection = connection
        self._note = note

    async def find(self, namespace: str) -> Workloads:
        """Return the workloads of a project; see `repository.WorkloadStore`."""
        limit = asyncio.Semaphore(_SIDE_BY_SIDE)

        async def look(target: Target) -> list[Workload] | NotSearched:
            async with limit:
                return await self._look(target, namespace)

        answers = await asyncio.gather(*map(look, TARGETS.values()))
        found = [workload for answer in answers if isinstance(answer, list) for workload in answer]
        return Workloads(tuple(found), tuple(answer for answer in answers if isinstance(answer, NotSearched)))

    async def read(self, workload: Workload) -> Json:
        """Return an object as it is now; see `repository.WorkloadStore`."""
        kind = workload.target.kind
        empty = {
            "apiVersion": kind.api,
            "kind": kind.kind,
            "metadata": {"name": workload.name, "namespace": workload.namespace},
        }
        if not workload.exists:
            return empty
        path = f"{path_to(kind, workload.namespace)}/{workload.name}"
        return {**empty, **read_object(await self._connection.get(path, accept=JSON))}

    async def pods(self, thing: Json) -> tuple[str, ...]:
        """Return the names of the pods that a change replaces; see `repository.WorkloadStore`."""
        selector = (thing.get("spec") or {}).get("selector") or {}
        labels = selector.get("matchLabels")
        if not labels or selector.get("matchExpressions"):
            return ()
        wanted = ",".join(f"{name}={value}" for name, value in labels.items())
        pods = collection_of(_KINDS["Pod"], thing["metadata"]["namespace"], METADATA_LIST, labelSelector=wanted)
        return tuple(pod.name for pod in await list_all(self._connection, pods, partial(_workload, "Pod")))

    async def write(self, before: Json, after: Json, *, dry_run: bool = False) -> Json:
        """Make `after` of `before`; see `repository.WorkloadStore`."""
        metadata = after["metadata"]
        path = path_to(_KINDS[after["kind"]], metadata["namespace"])
        query = {"fieldManager": MANAGER, **({"dryRun": "All"} if dry_run else {})}
        if version := before.get("metadata", {}).get("resourceVersion"):
            # Where it has changed meanwhile, the positions in the patch would be those of something else.
            unchanged = {"op": "replace", "path": "/metadata/resourceVersion", "value": version}
            patch = [unchanged, *json_patch(before, after)]
            path = f"{path}/{metadata['name']}"
            sending = self._connection.patch(path, query, accept=JSON, patch=patch)
        else:
            # Of a patch a strict server would quote the whole object, with the values of its variables.
            query["fieldValidation"] = "Strict"
            sending = self._connection.post(path, query, accept=JSON, body=after)
        answer = _answer(before, after, sending, dry_run=dry_run)
        return await (answer if dry_run else self._note("change" if version else "create", after, answer))

    async def _look(self, target: Target, namespace: str) -> list[Workload] | NotSearched:
        kind = target.kind
        try:
            workloads = collection_of(kind, namespace, METADATA_LIST)
            found = await list_all(self._connection, workloads, partial(_workload, kind.kind))
        except ClusterError as error:
            return NotSearched(kind.kind, why_not(error, everywhere=kind.cluster_wide))
        if target.makes_default and not any(workload.name == DEFAULT_CONFIG for workload in found):
            found.append(Workload(kind.kind, DEFAULT_CONFIG, namespace, exists=False))
        return found


def _workload(kind: str, thing: Json) -> Workload:
    metadata = thing["metadata"]
    owners = metadata.get("ownerReferences") or ()
    managing = (f"{owner['kind']} {owner['name']}" for owner in owners if owner.get("controller"))
    return Workload(kind, metadata["name"], metadata["namespace"], next(managing, ""), uid=metadata["uid"])


async def _answer(before: Json, after: Json, sending: Awaitable[bytes], *, dry_run: bool) -> Json:
    try:
        return read_object(await sending)
    except NotFound as error:
        raise NotFound(str(error), advice="Go back with Escape.") from None
    except ClusterError as error:
        told = _redacted(error, before, after)
        if dry_run or not isinstance(error, LOST):
            raise told from None
        name = f"{after['kind']} {after['metadata']['name']}"
        raise Uncertain(
            f"{told}; whether {name} was changed is not known", advice="Look at it before you do it again."
        ) from None


def _redacted(error: ClusterError, *things: Json) -> ClusterError:
    # A refusal may quote the object, and with it variables that hold a plain value.
    values = {value for thing in things for value in plain_values(thing) if len(value) >= _TELLING}
    return Redaction(value.encode() for value in values).of(error)
