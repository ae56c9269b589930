"""The log of requests: what it says, and what it never says."""

import json
import logging
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.conftest import PROJECT, Follow, connected, following, kubeconfig_of, written
from tests.proxy import Proxy, answer, cut_after
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.cluster.connection import TABLE
from wbtui.cluster.event_log import shown_url
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.draft import Draft
from wbtui.domain.projects import Scope
from wbtui.domain.replacement import Replacement
from wbtui.domain.sealed import Sealed
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.errors import ClusterError, CredentialsError
from wbtui.news import Interrupted, WatchOpened
from wbtui.storage.log_file import log_to, log_to_file

CANARY = "cAnArY-7c1d"
TOKEN = "canary-token"
SECRETS = f"/api/v1/namespaces/{PROJECT}/secrets"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """Keep the log in a file, as long as the test runs."""
    logger = logging.getLogger("wbtui")
    before = logger.handlers[:], logger.level, logger.propagate
    yield log_to_file(tmp_path / "log", "begin")
    logger.handlers, logger.level, logger.propagate = before


def lines(log: Path) -> list[str]:
    """Return the lines of the log without times and durations; each has its time."""
    text = log.read_text()
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 ", line) for line in text.splitlines())
    return [re.sub(r"[\d.]+ (ms|s|bytes)\b", r"N \1", line.partition(" ")[2]) for line in text.splitlines()]


def plugin(folder: Path, script: str) -> str:
    """Write a credential plugin and return its path."""
    path = Path(written(folder, f"#!/bin/sh\necho {TOKEN} >&2\n{script}\n", "plugin"))
    path.chmod(0o700)
    return str(path)


def text_of(log: Path) -> str:
    return log.read_text()


def draft(value: str = CANARY) -> Draft:
    """Return a draft of a token."""
    form = USE_CASES[0].entry_forms[0]
    return Draft(
        namespace=PROJECT,
        name="made",
        use_case=USE_CASES[0],
        entry_form=form,
        entries=({"token": Sealed(value.encode())},),
        keys=form.keys(),
        creator="me@example.com",
    )


async def test_a_request_is_a_line_with_its_status_time_and_size(proxy: Proxy, tmp_path: Path, log: Path) -> None:
    async with connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection:
        await connection.get(SECRETS, {"limit": "1", "pretty": TOKEN}, accept=TABLE)
        with pytest.raises(ClusterError):
            await connection.get(f"{SECRETS}/nope", accept=TABLE)
    host = proxy.url.partition("://")[2]
    told = lines(log)
    connected_at = told.index("new connection after N ms")
    assert connected_at > told.index(f"context here: logged in to {host}")
    assert [line for line in told if "GET" in line] == [
        f"GET {SECRETS}?limit=1&pretty=…: 200 after N ms; N bytes in N ms",
        f"GET {SECRETS}/nope: 404 after N ms; N bytes in N ms; not found",
    ]
    assert TOKEN not in text_of(log)


async def test_a_second_attempt_and_a_lost_answer_are_told(proxy: Proxy, tmp_path: Path, log: Path) -> None:
    async with connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection:
        proxy.next(answer(401, b"{}"))
        await connection.get(SECRETS, {"limit": "1"}, accept=TABLE)
        proxy.next(cut_after(0))
        with pytest.raises(ClusterError):
            await connection.post(SECRETS, {}, accept=TABLE, body={"data": {"token": CANARY}})
    told = [line for line in lines(log) if SECRETS in line]
    assert told[:2] == [
        f"GET {SECRETS}?limit=1: 401 after N ms; N bytes in N ms",
        f"GET {SECRETS}?limit=1 (attempt 2): 200 after N ms; N bytes in N ms",
    ]
    assert told[2].startswith(f"POST {SECRETS}: no answer; N bytes in N ms; ")
    assert CANARY not in text_of(log)


async def test_a_watch_is_told_as_it_opens_and_ends(proxy: Proxy, follow: Follow, log: Path) -> None:
    async with follow() as news:
        await news.until(WatchOpened)
        proxy.cut()
        await news.until(Interrupted)
    told = [line for line in lines(log) if "watch=1" in line or "the next try" in line]
    assert "200 after N ms; open" in told[0]
    assert re.search(r"200 after N ms; N bytes in N ms; \w+", told[1])
    assert told[2].startswith(f"{SECRETS}: ")
    assert told[2].endswith("the next try is in N s")


async def test_no_value_and_no_token_is_logged(cluster: BackgroundCluster, tmp_path: Path, log: Path) -> None:
    credential = {"apiVersion": "client.authentication.k8s.io/v1", "status": {"token": "demo-token"}}
    command = plugin(tmp_path, f"echo '{json.dumps(credential)}'")
    login = {"exec": {"apiVersion": credential["apiVersion"], "command": command, "args": [TOKEN]}}
    here = await KubernetesClusters(Preferences(written(tmp_path, kubeconfig_of(cluster.url, login)))).connect()
    try:
        await here.create(draft(), dry_run=True)
        made = await here.create(draft())
        made = await here.replace(Replacement(made, draft("another-cAnArY-7c1d"), whole=True))
        await here.delete(made)
        async with following(here.follow(Scope(PROJECT))) as news:
            await news.until(WatchOpened)
    finally:
        await here.close()
    text = text_of(log)
    assert f"credential plugin {command}: exit status 0 after" in text
    assert f"POST {SECRETS}?fieldManager=wbtui&dryRun=All&fieldValidation=Strict: 201" in text
    assert f"DELETE {SECRETS}/made: 200" in text
    assert not [part for part in (CANARY, TOKEN, "demo-token", "Bearer", "cAnArY") if part in text]


async def test_a_plugin_that_fails_is_told_by_its_exit_status(tmp_path: Path, log: Path) -> None:
    command = plugin(tmp_path, "exit 3")
    login = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": command}}
    async with connected(written(tmp_path, kubeconfig_of("http://127.0.0.1:1", login))) as connection:
        with pytest.raises(CredentialsError):
            await connection.get(SECRETS, accept=TABLE)
    assert lines(log)[1:] == [
        f"credential plugin {command}: exit status 3 after N s",
        "context here: no login: no credentials",
    ]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("/api/v1/namespaces/a/secrets", "/api/v1/namespaces/a/secrets"),
        ("/api/v1/x?limit=5&continue=abc", "/api/v1/x?limit=5&continue=…"),
        ("/x?labelSelector=a%3Db%2Cc%21%3Dd", "/x?labelSelector=a=b,c!=d"),
        ("/x?fieldSelector=metadata.name%3Dhf_abcdefghijklmnopqrst", "/x?fieldSelector=…"),
        ("/api/v1/namespaces/a/secrets/hf_abcdefghijklmnopqrst", "/api/v1/namespaces/a/secrets/…"),
        ("/x?token=abc&watch=1", "/x?token=…&watch=1"),
    ],
)
def test_what_may_be_a_credential_is_left_out_of_a_url(url: str, shown: str) -> None:
    assert shown_url(url) == shown


def test_the_file_is_private_and_grows(log: Path) -> None:
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    before = log.read_text()
    log_to_file(log, "once more")
    assert log.read_text().startswith(before)
    assert log.read_text().endswith(" once more\n")


async def test_a_log_that_cannot_be_written_stops_no_request(proxy: Proxy, tmp_path: Path, log: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    log_to(writing, "nobody reads this")
    async with connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection:
        await connection.get(SECRETS, {"limit": "1"}, accept=TABLE)
    os.close(writing)
    assert f"GET {SECRETS}?limit=1: 200 after N ms; N bytes in N ms" in lines(log)
