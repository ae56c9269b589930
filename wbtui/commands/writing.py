"""Where a command writes: a cluster whose writes are in the audit log, and a question that is asked on a terminal."""

import asyncio
import os
import sys
import termios
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

from wbtui.cluster.cluster import KubernetesCluster
from wbtui.cluster.clusters import KubernetesClusters
from wbtui.cluster.preferences import preferences_of
from wbtui.commands.place import settings_of, tell_of_login
from wbtui.domain.account import Account
from wbtui.startup.streams import say
from wbtui.storage.audit import AuditLog
from wbtui.storage.files import StorageError
from wbtui.storage.folders import state_folder
from wbtui.storage.problems import Problems

_STDIN = 0
_MOST = 4096


class WritingPlace(NamedTuple):
    """A cluster, who the user is there, and the projects that are meant; `problems` are those of the audit log."""

    cluster: KubernetesCluster
    account: Account
    namespaces: tuple[str, ...]


@asynccontextmanager
async def writing(options: Namespace) -> AsyncIterator[WritingPlace]:
    """Connect to the cluster that is meant, to write there too. Raises `ClusterError`."""
    problems = Problems()
    clusters = KubernetesClusters(preferences_of(settings_of(options), _audit_log(problems).append))
    cluster = await clusters.connect()
    telling = asyncio.create_task(tell_of_login(cluster.follow_login()))
    try:
        account = await cluster.account()
        cluster.reconnect()  # a write goes to the server that is named now
        named = cluster.requested_namespace or cluster.namespace
        yield WritingPlace(cluster, account, tuple(filter(None, named.split(","))))
    finally:
        telling.cancel()
        with suppress(asyncio.CancelledError):
            await telling
        await cluster.close()
        problems.listen(say)


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
    """Ask on the terminal, and return the line that is typed; empty where the terminal goes away.

    What was typed before the question is dropped: it was no answer to it.
    """
    with suppress(termios.error):
        termios.tcflush(_STDIN, termios.TCIFLUSH)
    sys.stderr.write(question)
    sys.stderr.flush()
    loop = asyncio.get_running_loop()
    line: asyncio.Future[str] = loop.create_future()

    def read() -> None:
        try:
            typed = os.read(_STDIN, _MOST)
        except OSError:
            typed = b""
        if not line.done():
            line.set_result(typed.decode(errors="replace").strip())

    loop.add_reader(_STDIN, read)
    try:
        return await line
    finally:
        loop.remove_reader(_STDIN)
