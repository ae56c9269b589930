"""Following who uses the secrets of a project, for commands: for some time at most, with words on a terminal."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress

from wbtui.commands.ending import code_of, say_error
from wbtui.commands.exit_codes import FAILED
from wbtui.domain.durations import seconds
from wbtui.domain.text import plain
from wbtui.domain.usage import Usage
from wbtui.errors import ClusterError
from wbtui.repository import Cluster
from wbtui.startup.streams import say


class ProjectUses:
    """Who uses the secrets of a project, kept up to date while `followed` is open; see `restarting.FollowedUses`."""

    def __init__(self, cluster: Cluster, namespace: str) -> None:
        self.usage: Usage | None = None
        self.error: ClusterError | None = None
        self._cluster = cluster
        self._namespace = namespace
        self._changed = asyncio.Event()

    async def change(self) -> None:
        """Wait until `usage` or `error` changes."""
        await self._changed.wait()

    async def searched(self) -> Usage:
        """Return the uses, once all was searched. Raises any `ClusterError`."""
        while not self.usage or self.usage.being_searched:
            if self.error:
                raise self.error
            await self.change()
        return self.usage

    async def next(self) -> Usage:
        """Return the uses after a change. Raises any `ClusterError`."""
        await self.change()
        return await self.searched()

    async def follow(self) -> None:
        """Follow them without end; `error` says why that has ended."""
        try:
            async for usage in self._cluster.follow_usage(self._namespace):
                self._tell(usage, None)
        except ClusterError as error:
            self._tell(self.usage, error)

    def _tell(self, usage: Usage | None, error: ClusterError | None) -> None:
        self.usage, self.error = usage, error
        self._changed.set()
        self._changed = asyncio.Event()  # for those who wait from now on


async def to_its_end(work: Awaitable[int], limit: str, state: Callable[[], str], goes_on: str) -> int:
    """Await what takes long, for a time such as 10m at most; return its exit code.

    Where it ends early, say how far it is by `state`, and then `goes_on`.
    """
    try:
        async with asyncio.timeout(seconds(limit) or None):
            return await work
    except TimeoutError:
        say(plain(f"Not finished within {limit}. {state()}"))
        say(goes_on)
    except ClusterError as error:
        say_error(error)
        say(goes_on)
        return code_of(error)
    except asyncio.CancelledError:
        say(f"Interrupted. {goes_on}")
        raise
    return FAILED


@asynccontextmanager
async def followed(cluster: Cluster, namespace: str) -> AsyncIterator[ProjectUses]:
    """Follow who uses the secrets of a project."""
    uses = ProjectUses(cluster, namespace)
    following = asyncio.create_task(uses.follow())
    try:
        yield uses
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following


def say_progress(line: str) -> None:
    """Say what is being done, on a terminal."""
    if sys.stderr and sys.stderr.isatty():
        say(plain(line))


class ProgressLines:
    """Says lines of progress on a terminal, each once."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def say(self, lines: Iterable[str]) -> None:
        """Say the lines that were not said yet."""
        for line in lines:
            if line not in self._said:
                self._said.add(line)
                say_progress(line)
