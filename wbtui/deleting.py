"""Deleting several secrets: each is sent once, and looked for where no answer came."""

import asyncio
from collections.abc import AsyncIterator, Callable

from wbtui.domain.clock import utc_now
from wbtui.domain.deletion import DeletionOutcome, Result, Results
from wbtui.domain.secret import Secret
from wbtui.domain.secret_changes import change_in_words
from wbtui.errors import LOST, NEEDS_PERSON, AccountChanged, ClusterError, Conflict, NotFound, Unauthorized, Uncertain
from wbtui.repository import Cluster

_SIDE_BY_SIDE = 4
"""Deletes that are under way at a time."""
_FATAL = (*LOST, *NEEDS_PERSON, AccountChanged, Unauthorized)
"""After these nothing more is sent: the next delete would fare no better."""
_PAUSES = (1, 2, 4, 8, 15)
"""Seconds before each look for what is not known."""


class Deleting:
    """The deletion of secrets that were on the screen; `results` tell how far it is.

    `user` returns who is named on the screen. Once that is another user, nothing more is sent.
    """

    def __init__(self, cluster: Cluster, secrets: tuple[Secret, ...], user: Callable[[], str]) -> None:
        self._cluster = cluster
        self._user = user
        self._begun_by = user()
        self._secrets = secrets
        self._results = {secret.uid: Result(DeletionOutcome.WAITING) for secret in secrets}
        self._result_came = asyncio.Event()
        self._limit = asyncio.Semaphore(_SIDE_BY_SIDE)
        self._stopped = ""

    @property
    def results(self) -> Results:
        """Return how far each is."""
        return self._results

    @property
    def under_way(self) -> bool:
        """Return whether something is still to be sent, or to be answered."""
        return any(
            result.outcome in {DeletionOutcome.WAITING, DeletionOutcome.DELETING} for result in self._results.values()
        )

    @property
    def stopping(self) -> bool:
        """Return whether nothing more is sent, and only answers are waited for."""
        return self.under_way and bool(self._stopped)

    @property
    def unknown(self) -> list[Secret]:
        """Return those that were perhaps deleted."""
        return [secret for secret in self._secrets if self._results[secret.uid].outcome is DeletionOutcome.UNKNOWN]

    def stop(self, why: str) -> bool:
        """Send nothing more; False where that was said already, or nothing is under way."""
        if self._stopped or not self.under_way:
            return False
        self._stopped = why
        return True

    async def run(self) -> AsyncIterator[Results]:
        """Delete, and yield the results whenever one changes; then look for what is not known."""
        tasks = [asyncio.create_task(self._delete(secret)) for secret in self._secrets]
        try:
            while self.under_way:
                await self._result_came.wait()
                self._result_came.clear()
                yield self._results
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
        async for results in self.look():
            yield results

    async def look(self) -> AsyncIterator[Results]:
        """Look, a few times, what became of those of which it is not known; yield the results each time."""
        for pause in _PAUSES:
            if not self.unknown:
                return
            await asyncio.sleep(pause)
            for secret in self.unknown:
                self._results[secret.uid] = await self._find(secret)
            yield self._results

    async def _delete(self, secret: Secret) -> None:
        async with self._limit:
            if self._begun_by not in {"", self._user()}:
                self.stop(f"stopped: {AccountChanged.title}")
            if self._stopped:
                self._record(secret, Result(DeletionOutcome.NOT_TRIED, self._stopped))
                return
            self._record(secret, Result(DeletionOutcome.DELETING))
            self._record(secret, await self._send(secret))

    async def _send(self, secret: Secret) -> Result:
        try:
            kept = await self._cluster.delete(secret)
        except Conflict as error:
            return Result(DeletionOutcome.NOT_DELETED, f"{error.title}: {await self._what_changed(secret)}")
        except NotFound as error:
            return Result(DeletionOutcome.GONE, str(error))
        except Uncertain as error:
            self.stop("stopped: no answer came")
            return Result(DeletionOutcome.UNKNOWN, f"{error}.")
        except ClusterError as error:
            if isinstance(error, _FATAL):
                self.stop(f"stopped: {error.title}")
            return Result(DeletionOutcome.NOT_DELETED, f"{error.titled}.")
        return _terminating(kept) if kept else Result(DeletionOutcome.DELETED)

    async def _find(self, secret: Secret) -> Result:
        try:
            now = await self._cluster.read(secret)
        except NotFound:
            return Result(DeletionOutcome.DELETED)
        except ClusterError as error:
            return Result(DeletionOutcome.UNKNOWN, f"{error.titled}.")
        if now.uid != secret.uid:
            return Result(DeletionOutcome.DELETED, change_in_words(secret, now))
        if now.deleted:
            return _terminating(now)
        return Result(
            DeletionOutcome.UNKNOWN, f"at {utc_now():%H:%M:%S} UTC it still existed; it may still be deleted."
        )

    async def _what_changed(self, secret: Secret) -> str:
        try:
            return change_in_words(secret, await self._cluster.read(secret))
        except ClusterError as error:
            return f"{error}."

    def _record(self, secret: Secret, result: Result) -> None:
        self._results[secret.uid] = result
        self._result_came.set()


def _terminating(secret: Secret) -> Result:
    return Result(DeletionOutcome.TERMINATING, f"it waits for {secret.waits_for}")
