"""Rotating a secret in place: one question, one write, restarts, and following what holds which value."""

import json
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import NOW, Kubectl
from tests.proxy import Proxy, forward, hang
from tests.pseudo_terminal import Terminal
from tests.screens.canaries import CANARIES, assert_clean, everything_said
from tests.screens.driving import Session, session
from tests.screens.forms import enter
from tests.screens.killing import Held, enter_value, kill_at, open_values
from tests.screens.replacing import sent
from tests.screens.restarts import LATER, PODS, add_pod, change_value, restarted_at, state_of
from tests.stored import values
from wbtui.domain.projects import StartLocation
from wbtui.repository import Clusters
from wbtui.widgets.masked_value import MaskedValue

SECRET = "slack-webhook"
HELD = "Deployment llm-gateway: restarted; 2 pods still hold the old value"


async def open_rotation(person: Session, name: str = SECRET) -> None:
    await person.sees("live")
    await person.goes_to(name)
    await person.press("o")
    await person.sees(f"New values for {name}")


async def rotate(person: Session, value: str = "https://new") -> None:
    """Enter a value, and agree to what will happen."""
    await open_rotation(person)
    await enter(person, value)
    await person.press("ctrl+s")
    await person.reads(
        f"Rotate the values of {SECRET}?",
        "New values are written for url in llm-serving.",
        "Then restarted, one after the other: Deployment llm-gateway.",
    )
    await person.press("down", "enter")


async def show_what_is_held(person: Session) -> None:
    """Go from the form to what a rotation has left to do."""
    await person.reads("A running container still holds an old value: ctrl+g shows that.")
    await person.press("ctrl+g")
    await person.reads("What holds old values of slack-webhook", "Deployment llm-gateway: holds the old value")


async def restart_to_the_end(person: Session, kubectl: Kubectl) -> None:
    """Restart what holds the old value, and have all pods started again."""
    await person.press("ctrl+s")
    await person.reads("Restart what holds the old value?")
    await person.press("y")
    await person.reads(HELD)
    for pod in PODS:
        state_of(kubectl, pod, {"running": {"startedAt": LATER}})
    await person.reads("Done: no running container holds the old value.")


