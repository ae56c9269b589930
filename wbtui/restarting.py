"""Restarting workloads one after the other, each followed until no container of it holds an old value."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import nullcontext, suppress
from datetime import datetime
from enum import Enum
from typing import NamedTuple, Protocol

from wbtui.changing import secret_now
from wbtui.domain.ages import age
from wbtui.domain.clock import Clock, utc_now
from wbtui.domain.held_values import HeldVerdict
from wbtui.domain.reference_paths import Json
from wbtui.domain.references import SecretUser, why_pods_stay
from wbtui.domain.restarts import pods_of, pods_with, restarted, stalls_of
from wbtui.domain.secret import Secret
from wbtui.domain.targets import Workload
from wbtui.domain.text import counted
from wbtui.domain.usage import Usage
from wbtui.errors import ClusterError, Conflict, DryRunUnsupported, NotFound
from wbtui.repository import Cluster

_TRIES = 3
"""An object whose status changes is often no longer as it was read."""


class RestartStep(Enum):
    """How far the restart of one workload is."""

    WAITING = "waiting"
    CHECKING = "checking with the cluster whether it can be restarted …"
    RESTARTED = "restarted"
    DONE = "done: no container of it holds the old value"
    GONE = "nothing to restart: it was deleted"
    STUCK = "stopped here"


_OVER = frozenset({RestartStep.DONE, RestartStep.GONE})
"""After these it is the turn of the next workload."""


class RestartProgress(NamedTuple):
    """The step of one workload, and what is waited for there or went wrong."""

    step: RestartStep
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.step.value}{'; ' if self.step is RestartStep.RESTARTED else ': '}{self.detail}".rstrip(";: ")


class _Before(NamedTuple):
    """The uids of the pods that a workload had before its restart, and why its rollout did not go on then."""

    pods: frozenset[str] = frozenset()
    stalls: frozenset[str] = frozenset()


class FollowedUses(Protocol):
    """Who uses the secrets of the project, kept up to date by its owner; `error` is why that is not known."""

    usage: Usage | None
    error: ClusterError | None

    async def change(self) -> None:
        """Wait until `usage` or `error` changes."""
        ...


class Restarting:
    """Restarts workloads so that they take the new values of a secret, and stops at the first that does not come up.

    It also stops once the secret is deleted: new pods would not start.
    `secret` returns the secret as it is now. What holds an old value is known from `uses` alone, so a restart that was
    left can be begun again: what is done is not restarted.
    """

    def __init__(
        self,
        cluster: Cluster,
        uses: FollowedUses,
        secret: Callable[[], Secret],
        workloads: tuple[SecretUser, ...],
        now: Clock = utc_now,
    ) -> None:
        self._cluster = cluster
        self._store = cluster.workloads
        self._uses = uses
        self._secret = secret
        self._now = now
        self._progress = dict.fromkeys(workloads, RestartProgress(RestartStep.WAITING))
        self._waiting_since: datetime | None = None

    @property
    def progress(self) -> Mapping[SecretUser, RestartProgress]:
        """Return how far each workload is, in the order of their turns."""
        return self._progress

    @property
    def done(self) -> bool:
        """Return whether no workload holds the old value any more."""
        return all(progress.step in _OVER for progress in self._progress.values())

    @property
    def waited(self) -> str:
        """Return for how long the workload whose turn it is has been waited for; empty where none is."""
        since = self._waiting_since
        return age(since.timestamp(), self._now().timestamp()) if since else ""

    async def run(self) -> AsyncIterator[Mapping[SecretUser, RestartProgress]]:
        """Restart them, and yield the progress whenever it changes. Raises any `ClusterError`."""
        for workload in self._progress:
            yield self._at(workload, RestartProgress(RestartStep.CHECKING))
            try:
                async for progress in self._turn(workload):
                    yield self._at(workload, progress)
            except ClusterError as error:
                self._at(workload, RestartProgress(RestartStep.STUCK, error.title))
                raise
            finally:
                self._waiting_since = None
            if self._progress[workload].step not in _OVER:
                return

    def _at(self, workload: SecretUser, progress: RestartProgress) -> Mapping[SecretUser, RestartProgress]:
        self._progress[workload] = progress
        return self._progress

    async def _turn(self, workload: SecretUser) -> AsyncIterator[RestartProgress]:
        """Restart a workload, and yield what is seen of it until its turn is over."""
        before = self._before(workload)
        known = self._listed(workload) is not None
        if not_restarted := await self._restart(workload):
            yield not_restarted
            return
        self._waiting_since = self._now()
        while (progress := self._look(workload, before)).step is RestartStep.RESTARTED:
            yield progress
            await self._uses.change()
            if self._uses.error:
                raise self._uses.error
            if known and not self._listed(workload) and await self._read(workload) is None:
                progress = RestartProgress(RestartStep.GONE)
                break
        yield progress

    def _before(self, workload: SecretUser) -> _Before:
        if not (usage := self._uses.usage):
            return _Before()
        return _Before(frozenset(pod.uid for pod in pods_of(workload, usage)), frozenset(stalls_of(workload, usage)))

    def _listed(self, workload: SecretUser) -> SecretUser | None:
        """Return a workload as the search for uses knows it now."""
        users = self._uses.usage.users if self._uses.usage else ()
        return next((user for user in users if user.uid == workload.uid), None)

    async def _read(self, workload: SecretUser) -> Json | None:
        """Return the object as it is now; None where it was deleted, although there may be another of its name."""
        try:
            now = await self._store.read(Workload(workload.kind, workload.name, workload.namespace, uid=workload.uid))
        except NotFound:
            return None
        return now if now["metadata"].get("uid") == workload.uid else None

    async def _restart(self, workload: SecretUser) -> RestartProgress | None:
        """Restart a workload; return why that was not done, None where it was."""
        tries_left = _TRIES
        while (before := await self._read(workload)) is not None:
            if obstacle := await self._obstacle(before):
                return RestartProgress(RestartStep.STUCK, obstacle)
            tries_left -= 1
            with suppress(Conflict) if tries_left else nullcontext():
                await self._write(before, restarted(before, self._now()))
                return None
        return RestartProgress(RestartStep.GONE)

    async def _obstacle(self, workload: Json) -> str:
        """Return why no pods with the new value would come up, looked up right before the restart."""
        try:
            await secret_now(self._cluster, self._secret())
        except NotFound as error:
            return f"{error}: new pods would not start"
        return why_pods_stay(workload)

    async def _write(self, before: Json, after: Json) -> None:
        with suppress(DryRunUnsupported):  # then only the write itself shows whether it is allowed
            await self._store.write(before, after, dry_run=True)
        await self._store.write(before, after)

    def _look(self, workload: SecretUser, before: _Before) -> RestartProgress:
        """Return what is seen of a workload that was restarted."""
        usage = self._uses.usage
        gap = _gap(usage)
        if not usage or gap:
            return RestartProgress(RestartStep.RESTARTED, gap)
        pods, now = pods_of(workload, usage), self._listed(workload)
        if stuck := next((pod for pod in pods if pod.waiting and pod.uid not in before.pods), None):
            return RestartProgress(RestartStep.STUCK, f"Pod {stuck.name} does not come up: {stuck.waiting}")
        stalls = [stall for stall in stalls_of(workload, usage) if stall not in before.stalls]
        if before.pods and not pods and not (now and now.idle):
            return RestartProgress(RestartStep.RESTARTED, _said("its new pods are not there yet", stalls))
        old, unsure = self._not_replaced(workload, before, usage)
        if (old or unsure) and now and now.stays:
            return RestartProgress(RestartStep.STUCK, now.stays)
        waits = (
            _pods(old, "still holds the old value", "still hold the old value"),
            _pods(unsure, "may still hold the old value", "may still hold the old value"),
            _pods(sum(pod.pending for pod in pods), "is still starting", "are still starting"),
        )
        waited = ", ".join(filter(None, waits))
        return (
            RestartProgress(RestartStep.RESTARTED, _said(waited, stalls))
            if waited
            else RestartProgress(RestartStep.DONE)
        )

    def _not_replaced(self, workload: SecretUser, before: _Before, usage: Usage) -> tuple[int, int]:
        """Return how many pods hold the old value, and how many of those before the restart may."""
        secret = self._secret()
        old = {pod.uid for pod in pods_with(HeldVerdict.OLD, workload, secret, usage)}
        unsure = {pod.uid for pod in pods_with(HeldVerdict.UNKNOWN, workload, secret, usage)} & before.pods
        return len(old), len(unsure - old)


def _gap(usage: Usage | None) -> str:
    """Return what keeps one from knowing which pods there are; empty where nothing does."""
    if usage is None or usage.being_searched:
        return "searching for its pods …"
    reason = next((kind.reason for kind in usage.unsearched if kind.kind == "Pod"), "")
    return f"which pods it has is not known at the moment: {reason} …" if reason else ""


def _said(waited: str, stalls: Iterable[str]) -> str:
    return f"{'; '.join((waited, *stalls))} …"


def _pods(count: int, one: str, many: str) -> str:
    return f"{counted(count, 'pod')} {one if count == 1 else many}" if count else ""
