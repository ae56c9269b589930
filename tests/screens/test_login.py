"""Waiting for a credential plugin: said on every screen, and given up with Escape."""

import asyncio
import json
import os
import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.kubeconfigs import kubeconfig
from tests.screens.driving import PATIENCE, session
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.demo.apiserver.access.users import CLUSTER_ADMIN, TokenUser
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.audit_record import AuditRecord
from wbtui.domain.projects import StartLocation

CODE = "To sign in, open https://login.example/device and enter the code ABCD-EFGH"
GIVEN_UP = "the login was stopped"


class Plugin:
    """A credential plugin that prints the administrator's token; from the run numbered `slow` on, once it is let go."""

    def __init__(self, folder: Path, slow: int) -> None:
        self._go = folder / "go"
        os.mkfifo(self._go)
        os.mkfifo(folder / "running")
        self._running = folder / "running"
        self.command = folder / "plugin"
        answer = {"apiVersion": "client.authentication.k8s.io/v1", "status": {"token": "demo-token"}}
        self.command.write_text(
            f"#!/bin/sh\necho run >> {folder}/runs\n"
            f"if test $(wc -l < {folder}/runs) -ge {slow}; then\n"
            f"  echo '{CODE}' >&2; echo $$ > {self._running}; read go < {self._go}\nfi\n"
            f"echo '{json.dumps(answer)}'\n"
        )
        self.command.chmod(0o700)

    @property
    def user(self) -> dict[str, Any]:
        """Return the user of a kubeconfig."""
        return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": str(self.command)}}

    async def runs(self) -> int:
        """Wait until it runs, and return its process."""
        return int(await asyncio.to_thread(self._running.read_text))

    async def answers(self) -> None:
        """Let it go on."""
        await asyncio.to_thread(self._go.write_text, "go\n")


def has_ended(process: int) -> bool:
    """Wait until a process has ended."""
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    ended, _, _ = select.select([handle], [], [], PATIENCE)
    os.close(handle)
    return bool(ended)


@pytest.fixture
def plugin(tmp_path: Path) -> Plugin:
    """Return a plugin that waits for a person each time."""
    return Plugin(tmp_path, slow=1)


async def test_what_a_plugin_says_is_shown_while_it_is_waited_for(
    cluster: BackgroundCluster, plugin: Plugin, tmp_path: Path
) -> None:
    clusters = KubernetesClusters(Preferences(kubeconfig(tmp_path, {"a": (cluster.url, plugin.user)})))
    async with session(clusters) as person:
        await plugin.runs()
        await person.sees(f"Waiting for the credential plugin {plugin.command} for", "Escape stops.", CODE)
        await person.press("question_mark")
        await person.sees("Keys", CODE)
        await plugin.answers()
        await person.loses(CODE)
        await person.press("escape")
        await person.sees("27 secrets", "demo@example.com", " live\n")
        await person.loses(CODE)


async def test_a_plugin_that_hangs_is_given_up_with_escape_and_asked_again_with_ctrl_r(
    cluster: BackgroundCluster, plugin: Plugin, tmp_path: Path
) -> None:
    clusters = KubernetesClusters(Preferences(kubeconfig(tmp_path, {"a": (cluster.url, plugin.user)})))
    async with session(clusters) as person:
        process = await plugin.runs()
        await person.sees(CODE)
        await person.press("escape")
        await person.reads("The login was stopped", "Press ctrl+r to log in again")
        await person.loses(CODE)
        assert await asyncio.to_thread(has_ended, process)
        await person.press("ctrl+r")
        await plugin.runs()
        await plugin.answers()
        await person.sees("27 secrets", "demo@example.com")


async def test_a_save_that_waits_for_a_plugin_is_given_up_and_nothing_typed_is_lost(
    cluster: BackgroundCluster, tmp_path: Path
) -> None:
    plugin = Plugin(tmp_path, slow=2)
    clusters = KubernetesClusters(Preferences(kubeconfig(tmp_path, {"a": (cluster.url, plugin.user)})))
    async with session(clusters) as person:
        await person.sees("27 secrets", "demo@example.com", "live")
        await person.press("a")
        await person.sees("Creates in")
        await person.press("ctrl+u", *"slow-login", "tab", "tab", *"hf_0123456789abcdefghijABCDEFGHIJ0123")
        cluster.revoke("demo")
        await person.press("ctrl+s")
        process = await plugin.runs()
        await person.sees(CODE)
        await person.press("escape")
        await person.reads(GIVEN_UP)
        assert await asyncio.to_thread(has_ended, process)
        cluster.restore("demo")
        await person.press("ctrl+s")
        await plugin.runs()
        await plugin.answers()
        await person.sees("slow-login was created")


async def test_a_plugin_ends_with_the_session(cluster: BackgroundCluster, plugin: Plugin, tmp_path: Path) -> None:
    clusters = KubernetesClusters(Preferences(kubeconfig(tmp_path, {"a": (cluster.url, plugin.user)})))
    async with session(clusters) as person:
        process = await plugin.runs()
        await person.press("ctrl+c")
        await person.until(lambda: not person.app.is_running)
    assert await asyncio.to_thread(has_ended, process)


@asynccontextmanager
async def relay(port: int) -> AsyncIterator[tuple[int, set[asyncio.StreamWriter]]]:
    """Pass connections on to a port; return the port for them, and those that are open."""
    opened: set[asyncio.StreamWriter] = set()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 16):
            writer.write(data)
        writer.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.add(writer)
        upstream, other = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pass_on(reader, other), pass_on(upstream, writer), return_exceptions=True)
        opened.discard(writer)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], opened
    finally:
        server.close()


async def test_the_former_cluster_is_closed(cluster: BackgroundCluster, tmp_path: Path) -> None:
    user = {"token": "demo-token"}
    async with relay(int(cluster.url.rpartition(":")[2])) as (port, opened):
        path = kubeconfig(tmp_path, {"a": (f"http://127.0.0.1:{port}", user), "b": (cluster.url, user)})
        async with session(KubernetesClusters(Preferences(path)), start=StartLocation(context="a")) as person:
            await person.sees("27 secrets", "demo@example.com", "live")
            assert opened
            await person.press("colon", *"ctx b", "enter")
            await person.sees(" b › ", "27 secrets", "live")
            await person.until(lambda: not opened)


async def test_who_saves_is_who_the_token_file_says_then(tmp_path: Path) -> None:
    users = {name: TokenUser(f"{name}@example.com", f"{name}-token", (CLUSTER_ADMIN,)) for name in ("alice", "bob")}
    token = tmp_path / "token"
    token.write_text("alice-token\n")
    notes: list[AuditRecord] = []
    with BackgroundCluster(users=users) as server:
        path = kubeconfig(tmp_path, {"a": (server.url, {"tokenFile": str(token)})})
        clusters = KubernetesClusters(Preferences(path, note=notes.append))
        async with session(clusters) as person:
            await person.sees("27 secrets", "alice@example.com", "live")
            await person.press("a")
            await person.sees("created by alice@example.com")
            await person.press("tab", "tab", *"hf_0123456789abcdefghijABCDEFGHIJ0123")
            token.write_text("bob-token\n")
            await person.press("ctrl+s")
            await person.sees("hf-token was created")
            await person.goes_to("hf-token")
            await person.sees("live", "  bob@example.com")
            assert "bob@example" in person.line("> hf-token")
    assert [(note.action, note.user) for note in notes] == [("create", "bob@example.com")]
