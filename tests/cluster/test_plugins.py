"""Credential plugins: what they are told, what they give, and that waiting for one is no hanging."""

import asyncio
import json
import os
import select
import signal
from base64 import b64encode
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.cluster.conftest import LIMIT, PROJECT, chain_of, connected, kubeconfig_of, written
from tests.proxy import Exchange, Proxy, forward
from wbtui.cluster.connection import TABLE
from wbtui.demo.background import BackgroundCluster
from wbtui.errors import ClusterError, CredentialsError, Unauthorized
from wbtui.news import PluginWait

PATH = f"/api/v1/namespaces/{PROJECT}/secrets"
VERSION = "client.authentication.k8s.io/v1"
CANARY = "canary-token"


def is_for_a_person(error: ClusterError) -> bool:
    advice = error.advice.replace("{retry}", "ctrl+r")
    text = f"{error} {advice} {error!r}"
    return (
        bool(error.advice)
        and CANARY not in chain_of(error)
        and not any(part in text for part in ("Traceback", "{", CANARY, "\n", "\x1b"))
    )


def plugin(folder: Path, script: str, **more: Any) -> dict[str, Any]:
    path = Path(written(folder, f"#!/bin/sh\necho run >> {folder}/runs\n{script}\n", "plugin"))
    path.chmod(0o700)
    return {"exec": {"apiVersion": VERSION, "command": str(path), "installHint": "Install\nit.", **more}}


def printed(status: Any, version: str = VERSION) -> str:
    credential = {"apiVersion": version, "kind": "ExecCredential", "status": status}
    return f"cat <<'END'\n{json.dumps(credential)}\nEND"


CERTIFICATE = trustme.CA().issue_cert("me@example.com").cert_chain_pems[0].bytes().decode()
KEY = trustme.CA().issue_cert("me@example.com").private_key_pem.bytes().decode()
ANSWER = json.dumps({"apiVersion": VERSION, "status": {"token": "demo-token"}})


@pytest.mark.parametrize(
    ("script", "more"),
    [
        (printed({"token": "demo-token"}), {}),
        (printed({"token": "demo-token"}), {"command": "./plugin"}),
        (f"echo noise >&2\n{printed({'token': 'demo-token'})}", {"args": None, "env": None}),
        (
            f'test "$1" = "a b" -a "$TEAM" = c || exit 1\n{printed({"token": "demo-token"})}',
            {"args": ["a b"], "env": [{"name": "TEAM", "value": "c"}]},
        ),
        (f'echo "$KUBERNETES_EXEC_INFO" | grep -q ExecCredential || exit 1\n{printed({"token": "demo-token"})}', {}),
        (f"head -c 400000 /dev/zero >&2\n{printed({'token': 'demo-token'})}", {}),
        (printed({"token": "demo-token\n"}), {}),
        ("", {"command": "echo", "args": [ANSWER], "env": [{"name": "PATH", "value": "/nowhere"}]}),
        (printed({"token": "demo-token"}, f"{VERSION}beta1"), {"apiVersion": f"{VERSION}beta1"}),
        (f"printf 'apiVersion: {VERSION}\\nstatus:\\n  token: demo-token\\n'", {}),
    ],
)
async def test_a_plugin_logs_in(cluster: BackgroundCluster, tmp_path: Path, script: str, more: dict[str, Any]) -> None:
    path = written(tmp_path, kubeconfig_of(cluster.url, plugin(tmp_path, script, **more)))
    async with connected(path) as connection:
        await asyncio.gather(*(connection.get(PATH, accept=TABLE) for _ in range(3)))
    assert more.get("command") == "echo" or (tmp_path / "runs").read_text() == "run\n"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo 'session expired: log in' >&2; exit 3", "plugin failed: session expired: log in"),
        ("printf 'a\\nb\\033[2J\\a' >&2; exit 3", "failed: a b\N{REPLACEMENT CHARACTER}"),
        ("exit 4", "it ended with exit code 4"),
        ("kill -9 $$", "it was killed by signal 9 (SIGKILL)"),
        ("echo 'opening a browser' >&2; kill -9 $$", "by signal 9 (SIGKILL); it wrote: opening a browser"),
        (f"echo {CANARY}", "it printed no credential"),
        ("true", "it printed nothing"),
        ("echo '[]'", "it printed no credential"),
        (printed(None), "neither a token nor a certificate"),
        (printed({"token": 5}), "it printed no credential: status.token must be text"),
        ('echo \'{"kind": "Status"}\'', "it printed no credential"),
        (
            printed({"token": CANARY, "expirationTimestamp": f"soon {CANARY}"}),
            "status.expirationTimestamp is not a time",
        ),
        (printed({"token": ""}), "neither a token nor a certificate"),
        (printed({"token": " "}), "neither a token nor a certificate"),
        (printed({"token": f"\ufeff{CANARY}"}), "plugin failed: status.token has a character that cannot be sent"),
        (printed({"clientCertificateData": CANARY}), "neither a token nor a certificate"),
        (
            printed({"token": CANARY, "clientCertificateData": CANARY, "clientKeyData": CANARY}),
            "plugin failed: status.clientCertificateData and .clientKeyData: they are not a certificate and a key",
        ),
        (printed({"clientCertificateData": CERTIFICATE, "clientKeyData": KEY}), "the key does not belong to"),
        (printed({"clientCertificateData": CERTIFICATE, "clientKeyData": "-- ENCRYPTED --"}), "the key is encrypted"),
        (printed({"token": CANARY}, "client.authentication.k8s.io/v1beta1"), "v1beta1 in place of"),
        (f"echo 'token: {CANARY}'", f"it printed no apiVersion in place of {VERSION}"),
    ],
)
async def test_a_plugin_that_fails_is_said_in_a_sentence(tmp_path: Path, script: str, words: str) -> None:
    path = written(tmp_path, kubeconfig_of("http://127.0.0.1:1", plugin(tmp_path, script)))
    async with connected(path) as connection:
        with pytest.raises(CredentialsError) as caught:
            await connection.get(PATH, accept=TABLE)
    assert words in str(caught.value)
    assert is_for_a_person(caught.value)


