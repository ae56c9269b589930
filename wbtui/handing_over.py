"""Pointing objects to another secret, one after the other; each only while that secret has what the object reads."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from enum import Enum
from typing import NamedTuple

from wbtui.changing import secret_now
from wbtui.domain.handover import HandoverChange, repointed, still_names
from wbtui.domain.references import SecretUser
from wbtui.domain.secret import Secret
from wbtui.domain.targets import Workload
from wbtui.errors import (
    LOST,
    NEEDS_PERSON,
    AccountChanged,
    ClusterError,
    Conflict,
    DryRunUnsupported,
    NotFound,
    Unauthorized,
    Uncertain,
)
from wbtui.repository import Cluster, WorkloadStore

_FATAL = (*LOST, *NEEDS_PERSON, AccountChanged, Unauthorized, Uncertain)
"""After these nothing more is sent: the next write would fare no better."""


class HandoverStep(Enum):
    """How far the change of one object is."""

    WAITING = "waiting"
    CHECKING = "checking with the cluster whether it can be changed …"
    DONE = "done"
    CHANGED = "not changed: it is no longer as it was shown"
    FAILED = "not changed"


class HandoverProgress(NamedTuple):
    """The step of one object, and what went wrong there."""

    step: HandoverStep
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.step.value}: {self.detail}" if self.detail else self.step.value


class Reviewed(NamedTuple):
    """The changes that can be made, and what cannot be changed, with the reason."""

    changes: tuple[HandoverChange, ...]
    left: tuple[tuple[SecretUser, str], ...]


async def read_changes(
    store: WorkloadStore, users: tuple[SecretUser, ...], old: str, new: str, keys: tuple[str, ...] | None
) -> Reviewed:
    """Read objects, and return how each is pointed from one secret to another; `keys` are those of the new one.

    Raises any `ClusterError`; an object that is gone by now is left out.
    """
    changes: list[HandoverChange] = []
    left: list[tuple[SecretUser, str]] = []
    for user in users:
        try:
            before = await store.read(Workload(user.kind, user.name, user.namespace, uid=user.uid))
        except NotFound:
            continue
        change = repointed(user, before, old, new)
        if reason := _why_not(change, old, new, keys):
            left.append((user, reason))
        elif change.before != change.after:
            changes.append(change)
    return Reviewed(tuple(changes), tuple(left))


def _why_not(change: HandoverChange, old: str, new: str, keys: tuple[str, ...] | None) -> str:
    if still_names(change, old):
        return f"it names {old} in a place that cannot be changed here"
    if keys is None:
        return (
            f"it reads {' and '.join(sorted(change.needed))}; the keys of {new} are not known" if change.needed else ""
        )
    missing = sorted(change.needed - set(keys))
    return f"it reads {' and '.join(missing)}, which is no key in {new}" if missing else ""


class HandingOver:
    """Makes changes that were on the screen, which point objects to `target`; `progress` tells how far it is.

    Trouble with one object does not stop the others. It can be stopped between any two writes: at no time does an
    object name a secret that is not there.
    """

    def __init__(self, cluster: Cluster, target: Secret, changes: tuple[HandoverChange, ...]) -> None:
        self._cluster = cluster
        self._target = target
        self._changes = changes
        self._progress = {change.user: HandoverProgress(HandoverStep.WAITING) for change in changes}

    @property
    def progress(self) -> Mapping[SecretUser, HandoverProgress]:
        """Return how far each object is."""
        return self._progress

    @property
    def ended(self) -> bool:
        """Return whether every object had its turn."""
        return not any(
            progress.step in {HandoverStep.WAITING, HandoverStep.CHECKING} for progress in self._progress.values()
        )

    async def run(self) -> AsyncGenerator[Mapping[SecretUser, HandoverProgress], None]:
        """Make the changes, and yield the progress whenever it changes. Raises what ends them all."""
        for change in self._changes:
            yield self._at(change, HandoverProgress(HandoverStep.CHECKING))
            yield self._at(change, await self._make(change))

    def _at(self, change: HandoverChange, progress: HandoverProgress) -> Mapping[SecretUser, HandoverProgress]:
        self._progress[change.user] = progress
        return self._progress

    async def _make(self, change: HandoverChange) -> HandoverProgress:
        try:
            if missing := await self._missing(change):
                return HandoverProgress(HandoverStep.FAILED, missing)
            await self._write(change)
        except Conflict:
            return HandoverProgress(HandoverStep.CHANGED)
        except _FATAL as error:
            self._at(change, HandoverProgress(HandoverStep.FAILED, str(error)))
            raise
        except ClusterError as error:
            return HandoverProgress(HandoverStep.FAILED, error.titled)
        return HandoverProgress(HandoverStep.DONE)

    async def _missing(self, change: HandoverChange) -> str:
        """Return what the object would not find, looked up right before it is changed."""
        target = self._target
        try:
            now = await secret_now(self._cluster, target)
        except NotFound as error:
            return str(error)
        missing = sorted(change.needed - set(now.keys)) if now.keys is not None else []
        return f"{target.name} has no key {' and '.join(missing)} any more" if missing else ""

    async def _write(self, change: HandoverChange) -> None:
        workloads = self._cluster.workloads
        with suppress(DryRunUnsupported):  # then only the write itself shows whether it is allowed
            await workloads.write(change.before, change.after, dry_run=True)
        await workloads.write(change.before, change.after)
