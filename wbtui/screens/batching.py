"""Writing the same values to several secrets, one after the other: each is tried first, and each has its own result."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from enum import Enum
from typing import NamedTuple

from wbtui.domain.batch import key_changes, refusal_of
from wbtui.domain.replacement import Replacement
from wbtui.domain.secret import Secret
from wbtui.domain.secret_changes import change_in_words
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
from wbtui.repository import Cluster

_FATAL = (*NEEDS_PERSON, *LOST, AccountChanged, Unauthorized)
"""After these nothing more is sent: the next write would fare no better."""


class Stage(Enum):
    """How far one secret is."""

    WAITING = "waiting"
    TRYING = "checking with the cluster …"
    READY = "can be written"
    REFUSED = "cannot be written"
    CHANGED = "not written"
    WRITING = "writing …"
    FAILED = "NOT written"
    UNKNOWN = "not known whether it was written"
    DONE = "written"


_LEFT = {Stage.READY, Stage.CHANGED, Stage.FAILED, Stage.UNKNOWN}
"""What another try writes: none of these overwrites what somebody else has changed."""


class Report(NamedTuple):
    """The stage of one secret, and what there is to say of it."""

    stage: Stage
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.stage.value}: {self.detail}" if self.detail else self.stage.value


class Batch:
    """Replacements that hold the same values; `reports` tell how far each is. The values go with it."""

    def __init__(self, cluster: Cluster, replacements: tuple[Replacement, ...]) -> None:
        self._cluster = cluster
        self._replacements = {one.secret.uid: one for one in replacements}
        self._reports = {one.secret.uid: Report(Stage.WAITING) for one in replacements}
        self._stopped = False

    @property
    def reports(self) -> Mapping[str, tuple[Secret, Report]]:
        """Return each secret as it was shown, and how far it is, by uid."""
        return {uid: (self._replacements[uid].secret, report) for uid, report in self._reports.items()}

    @property
    def left(self) -> frozenset[str]:
        """Return the uids of what another try would write."""
        return frozenset(uid for uid, report in self._reports.items() if report.stage in _LEFT)

    @property
    def done(self) -> frozenset[str]:
        """Return the uids of what was written."""
        return frozenset(uid for uid, report in self._reports.items() if report.stage is Stage.DONE)

    def stop(self) -> None:
        """Send nothing more after the write that is under way."""
        self._stopped = True

    async def try_all(self) -> AsyncIterator[None]:
        """Have the cluster check each replacement without storing it. Raises what keeps it from all of them."""
        for uid, replacement in self._replacements.items():
            self._reports[uid] = Report(Stage.TRYING)
            yield None
            self._reports[uid] = await self._try(replacement)
            yield None

    async def write(self) -> AsyncIterator[None]:
        """Write what can be written, one after the other. Raises what keeps it from all of them."""
        self._stopped = False
        for uid in [uid for uid in self._replacements if uid in self.left]:
            if self._stopped:
                return
            before = self._reports[uid]
            self._reports[uid] = Report(Stage.WRITING)
            yield None
            try:
                self._reports[uid] = await self._write(uid)
            except ClusterError:
                self._reports[uid] = before
                raise
            yield None

    async def _try(self, replacement: Replacement) -> Report:
        if refusal := refusal_of(replacement):
            return Report(Stage.REFUSED, refusal)
        detail = key_changes(replacement, replacement.draft.data())
        try:
            await self._cluster.replace(replacement, dry_run=True)
        except DryRunUnsupported as error:
            return Report(Stage.READY, f"{error.title}{detail and '; '}{detail}")
        except _FATAL:
            raise
        except Conflict:
            return await self._look(replacement.secret.uid)
        except ClusterError as error:
            return Report(Stage.REFUSED, f"{error.title}: {error}")
        return Report(Stage.READY, detail)

    async def _write(self, uid: str) -> Report:
        try:
            await self._cluster.replace(self._replacements[uid])
        except Uncertain as error:
            return Report(Stage.UNKNOWN, str(error))
        except Conflict:
            return await self._look(uid)
        except NotFound as error:  # nothing creates it here
            return Report(Stage.REFUSED, f"{error.title}: {error}")
        except _FATAL:
            raise
        except ClusterError as error:
            return Report(Stage.FAILED, f"{error.title}: {error}")
        return Report(Stage.DONE)

    async def _look(self, uid: str) -> Report:
        """Look at a secret that was changed; another try writes it as it is shown then, if it still can be."""
        replacement = self._replacements[uid]
        try:
            now = await self._cluster.read(replacement.secret)
        except ClusterError as error:
            return Report(Stage.REFUSED, f"{error.title}: {error}")
        said = change_in_words(replacement.secret, now).rstrip(".")
        if now.uid != replacement.secret.uid:
            return Report(Stage.REFUSED, said)
        changed = replace(replacement, secret=now)
        if refusal := refusal_of(changed):
            return Report(Stage.REFUSED, f"{said}; {refusal}")
        self._replacements[uid] = changed
        return Report(Stage.CHANGED, f"{said}; another try replaces it anyway")