async def test_a_plugin_is_told_of_the_cluster_where_it_wants_to_be(cluster: BackgroundCluster, tmp_path: Path) -> None:
    authority = trustme.CA().cert_pem.bytes()
    (tmp_path / "ca.pem").write_bytes(authority)
    extension = {"name": "client.authentication.k8s.io/exec", "extension": {"audience": "06e"}}
    script = f'printf %s "$KUBERNETES_EXEC_INFO" > {tmp_path}/told\n{printed({"token": "demo-token"})}'
    more = {"certificate-authority": "ca.pem", "tls-server-name": "kube", "disable-compression": True}
    said = kubeconfig_of(f"{cluster.url}/", plugin(tmp_path, script, provideClusterInfo=True), **more)
    said["clusters"][0]["cluster"]["extensions"] = [extension]
    async with connected(written(tmp_path, said)) as connection:
        await connection.get(PATH, accept=TABLE)
    assert json.loads((tmp_path / "told").read_text()) == {  # this is what kubectl 1.32 tells
        "kind": "ExecCredential",
        "apiVersion": VERSION,
        "spec": {
            "cluster": {
                "server": f"{cluster.url}/",
                "tls-server-name": "kube",
                "certificate-authority-data": b64encode(authority).decode(),
                "disable-compression": True,
                "config": {"audience": "06e"},
            },
            "interactive": False,
        },
    }


async def test_what_a_plugin_leaves_behind_is_not_waited_for_and_goes_on(
    cluster: BackgroundCluster, tmp_path: Path
) -> None:
    script = f"sleep 600 & echo $! > {tmp_path}/left\n{printed({'token': 'demo-token'})}"
    path = written(tmp_path, kubeconfig_of(cluster.url, plugin(tmp_path, script)))
    async with connected(path) as connection, asyncio.timeout(LIMIT):
        assert await connection.get(PATH, accept=TABLE)
    os.kill(int((tmp_path / "left").read_text()), signal.SIGKILL)


@pytest.mark.parametrize("script", ["yes", "yes >&2", "trap '' TERM PIPE; yes; sleep 600", "head -c 2000000 /dev/zero"])
async def test_a_plugin_that_prints_without_end_is_ended(tmp_path: Path, script: str) -> None:
    path = written(tmp_path, kubeconfig_of("http://127.0.0.1:1", plugin(tmp_path, script)))
    async with connected(path) as connection, asyncio.timeout(LIMIT):
        with pytest.raises(
            CredentialsError, match="it printed more output than a credential can have, and was stopped"
        ) as caught:
            await connection.get(PATH, accept=TABLE)
    assert is_for_a_person(caught.value)


