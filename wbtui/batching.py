"""Writing the same values to several targets: each is tried first, written by itself, and has its own report.

A command uses it without a screen; the values go with the batch:

    batch = Batch(cluster, [Creation(replace(draft, namespace=project)) for project in projects])
    async for report in batch.try_all():  # dry runs: nothing is stored
        say(report)
    async for report in batch.write():  # those that can be written, one after the other
        say(report)
    failed = batch.left or any(report.stage is Stage.REFUSED for report in batch.reports)

A report is yielded whenever it changes: `report.target.namespace`, `report.target.names`, `report.stage`,
`report.detail`, and `report.secret` once it is written. Both methods raise only what keeps them from all targets, such
as a lost connection: what was written until then is in `reports`, and the rest is still `left`.
"""

from collections.abc import AsyncIterator, Container, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple, Protocol

from wbtui.domain.batch import key_changes, refusal_of
from wbtui.domain.display_name import both_names
from wbtui.domain.draft import Draft
from wbtui.domain.replacement import Replacement
from wbtui.domain.secret import Secret
from wbtui.domain.secret_changes import change_in_words
from wbtui.errors import (
    NEEDS_PERSON,
    AccountChanged,
    AlreadyExists,
    ClusterError,
    Conflict,
    DryRunUnsupported,
    NotFound,
    Terminating,
    Unauthorized,
    Uncertain,
    Unreachable,
)
from wbtui.repository import Cluster

_FATAL = (*NEEDS_PERSON, Unreachable, AccountChanged, Unauthorized)
"""After these nothing more is sent: the next write would fare no better."""
_FINAL = (AlreadyExists, NotFound, Terminating)
"""What the same write would get again."""


class Stage(Enum):
    """How far one target is."""

    WAITING = "waiting"
    TRYING = "checking with the cluster …"
    READY = "can be written"
    REFUSED = "cannot be written"
    CHANGED = "not written"
    WRITING = "writing …"
    FAILED = "NOT written"
    UNKNOWN = "not known whether it was written"
    DONE = "written"


_LEFT = frozenset({Stage.READY, Stage.CHANGED, Stage.FAILED, Stage.UNKNOWN})
"""What another try writes: none of these overwrites what somebody else has changed."""
_TROUBLE = {Stage.REFUSED, Stage.CHANGED, Stage.FAILED, Stage.UNKNOWN}