async def test_one_question_then_it_is_written_restarted_and_followed_to_the_end(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with session(proxied) as person:
        await rotate(person)
        await person.reads(HELD)
        assert sent(proxy) == ["PATCH"]
        assert values(kubectl, SECRET)["url"] == "https://new"
        assert restarted_at(kubectl)
        state_of(kubectl, PODS[0], {"running": {"startedAt": LATER}})
        await person.reads("1 pod still holds the old value")
        state_of(kubectl, PODS[1], {"running": {"startedAt": LATER}})
        await person.reads("Done: no running container holds the old value.", "2 of 2 pods hold the new value.")
        await person.press("escape")
        await person.sees("live")


async def test_escape_stops_the_search_before_the_question(proxy: Proxy, proxied: Clusters, kubectl: Kubectl) -> None:
    async with session(proxied) as person:
        await open_rotation(person)
        await person.sees("ctrl+s shows what will happen")
        await enter(person, "https://new")
        proxy.default = hang
        proxy.cut()
        await person.press("ctrl+s")
        await person.sees("… esc stops.")
        await person.press("escape")
        proxy.default = forward
        await person.sees("Stopped. Nothing was stored.", "11 bytes")
        await person.press("ctrl+s")
        await person.reads("Rotate the values of", "Nothing is stored before you answer.")
        assert sent(proxy) == []
    assert values(kubectl, SECRET)["url"] != "https://new"


async def test_nothing_is_written_before_the_question_is_answered(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with session(proxied) as person:
        await open_rotation(person)
        await enter(person, "https://new")
        fields = list(person.app.screen.query(MaskedValue))
        await person.press("ctrl+s")
        await person.reads("Rotate the values of")
        await person.press("enter")
        await person.sees("New values for", "shows what will happen")
        assert sum(map(len, fields)) == len("https://new")
    assert sent(proxy) == []
    assert not restarted_at(kubectl)


async def test_a_rotation_that_was_left_is_shown_again_by_the_same_key(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await rotate(person)
        await person.reads(HELD)
        await person.press("escape")
        await person.sees("live", "old value held")
        await person.press("o")
        await person.reads("Deployment llm-gateway: holds the old value", "ctrl+s restarts what still holds")
        await restart_to_the_end(person, kubectl)


async def test_of_a_rollout_that_does_not_end_it_is_said_what_is_waited_for_how_long_and_how_to_leave(
    clusters: Clusters,
) -> None:
    passed = [timedelta()]
    async with session(clusters, now=lambda: NOW + passed[0]) as person:
        await rotate(person)
        await person.reads(HELD, "Waiting for 0s. esc leaves, and no other one is restarted then; o shows this again.")
        passed[0] = timedelta(minutes=25)
        await person.reads(HELD, "Waiting for 25m.")
        await person.press("escape")
        await person.sees("live", "old value held")


def rotate_in_terminal(terminal: Terminal) -> None:
    open_values(terminal, SECRET)
    enter_value(terminal, "https://new")
    terminal.reads(f"Rotate the values of {SECRET}?")
    terminal.press("\x1b[B")
    terminal.press("\r")


@pytest.mark.parametrize("written", range(3))
async def test_killed_between_any_two_steps_another_session_shows_where_it_stands(
    proxy: Proxy,
    proxied: Clusters,
    clusters: Clusters,
    environment: dict[str, str],
    tmp_path: Path,
    kubectl: Kubectl,
    written: int,
) -> None:
    """A process is killed once so many of its writes are done: the values, and then the restart."""
    del proxied  # its kubeconfig is used
    held = Held(written or 1, done=bool(written))
    await kill_at(held, proxy, environment, tmp_path / "proxied", rotate_in_terminal)
    assert (values(kubectl, SECRET)["url"] == "https://new", bool(restarted_at(kubectl))) == (written > 0, written > 1)
    async with session(clusters) as person:
        await open_rotation(person)
        if not written:
            await person.sees("shows what will happen")
            return
        await show_what_is_held(person)
        await restart_to_the_end(person, kubectl)


async def test_another_session_finds_a_rotation_that_is_not_finished(clusters: Clusters, kubectl: Kubectl) -> None:
    change_value(kubectl)
    async with session(clusters) as person:
        await open_rotation(person)
        await show_what_is_held(person)
        await person.press("e")
        await person.sees(f"New values for {SECRET}")


async def test_a_new_pod_that_does_not_come_up_is_said_and_what_can_be_done(
    clusters: Clusters, kubectl: Kubectl, tmp_path: Path
) -> None:
    async with session(clusters) as person:
        await rotate(person)
        await person.reads(HELD)
        add_pod(kubectl, tmp_path, "llm-gateway-new", {"waiting": {"reason": "CreateContainerConfigError"}})
        await person.reads(
            "stopped here: Pod llm-gateway-new does not come up:", "ctrl+s restarts what still holds the old value."
        )


IMMUTABLE = ("patch", "secret", SECRET, "-p", '{"immutable":true}')
DELETE = ("delete", "secret", SECRET)
CREATE = ("create", "secret", "generic", SECRET, "--from-literal=url=https://theirs")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([IMMUTABLE], "it is immutable now: its values cannot be changed in place. Write them under a new name"),
        ([DELETE], f"Not found: there is no {SECRET} in llm-serving any more."),
        ([DELETE, CREATE], "It was deleted, and another one of the same name was created"),
    ],
)
async def test_a_secret_that_is_another_one_by_then_is_not_written_and_the_value_stays(
    clusters: Clusters, kubectl: Kubectl, changes: list[tuple[str, ...]], said: str
) -> None:
    async with session(clusters) as person:
        await open_rotation(person)
        await enter(person, "https://mine")
        fields = list(person.app.screen.query(MaskedValue))
        await person.press("ctrl+s")
        await person.reads("Rotate the values of")
        for change in changes:
            kubectl(*change)
        await person.press("down", "enter")
        await person.reads(said)
        assert sum(map(len, fields)) == len("https://mine")
    assert b64encode(b"https://mine").decode() not in kubectl("get", "secrets", "-o", "json")
    assert not restarted_at(kubectl)


async def test_one_that_was_made_immutable_is_rotated_under_a_new_name_with_the_same_values(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    async with session(clusters) as person:
        await open_rotation(person)
        await enter(person, "https://mine")
        await person.press("ctrl+s")
        await person.reads("Rotate the values of")
        kubectl(*IMMUTABLE)
        await person.press("down", "enter")
        await person.reads("Write them under a new name")
        await person.press(*["shift+tab"] * 4, "2", "ctrl+s")
        await person.reads("Changed by another user", "it is immutable now")
        await person.press("down", "enter")
        await person.reads(f"From {SECRET} to {SECRET}-v2", "1 object is pointed to it")
        await person.press("ctrl+s")
        await person.reads("Deployment llm-gateway: done")
    assert values(kubectl, f"{SECRET}-v2") == {"url": "https://mine"}


async def test_another_operator_who_was_faster_is_shown_and_not_overwritten_unasked(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    async with session(clusters) as person:
        await open_rotation(person)
        await enter(person, "https://mine")
        await person.press("ctrl+s")
        await person.reads("Rotate the values of")
        change_value(kubectl)
        await person.press("down", "enter")
        await person.reads("Changed by another user", "Replace the values anyway?")
        assert values(kubectl, SECRET)["url"] == "https://new"
        await person.press("enter")
        await person.reads("New values for", "Changed by another user")
        assert values(kubectl, SECRET)["url"] == "https://new"
        assert not restarted_at(kubectl)
        await person.press("ctrl+s")
        await person.reads("Rotate the values of")
        await person.press("down", "enter")
        await person.reads("Replace the values anyway?")
        await person.press("down", "enter")
        await person.reads("Rotate the values of")
        await person.press("down", "enter")
        await person.reads(HELD)
        assert values(kubectl, SECRET)["url"] == "https://mine"


async def test_a_secret_that_is_deleted_while_it_is_entered_is_not_created(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    async with session(clusters) as person:
        await open_rotation(person)
        await enter(person, "https://mine")
        await person.press("ctrl+s")
        await person.reads("Rotate the values of")
        kubectl("delete", "secret", SECRET)
        await person.press("down", "enter")
        await person.reads("Not found")
        assert sum(map(len, person.app.screen.query(MaskedValue))) == len("https://mine")
    assert SECRET not in kubectl("get", "secrets", "-o", "name")


@pytest.mark.parametrize(("key", "shown"), [("enter", "last changed"), ("u", "Used by: slack-webhook")])
async def test_the_key_is_there_in_the_details_and_the_uses_too(clusters: Clusters, key: str, shown: str) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to(SECRET)
        await person.press(key)
        await person.sees(shown)
        await person.press("o")
        await person.sees(f"New values for {SECRET}")


async def test_what_is_asked_stays_when_news_of_pods_comes(clusters: Clusters, kubectl: Kubectl) -> None:
    state = json.loads(kubectl("get", "pod", PODS[0], "-o", "json"))["status"]["containerStatuses"][0]["state"]
    kubectl("annotate", "secret", SECRET, "wbtui.eai.amd.com/expires=2027-01-31")
    change_value(kubectl)
    for pod in PODS:
        state_of(kubectl, pod, {"running": {"startedAt": LATER}})
    async with session(clusters) as person:
        await open_rotation(person)
        await enter(person, "https://mine")
        await person.press("ctrl+s")
        asked = "Not saved yet: Expires: 2027-01-31 is of the old values, and not kept. Press ctrl+s again"
        await person.reads(asked)
        state_of(kubectl, PODS[0], state)
        await person.sees("ctrl+g Progress")
        await person.reads(asked)
        await enter(person, "90d")
        await person.reads("A running container still holds an old value: ctrl+g shows that.")


async def test_who_may_not_restart_is_told_before(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters, start=StartLocation(context="demo-platform-admin")) as person:
        await open_rotation(person)
        await person.until(lambda: person.app.screen_stack[0].session.rights.known)  # type: ignore[attr-defined]
        await enter(person, "https://new")
        await person.press("ctrl+s")
        await person.reads(
            "Deployment llm-gateway holds the value, and is not restarted. Not allowed: needs patch on deployments"
        )
        await person.press("down", "enter")
        await person.reads("What holds old values of", "Not allowed: needs patch on deployments")
    assert values(kubectl, SECRET)["url"] == "https://new"
    assert not restarted_at(kubectl)


async def test_a_value_is_told_nowhere(proxy: Proxy, proxied: Clusters, kubectl: Kubectl) -> None:
    async with session(proxied) as person:
        await open_rotation(person)
        await enter(person, CANARIES[0])
        fields = list(person.app.screen.query(MaskedValue))
        await person.press("ctrl+s")
        await person.reads("Rotate the values of")
        assert_clean("\n".join(everything_said(person)))
        await person.press("down", "enter")
        await person.reads(HELD)
        assert_clean("\n".join(everything_said(person)))
        assert not sum(map(len, fields))
        await person.press("escape")
    carried = [
        request for request in proxy.requests if CANARIES[0].encode() in request.body or b"Y0FuQXJZ" in request.body
    ]
    assert [request.method for request in carried] == ["PATCH"]
    assert values(kubectl, SECRET)["url"] == CANARIES[0]
    assert CANARIES[0] not in json.dumps([request.target for request in proxy.requests])
