"""What has to be restarted to see new values, and restarting it from the list of uses."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import Kubectl
from tests.domain.samples import secret
from tests.screens.driving import Session, session
from tests.screens.restarts import LATER, PODS, add_pod, change_value, restarted_at, see_old_value_held, stall, state_of
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.projects import StartLocation
from wbtui.domain.references import Reference, SecretUser
from wbtui.domain.restarts import restart_commands
from wbtui.domain.usage import Usage
from wbtui.repository import Clusters


def test_only_what_sees_new_values_after_a_restart_is_restarted() -> None:
    one = secret()
    users = tuple(
        SecretUser(kind, name, one.namespace, name, (), (Reference(one.name, "spec", "token", restart=restart),))
        for kind, name, restart in (
            ("Deployment", "web", True),
            ("Deployment", "reads-a-file", False),
            ("Job", "j", True),
        )
    )
    assert restart_commands(Usage(users, (), ()).of(one), "team-a") == [
        "kubectl rollout restart deployment/web -n team-a"
    ]


async def begin(person: Session, kubectl: Kubectl, pods: int = 2) -> None:
    """Change a value that pods of a Deployment hold, and have what holds the old one restarted."""
    hold = f"hold{'s' * (pods == 1)} the old value"
    held = f"{pods} of {pods} pod{'s' * (pods > 1)} {hold}"
    await begin_where(person, kubectl, held, f"{pods} pod{'s' * (pods > 1)} still {hold}")


async def begin_where(person: Session, kubectl: Kubectl, held: str, waited: str) -> None:
    """Do so where it is said what they hold, and what is waited for."""
    await person.sees("live")
    await person.goes_to("slack-webhook")
    await see_old_value_held(person, kubectl, held)
    await person.press("r")
    await person.reads("ctrl+s restarts what holds the old value, one after the other: Deployment llm-gateway.")
    await person.press("ctrl+s")
    await person.reads("Restart what holds the old value?", "Deployment llm-gateway")
    await person.press("y")
    await person.reads(f"restarted; {waited}")


async def test_what_has_to_be_restarted_is_followed_while_it_is_shown(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters, size=(160, 40)) as person:
        await person.sees("live")
        await person.goes_to("slack-webhook")
        await see_old_value_held(person, kubectl)
        await person.press("r")
        await person.reads("one after the other: Deployment llm-gateway.", "deployment/llm-gateway", "ctrl+s Restart")
        for pod in PODS:
            state_of(kubectl, pod, {"running": {"startedAt": LATER}})
        await person.reads("No container is known to hold the old value.", "deployment/llm-gateway")
        await person.loses("ctrl+s Restart")
        kubectl("delete", "deployment", "llm-gateway", "--cascade=orphan")
        await person.loses("deployment/llm-gateway")


async def test_the_list_says_whose_old_value_is_held_once_that_is_known(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters, size=(160, 40)) as person:
        await person.sees("live")
        change_value(kubectl)
        await person.goes_to("slack-webhook")
        assert "old value held" not in person.text()
        await person.press("enter")
        await person.reads("2 of 2 pods hold the old value", f"Pod {PODS[0]}, container gateway: old value")
        await person.press("escape")
        await person.sees("live", "old value held")
        for pod in PODS:
            state_of(kubectl, pod, {"running": {"startedAt": LATER}})
        await person.loses("old value held")


async def test_what_holds_the_old_value_is_restarted_and_followed(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await begin(person, kubectl)
        assert restarted_at(kubectl)
        state_of(kubectl, PODS[0], {"running": {"startedAt": LATER}})
        await person.reads("restarted; 1 pod still holds the old value")
        state_of(kubectl, PODS[1], {"running": {"startedAt": LATER}})
        await person.reads("Deployment llm-gateway: done: no container of it holds the old value")
        await person.press("escape")
        await person.reads("2 of 2 pods hold the new value.")


async def test_pods_of_a_node_whose_clock_is_ahead_are_waited_for_until_they_are_replaced(
    clusters: Clusters, kubectl: Kubectl, tmp_path: Path
) -> None:
    state_of(kubectl, PODS[0], {"running": {"startedAt": "2026-11-01T12:20:00Z"}})
    async with session(clusters) as person:
        held = "1 of 2 pods holds the old value"
        await begin_where(person, kubectl, held, "1 pod still holds the old value, 1 pod may still hold the old value")
        kubectl("delete", "pod", PODS[1])
        await person.reads("Deployment llm-gateway: restarted; 1 pod may still hold the old value")
        kubectl.clock.time += timedelta(minutes=1)
        add_pod(kubectl, tmp_path, "llm-gateway-new", {"running": {"startedAt": "2026-11-01T12:21:00Z"}})
        kubectl("delete", "pod", PODS[0])
        await person.reads("Deployment llm-gateway: restarted; 1 pod is still starting …")


async def test_a_restart_stops_where_a_new_pod_does_not_come_up(
    clusters: Clusters, kubectl: Kubectl, tmp_path: Path
) -> None:
    state_of(kubectl, PODS[1], {"waiting": {"reason": "CrashLoopBackOff"}})  # as before the restart
    async with session(clusters) as person:
        await begin(person, kubectl, pods=1)
        add_pod(kubectl, tmp_path, "llm-gateway-new", {"waiting": {"reason": "CreateContainerConfigError"}})
        await person.reads("stopped here: Pod llm-gateway-new does not come up:", "CreateContainerConfigError")


@pytest.mark.parametrize(
    ("reason", "message", "said"),
    [
        ("FailedCreate", "exceeded quota: small", "its new pods cannot be created: exceeded quota: small …"),
        ("ProgressDeadlineExceeded", "timed out.", "its rollout takes longer than its progress deadline: timed out …"),
    ],
)
async def test_a_rollout_that_does_not_go_on_is_said_with_the_reason(
    clusters: Clusters, kubectl: Kubectl, reason: str, message: str, said: str
) -> None:
    stall(kubectl, "of an earlier rollout", reason=reason)
    async with session(clusters, size=(200, 40)) as person:
        await begin(person, kubectl)
        assert "of an earlier rollout" not in person.text()
        stall(kubectl, message, reason=reason)
        await person.reads(f"Deployment llm-gateway: restarted; 2 pods still hold the old value; {said}")
        await person.press("escape", "o")
        await person.reads(f"Deployment llm-gateway: holds the old value; {said.removesuffix(' …')}")


@pytest.mark.parametrize("held", [True, False])
async def test_a_paused_rollout_gets_no_command(clusters: Clusters, kubectl: Kubectl, *, held: bool) -> None:
    kubectl("patch", "deployment", "llm-gateway", "-p", '{"spec":{"paused":true}}')
    if held:
        change_value(kubectl)
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to("slack-webhook")
        await person.press("u")
        await person.sees(f"2 of 2 pods hold the {'old value' if held else 'new value.'}")
        await person.press("r")
        said = "holds the old value, and is not restarted" if held else "cannot be restarted now"
        await person.reads(f"Deployment llm-gateway {said}: its rollout is paused: resume it first.")
        assert "kubectl rollout restart" not in person.text()


async def test_a_restart_goes_on_after_the_server_was_away(
    clusters: Clusters, kubectl: Kubectl, cluster: BackgroundCluster
) -> None:
    async with session(clusters) as person:
        await begin(person, kubectl)
        cluster.stop()
        await person.reads("which pods it has is not known at the moment: 127.0.0.1")
        cluster.start()
        for pod in PODS:
            state_of(kubectl, pod, {"running": {"startedAt": LATER}})
        await person.reads("Deployment llm-gateway: done: no container of it holds the old value")


async def test_the_commands_are_there_on_a_small_screen(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters, size=(80, 24)) as person:
        await person.sees("live")
        await person.goes_to("slack-webhook")
        await see_old_value_held(person, kubectl)
        await person.press("r")
        await person.sees("kubectl rollout restart deployment/llm-gateway -n llm-serving")


async def test_nothing_is_restarted_that_holds_the_new_value(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to("slack-webhook")
        await person.press("u")
        await person.sees("Used by: slack-webhook", "2 of 2 pods hold the new value.")
        await person.press("r")
        await person.reads("No container is known to hold the old value.")
        await person.press("ctrl+s")
        await person.press("escape", "escape")
        await person.loses("Used by: slack-webhook")
    assert not restarted_at(kubectl)


async def test_a_right_that_is_missing_is_said(clusters: Clusters, kubectl: Kubectl) -> None:
    change_value(kubectl)
    async with session(clusters, start=StartLocation(context="demo-platform-admin")) as person:
        await person.sees("live")
        await person.until(lambda: person.app.screen_stack[0].session.rights.known)  # type: ignore[attr-defined]
        await person.goes_to("slack-webhook")
        await person.press("u")
        await person.sees("2 of 2 pods hold the old value")
        await person.press("r")
        await person.reads(
            "Deployment llm-gateway: the old value is held there. Not allowed: needs patch on deployments"
        )