async def test_a_plugin_that_is_missing_is_said_with_its_hint(tmp_path: Path) -> None:
    path = written(tmp_path, kubeconfig_of("http://127.0.0.1:1", plugin(tmp_path, "", command="no-such-program")))
    async with connected(path) as connection:
        with pytest.raises(CredentialsError, match="no-such-program cannot be started: No such file") as caught:
            await connection.get(PATH, accept=TABLE)
    assert caught.value.advice == "Install it."


async def test_what_a_plugin_says_is_told_while_it_is_waited_for(cluster: BackgroundCluster, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "go")
    says = "printf 'Open \\033[1mhttps://login.example\\033[0m\\r\\nand enter \\aABCD\\n' >&2"
    script = f"{says}; cat {tmp_path}/go > /dev/null\n{printed({'token': 'demo-token'})}"
    path = written(tmp_path, kubeconfig_of(cluster.url, plugin(tmp_path, script)))
    async with connected(path) as connection, asyncio.timeout(LIMIT), aclosing(connection.logins.news()) as all_news:
        first = asyncio.ensure_future(anext(all_news))
        asking = asyncio.ensure_future(connection.get(PATH, accept=TABLE))
        waits = [await first]
        while not isinstance(waits[-1], PluginWait) or "ABCD" not in waits[-1].words:
            waits.append(await anext(all_news))
        assert waits[0] == PluginWait(str(tmp_path / "plugin"), waits[-1].since, "")
        assert waits[-1].words == "Open https://login.example\nand enter \N{REPLACEMENT CHARACTER}ABCD"
        (tmp_path / "go").write_text("")
        assert await anext(all_news) is None
        assert await asking


async def test_a_plugin_that_hangs_is_given_up_for_all_who_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "started")
    script = f"trap '' TERM; sleep 600 & echo $! > {tmp_path}/started; wait; sleep 600"
    path = written(tmp_path, kubeconfig_of("http://127.0.0.1:1", plugin(tmp_path, script)))
    async with connected(path) as connection, asyncio.timeout(LIMIT):
        asking = [asyncio.ensure_future(connection.get(PATH, accept=TABLE)) for _ in range(3)]
        child = int(await asyncio.to_thread((tmp_path / "started").read_text))
        connection.logins.give_up()
        errors = await asyncio.gather(*asking, connection.get(PATH, accept=TABLE), return_exceptions=True)
    assert [str(error) for error in errors] == ["the login was stopped"] * 4
    assert all(isinstance(error, CredentialsError) for error in errors)
    assert await asyncio.to_thread(_has_ended, child)
    assert (tmp_path / "runs").read_text() == "run\n"


async def test_a_login_that_one_gives_up_is_made_anew_for_the_next(cluster: BackgroundCluster, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "started")
    script = f"test -e {tmp_path}/seen || {{ touch {tmp_path}/seen; echo > {tmp_path}/started; sleep 600; }}"
    answered = f"{script}\n{printed({'token': 'demo-token'})}"
    path = written(tmp_path, kubeconfig_of(cluster.url, plugin(tmp_path, answered)))
    async with connected(path) as connection, asyncio.timeout(LIMIT):
        asking = asyncio.ensure_future(connection.get(PATH, accept=TABLE))
        await asyncio.to_thread((tmp_path / "started").read_text)
        asking.cancel()
        await asyncio.sleep(0)  # the first is told, and its plugin is still being ended
        assert await connection.get(PATH, accept=TABLE)


async def test_a_plugin_ends_with_the_connection(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "started")
    script = f"echo $$ > {tmp_path}/started; exec sleep 600"
    path = written(tmp_path, kubeconfig_of("http://127.0.0.1:1", plugin(tmp_path, script)))
    async with connected(path) as connection, asyncio.timeout(LIMIT):
        asking = asyncio.ensure_future(connection.get(PATH, accept=TABLE))
        process = int(await asyncio.to_thread((tmp_path / "started").read_text))
    assert await asyncio.to_thread(_has_ended, process)
    assert asking.cancelled() or await asyncio.wait([asking])