class BatchTarget(Protocol):
    """One secret that is written; its values are sealed."""

    @property
    def namespace(self) -> str:
        """Return the project."""
        ...

    @property
    def name(self) -> str:
        """Return the name of the secret."""
        ...

    @property
    def names(self) -> str:
        """Return what the secret is called."""
        ...

    def refusal(self) -> str:
        """Return why it cannot be written, where that is known without asking; else empty."""
        ...

    def consequences(self) -> str:
        """Return what writing it means for this one target; empty where nothing is special."""
        ...

    async def send(self, cluster: Cluster, *, dry_run: bool) -> Secret:
        """Write it, or only check that. Raises any `ClusterError`."""
        ...

    async def after_conflict(self, cluster: Cluster, error: Conflict) -> "tuple[BatchTarget | None, str]":
        """Return the target as it is after somebody else changed it, None where it cannot be written, and words.

        Raises any `ClusterError`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Creation:
    """A new secret in a project."""

    draft: Draft

    @property
    def namespace(self) -> str:
        """Return the project."""
        return self.draft.namespace

    @property
    def name(self) -> str:
        """Return the name of the secret."""
        return self.draft.name

    @property
    def names(self) -> str:
        """Return what the secret is called."""
        return both_names(self.draft.display_name, self.draft.name)

    def refusal(self) -> str:
        """Return nothing: only the cluster knows."""
        return ""

    def consequences(self) -> str:
        """Return nothing: there is no secret yet."""
        return ""

    async def send(self, cluster: Cluster, *, dry_run: bool) -> Secret:
        """Create the secret, or only check that."""
        return await cluster.create(self.draft, dry_run=dry_run)

    async def after_conflict(self, cluster: Cluster, error: Conflict) -> tuple[BatchTarget | None, str]:
        """Return the same target: what has changed is something else, such as a quota."""
        del cluster
        return self, str(error)


@dataclass(frozen=True, slots=True)
class Renewal:
    """New values for a secret that exists."""

    replacement: Replacement

    @property
    def namespace(self) -> str:
        """Return the project."""
        return self.replacement.secret.namespace

    @property
    def name(self) -> str:
        """Return the name of the secret."""
        return self.replacement.secret.name

    @property
    def names(self) -> str:
        """Return what the secret is called."""
        return self.replacement.secret.names

    def refusal(self) -> str:
        """Return why the secret cannot get new values together with others."""
        return refusal_of(self.replacement)

    def consequences(self) -> str:
        """Return which keys come and go."""
        return key_changes(self.replacement, self.replacement.draft.data())

    async def send(self, cluster: Cluster, *, dry_run: bool) -> Secret:
        """Replace the values, or only check that."""
        return await cluster.replace(self.replacement, dry_run=dry_run)

    async def after_conflict(self, cluster: Cluster, error: Conflict) -> tuple[BatchTarget | None, str]:
        """Look at the secret: another try writes it as it is then, if it still can be."""
        del error
        before = self.replacement.secret
        now = await cluster.read(before)
        said = change_in_words(before, now).rstrip(".")
        if now.uid != before.uid:
            return None, said
        changed = Renewal(replace(self.replacement, secret=now))
        if refusal := changed.refusal():
            return None, f"{said}; {refusal}"
        return changed, f"{said}; another try replaces it anyway"


class WriteReport(NamedTuple):
    """How far one target is, and what there is to say of it; `secret` is what was written.

    One that is `untried` could not be checked: a webhook does not support dry run.
    """

    target: BatchTarget
    stage: Stage = Stage.WAITING
    detail: str = ""
    secret: Secret | None = None
    untried: bool = False

    @property
    def state(self) -> str:
        """Return the stage in words, with what there is to say of it."""
        return f"{self.stage.value}: {self.detail}" if self.detail else self.stage.value

    def __str__(self) -> str:
        return f"{self.target.names} in {self.target.namespace}: {self.state}"


class Batch:
    """Targets that get the same values; `reports` tell how far each is, in their order.

    Once `stops_at_trouble` is set, nothing more is written after the first target that could not be.
    """

    def __init__(self, cluster: Cluster, targets: Iterable[BatchTarget]) -> None:
        self._cluster = cluster
        self._reports = [WriteReport(target) for target in targets]
        self._stopped = False
        self.stops_at_trouble = False

    @property
    def reports(self) -> tuple[WriteReport, ...]:
        """Return how far each target is."""
        return tuple(self._reports)

    @property
    def left(self) -> tuple[WriteReport, ...]:
        """Return those that another try would write."""
        return tuple(report for report in self._reports if report.stage in _LEFT)

    @property
    def done(self) -> tuple[WriteReport, ...]:
        """Return those that were written."""
        return tuple(report for report in self._reports if report.stage is Stage.DONE)

    @property
    def stopping(self) -> bool:
        """Return whether nothing more is begun."""
        return self._stopped

    def stop(self) -> None:
        """Send nothing more after what is under way."""
        self._stopped = True

    async def try_all(self) -> AsyncIterator[WriteReport]:
        """Have the cluster check each target without storing it. Raises what keeps it from all of them."""
        self._stopped = False
        for position, report in enumerate(self._reports):
            if self._stopped:
                return
            yield self._at(position, WriteReport(report.target, Stage.TRYING))
            try:
                yield self._at(position, await self._try(report.target))
            except ClusterError:
                self._at(position, report)
                raise

    async def write(self, stages: Container[Stage] = _LEFT) -> AsyncIterator[WriteReport]:
        """Write what is at one of these stages, one after the other. Raises what keeps it from all of them."""
        self._stopped = False
        for position, report in enumerate(self._reports):
            if self._stopped:
                return
            if report.stage not in stages:
                continue
            yield self._at(position, WriteReport(report.target, Stage.WRITING))
            try:
                written = self._at(position, await self._write(report.target))
            except ClusterError:
                self._at(position, report)
                raise
            self._stopped |= self.stops_at_trouble and written.stage in _TROUBLE
            yield written

    def _at(self, position: int, report: WriteReport) -> WriteReport:
        self._reports[position] = report
        return report

    async def _try(self, target: BatchTarget) -> WriteReport:
        if refusal := target.refusal():
            return WriteReport(target, Stage.REFUSED, refusal)
        detail = target.consequences()
        try:
            await target.send(self._cluster, dry_run=True)
        except DryRunUnsupported as error:
            return WriteReport(target, Stage.READY, f"{error.title}{detail and '; '}{detail}", untried=True)
        except _FATAL:
            raise
        except Conflict as error:
            return await self._look(target, error)
        except ClusterError as error:
            return WriteReport(target, Stage.REFUSED, error.titled)
        return WriteReport(target, Stage.READY, detail)

    async def _write(self, target: BatchTarget) -> WriteReport:
        try:
            secret = await target.send(self._cluster, dry_run=False)
        except Uncertain as error:
            return WriteReport(target, Stage.UNKNOWN, str(error))
        except Conflict as error:
            return await self._look(target, error)
        except _FINAL as error:
            return WriteReport(target, Stage.REFUSED, error.titled)
        except _FATAL:
            raise
        except ClusterError as error:
            return WriteReport(target, Stage.FAILED, error.titled)
        return WriteReport(target, Stage.DONE, secret=secret)

    async def _look(self, target: BatchTarget, conflict: Conflict) -> WriteReport:
        try:
            now, said = await target.after_conflict(self._cluster, conflict)
        except ClusterError as error:
            return WriteReport(target, Stage.REFUSED, error.titled)
        return WriteReport(now or target, Stage.CHANGED if now else Stage.REFUSED, said)
