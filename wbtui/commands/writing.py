"""Where a command writes: a cluster whose writes are in the audit log, and a question that is asked on a terminal."""

import asyncio
import os
import sys
import termios
from argparse import Namespace
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from typing import NamedTuple

from wbtui.cluster.cluster import KubernetesCluster
from wbtui.cluster.clusters import KubernetesClusters
from wbtui.cluster.preferences import preferences_of
from wbtui.commands.ending import NoAnswer
from wbtui.commands.place import login_told, projects_in, settings_of
from wbtui.domain.account import Account
from wbtui.domain.audit_record import AuditRecord
from wbtui.startup.streams import say
from wbtui.storage.audit import AuditLog
from wbtui.storage.files import StorageError
from wbtui.storage.folders import state_folder
from wbtui.storage.problems import Problems

_STDIN = 0
LONGEST_LINE = 4096
"""Bytes of a line, with its end: a terminal drops what is typed or pasted beyond."""


class WritingPlace(NamedTuple):
    """A cluster, who the user is there, and the projects that are meant; `note` keeps a record in the audit log."""

    cluster: KubernetesCluster
    account: Account
    namespaces: tuple[str, ...]
    note: Callable[[AuditRecord], None]


@asynccontextmanager
async def writing(options: Namespace) -> AsyncIterator[WritingPlace]:
    """Connect to the cluster that is meant, to write there too. Raises `ClusterError`."""
    problems = Problems()
    note = _audit_log(problems).append
    clusters = KubernetesClusters(preferences_of(settings_of(options), note))
    cluster = await clusters.connect()
    cluster.listen_for_warnings(_warnings_to_stderr())
    try:
        async with login_told(cluster.follow_login()):
            account = await cluster.account()
            cluster.reconnect()  # a write goes to the server that is named now
            named = cluster.requested_namespace or cluster.namespace
            yield WritingPlace(cluster, account, projects_in(named), note)
    finally:
        await cluster.close()
        problems.listen(say)


def _warnings_to_stderr() -> Callable[[str], None]:
    """Return what writes each warning once, as kubectl does: trying and writing are often answered with the same."""
    told: set[str] = set()

    def tell(warning: str) -> None:
        if warning not in told:
            told.add(warning)
            say(f"Warning: {warning}")

    return tell


def _audit_log(problems: Problems) -> AuditLog:
    try:
        return AuditLog(state_folder() / "audit.log", problems)
    except StorageError as error:
        problems.report("state folder", str(error))
        return AuditLog()


def can_ask() -> bool:
    """Return whether there is a person who can be asked."""
    return all(stream and stream.isatty() for stream in (sys.stdin, sys.stderr))


async def answer_to(question: str) -> str:
    """Ask on the terminal, and return the line that is typed; empty where the terminal goes away."""
    with suppress(NoAnswer):
        return (await typed_line(question)).decode(errors="replace").strip()
    return ""


async def typed_line(question: str, *, hidden: bool = False) -> bytes:
    """Ask on the terminal, and return the line that is typed; `hidden` shows nothing of it. Raises `NoAnswer`.

    What was typed before the question is dropped: it was no answer to it.
    """
    with _without_echo() if hidden else nullcontext():
        with suppress(termios.error):
            termios.tcflush(_STDIN, termios.TCIFLUSH)
        sys.stderr.write(question)
        sys.stderr.flush()
        try:
            line = await _next_line()
        except asyncio.CancelledError:
            say("")  # what is said next begins a line
            raise
    if hidden or not line:
        say("")  # the line end was not shown either
    if not line:
        raise NoAnswer
    return line.removesuffix(b"\n")


@contextmanager
def _without_echo() -> Iterator[None]:
    """Keep the terminal from showing what is typed, and give it back as it was."""
    before = termios.tcgetattr(_STDIN)
    quiet = [*before[:3], before[3] & ~termios.ECHO, *before[4:]]
    try:
        termios.tcsetattr(_STDIN, termios.TCSAFLUSH, quiet)
        yield
    finally:
        with suppress(termios.error):
            termios.tcsetattr(_STDIN, termios.TCSAFLUSH, before)


async def _next_line() -> bytes:
    loop = asyncio.get_running_loop()
    line: asyncio.Future[bytes] = loop.create_future()

    def read() -> None:
        try:
            typed = os.read(_STDIN, LONGEST_LINE)
        except OSError:
            typed = b""
        if not line.done():
            line.set_result(typed)

    loop.add_reader(_STDIN, read)
    try:
        return await line
    finally:
        loop.remove_reader(_STDIN)
