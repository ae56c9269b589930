"""Restarts while another person deletes, pauses, scales or replaces what is restarted, or deletes the secret."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import Kubectl
from tests.proxy import Gate, Proxy, answer
from tests.screens.driving import Session, session
from tests.screens.restarts import PODS, change_value, restarted_at, see_old_value_held
from wbtui.repository import Clusters

SECRET, GATEWAY = "slack-webhook", "llm-gateway"
PAUSE = ("patch", "deployment", GATEWAY, "-p", '{"spec":{"paused":true}}')
DELETE_SECRET = ("delete", "secret", SECRET)
DELETE = ("delete", "deployment", GATEWAY, "--cascade=orphan")
PAUSED = "its rollout is paused: resume it first"


async def open_question(person: Session, kubectl: Kubectl) -> None:
    """Change a value that pods of a Deployment hold, and be asked whether to restart it."""
    await person.sees("live")
    await person.goes_to(SECRET)
    await see_old_value_held(person, kubectl)
    await person.press("r")
    await person.reads(f"one after the other: Deployment {GATEWAY}.")
    await person.press("ctrl+s")
    await person.reads("Restart what holds the old value?")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([PAUSE], f"stopped here: {PAUSED}"),
        ([DELETE], "nothing to restart: it was deleted"),
        ([DELETE_SECRET], f"stopped here: {SECRET} was deleted: new pods would not start"),
    ],
)
async def test_what_has_changed_since_the_question_is_not_restarted(
    clusters: Clusters, kubectl: Kubectl, changes: Sequence[tuple[str, ...]], said: str
) -> None:
    async with session(clusters) as person:
        await open_question(person, kubectl)
        for change in changes:
            kubectl(*change)
        await person.press("y")
        await person.reads(f"Deployment {GATEWAY}: {said}")
    assert DELETE in changes or not restarted_at(kubectl)


async def test_nothing_is_restarted_for_a_secret_that_was_deleted(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await open_question(person, kubectl)
        kubectl(*DELETE_SECRET)
        await person.sees("26 secrets")
        await person.press("y")
        await person.reads("The secret was deleted.")
        await person.press("ctrl+s")
        assert "Restart what holds" not in person.text()
    assert not restarted_at(kubectl)


async def test_another_workload_that_has_taken_the_name_is_not_restarted(
    clusters: Clusters, kubectl: Kubectl, tmp_path: Path
) -> None:
    async with session(clusters) as person:
        await open_question(person, kubectl)
        manifest = json.loads(kubectl("get", "deployment", GATEWAY, "-o", "json"))
        manifest["metadata"] = {"name": GATEWAY}
        (tmp_path / "theirs.json").write_text(json.dumps(manifest))
        kubectl(*DELETE)
        kubectl("create", "-f", str(tmp_path / "theirs.json"))
        await person.press("y")
        await person.reads(f"Deployment {GATEWAY}: nothing to restart: it was deleted")
    assert not restarted_at(kubectl)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([PAUSE], f"stopped here: {PAUSED}"),
        ([DELETE], "nothing to restart: it was deleted"),
        (
            [("patch", "deployment", GATEWAY, "-p", '{"spec":{"replicas":0}}'), ("delete", "pod", *PODS, "--force")],
            "done: no container of it holds the old value",
        ),
    ],
)
async def test_what_changes_after_the_restart_is_not_waited_for(
    clusters: Clusters, kubectl: Kubectl, changes: Sequence[tuple[str, ...]], said: str
) -> None:
    async with session(clusters) as person:
        await open_question(person, kubectl)
        await person.press("y")
        await person.reads(f"Deployment {GATEWAY}: restarted; 2 pods still hold the old value")
        for change in changes:
            kubectl(*change)
        await person.reads(f"Deployment {GATEWAY}: {said}")


async def test_a_paused_rollout_is_said_before(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl(*PAUSE)
    change_value(kubectl)
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to(SECRET)
        await person.press("o")
        await person.reads("A running container still holds an old value: ctrl+g shows that.")
        await person.press("ctrl+g")
        await person.reads(f"Deployment {GATEWAY}: holds the old value, and is not restarted: {PAUSED}")


async def test_a_restart_that_is_refused_is_not_shown_as_under_way(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with session(proxied) as person:
        await open_question(person, kubectl)
        refused = {"kind": "Status", "message": "deployments.apps is forbidden: no right", "code": 403}
        proxy.once(f"/deployments/{GATEWAY}", answer(403, json.dumps(refused).encode()))
        proxy.requests.clear()
        await person.press("y")
        await person.reads("Stopped: deployments.apps is forbidden", f"Deployment {GATEWAY}: stopped here: forbidden")
        await person.until(lambda: any("selfsubjectrulesreviews" in request.target for request in proxy.requests))
    assert not restarted_at(kubectl)


async def test_what_to_restart_is_shown_once_what_manages_the_pods_is_known(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    gate = Gate()
    proxy.once("/replicasets", gate)
    async with session(proxied) as person:
        await person.sees("live")
        await person.goes_to(SECRET)
        await see_old_value_held(person, kubectl)
        await person.press("r")
        await person.reads("Still searching for what uses it: what to restart is shown then.")
        gate.open()
        await person.reads(f"one after the other: Deployment {GATEWAY}.")