@pytest.mark.parametrize(("expires", "runs"), [("2999-01-01T00:00:00Z", 1), (None, 1), ("2020-01-01T00:00:00Z", 1)])
async def test_a_plugin_is_asked_again_when_what_it_gave_has_expired(
    cluster: BackgroundCluster, tmp_path: Path, expires: str | None, runs: int
) -> None:
    script = printed({"token": "demo-token", "expirationTimestamp": expires})
    path = written(tmp_path, kubeconfig_of(cluster.url, plugin(tmp_path, script)))
    async with connected(path) as connection:
        for _ in range(3):
            await connection.get(PATH, accept=TABLE)
    assert (tmp_path / "runs").read_text() == "run\n" * runs


async def test_a_plugin_is_asked_again_as_soon_as_what_it_gave_has_expired(
    cluster: BackgroundCluster, tmp_path: Path
) -> None:
    soon = "$(date -u -d '+1 second' +%Y-%m-%dT%H:%M:%SZ)"
    status = '\\"status\\": {\\"token\\": \\"demo-token\\", \\"expirationTimestamp\\": \\"' + soon + '\\"}'
    script = f'echo "{{\\"apiVersion\\": \\"{VERSION}\\", {status}}}"'
    path = written(tmp_path, kubeconfig_of(cluster.url, plugin(tmp_path, script)))
    async with connected(path) as connection, asyncio.timeout(LIMIT):
        runs = ""
        while runs.count("run") < 2:
            assert await connection.get(PATH, accept=TABLE)
            runs = (tmp_path / "runs").read_text()


async def test_a_plugin_that_nobody_waits_for_is_ended_with_all_it_started(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "started")
    script = f"sleep 600 & echo $! > {tmp_path}/started; wait"
    path = written(tmp_path, kubeconfig_of("http://127.0.0.1:1", plugin(tmp_path, script)))
    async with connected(path) as connection, asyncio.timeout(LIMIT):
        asking = asyncio.ensure_future(connection.get(PATH, accept=TABLE))
        child = int(await asyncio.to_thread((tmp_path / "started").read_text))
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    assert await asyncio.to_thread(_has_ended, child)


def _has_ended(process: int) -> bool:
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    ended, _, _ = select.select([handle], [], [], LIMIT)
    os.close(handle)
    return bool(ended)


async def test_a_plugin_is_asked_again_once_however_many_requests_are_refused(proxy: Proxy, tmp_path: Path) -> None:
    refused = asyncio.Event()

    async def late(exchange: Exchange) -> None:
        await refused.wait()
        await forward(exchange)

    stale = printed({"token": "stale"}).replace("cat <<", "exec cat <<")
    script = f"test $(wc -l < {tmp_path}/runs) = 1 && {stale}\n{printed({'token': 'demo-token'})}"
    path = written(tmp_path, kubeconfig_of(proxy.url, plugin(tmp_path, script)))
    proxy.next(late)
    async with connected(path) as connection, asyncio.timeout(LIMIT):
        first = asyncio.ensure_future(connection.get(PATH, accept=TABLE))
        await proxy.received.wait()
        await connection.get(PATH, accept=TABLE)
        refused.set()
        await first
    assert (tmp_path / "runs").read_text() == "run\nrun\n"


async def test_a_plugin_takes_nothing_from_the_keyboard(cluster: BackgroundCluster, tmp_path: Path) -> None:
    script = f"read line && exit 1\n{printed({'token': 'demo-token'})}"
    path = written(tmp_path, kubeconfig_of(cluster.url, plugin(tmp_path, script)))
    with typed(b"typed\n"):
        async with connected(path) as connection:
            assert await connection.get(PATH, accept=TABLE)


@contextmanager
def typed(text: bytes) -> Iterator[None]:
    """Have text waiting on the standard input of this process."""
    end, other = os.pipe()
    os.write(other, text)
    before = os.dup(0)
    os.dup2(end, 0)
    try:
        yield
    finally:
        os.dup2(before, 0)
        for handle in (end, other, before):
            os.close(handle)


async def test_a_plugin_whose_tokens_are_all_refused_is_asked_twice_and_no_oftener(
    cluster: BackgroundCluster, tmp_path: Path
) -> None:
    path = written(tmp_path, kubeconfig_of(cluster.url, plugin(tmp_path, printed({"token": "stale"}))))
    async with connected(path) as connection:
        with pytest.raises(Unauthorized):
            await connection.get(PATH, accept=TABLE)
    assert (tmp_path / "runs").read_text() == "run\nrun\n"
