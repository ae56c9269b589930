"""Changing a workload: reading it and its secret before, and saying who has changed it meanwhile."""

from contextlib import suppress

from wbtui.domain.placements import detached
from wbtui.domain.reference_paths import Json
from wbtui.domain.secret import Secret
from wbtui.domain.targets import Workload
from wbtui.errors import ClusterError, NotFound, UnexpectedAnswer
from wbtui.repository import Cluster, WorkloadStore


async def read_to_change(store: WorkloadStore, workload: Workload) -> tuple[Json, tuple[str, ...]]:
    """Return a workload as it is now, and the names of its pods where they are known. Raises any `ClusterError`."""
    before = well_formed(workload, await store.read(workload))
    with suppress(ClusterError):  # their number stands in the workload itself; their names are a help
        return before, await store.pods(before)
    return before, ()


async def secret_now(cluster: Cluster, secret: Secret) -> Secret:
    """Return a secret as it is now. Raises `NotFound` where it was deleted or is being deleted, or any other error."""
    try:
        now = await cluster.read(secret)
    except NotFound as error:
        raise NotFound(f"{secret.name} was deleted") from error
    if now.uid != secret.uid or now.deleted:
        raise NotFound(f"{secret.name} was deleted, or is being deleted")
    return now


def well_formed(workload: Workload, manifest: Json) -> Json:
    """Return an object in which secrets can be placed; raises `UnexpectedAnswer` where it is not built as its kind."""
    try:
        detached(workload.target, manifest, "")
        workload.target.effect(manifest)
    except (AttributeError, TypeError) as error:
        raise UnexpectedAnswer(
            "it does not match the schema of its kind", advice="Check it with kubectl and correct it first."
        ) from error
    return manifest


def by_whom(manifest: Json) -> str:
    """Return who changed an object last, and when, after a comma; empty where that was not recorded."""
    entries = [entry for entry in manifest["metadata"].get("managedFields") or () if entry.get("time")]
    last = max(entries, key=lambda entry: entry["time"], default=None)
    return f", by {last.get('manager', 'an unknown user')} at {last['time']}" if last else ""
