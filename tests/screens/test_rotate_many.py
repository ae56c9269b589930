"""The same new values for several secrets: each tried first, written one by one, and with its own result."""

import json

import pytest

from tests.conftest import Kubectl
from tests.proxy import Gate, Proxy, answer
from tests.screens.canaries import CANARIES, assert_clean, everything_said
from tests.screens.driving import Session, session
from tests.screens.forms import enter
from tests.stored import values
from wbtui.domain.projects import StartLocation
from wbtui.repository import Clusters
from wbtui.widgets.masked_value import MaskedValue

NAME = "shared-token"
PROJECTS = ("llm-serving", "training")
PLACES = [f"{NAME} in {project}" for project in PROJECTS]


@pytest.fixture
def shared(kubectl: Kubectl) -> None:
    """A secret of one name in two projects; both have another key, which stays."""
    for project in PROJECTS:
        kubectl("create", "secret", "generic", NAME, "-n", project, "--from-literal=a=old", "--from-literal=b=stays")


pytestmark = pytest.mark.usefixtures("shared")
ALL = StartLocation(all_projects=True)


async def enter_value(person: Session, value: str = "new") -> None:
    """Mark both, and enter a value for one of their keys."""
    await person.sees("live")
    await person.press("slash")
    await person.type(NAME)
    await person.press("enter")
    await person.until(lambda: person.names() == ["llm-serving", "training"] or person.names() == [NAME, NAME])
    await person.press("asterisk", "o")
    await person.reads(f"New values for 2 secrets: {PLACES[0]}, {PLACES[1]}.")
    await enter(person, value)
    await person.press("ctrl+s")


def in_both(kubectl: Kubectl) -> list[str]:
    found = [json.loads(kubectl("get", "secret", NAME, "-n", project, "-o", "json"))["data"] for project in PROJECTS]
    assert {data["b"] for data in found} == {"c3RheXM="}
    return [data["a"] for data in found]


def writes(proxy: Proxy) -> list[tuple[str, bool]]:
    """Return the projects that were written to, and whether that was a dry run."""
    patches = [request for request in proxy.requests if request.method == "PATCH"]
    return [(request.path.split("/")[4], "dryRun" in request.query) for request in patches]


async def test_each_is_tried_before_any_is_written_and_each_has_its_result(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with session(proxied, start=ALL) as person:
        await enter_value(person)
        await person.reads(f"{PLACES[0]}: can be written", f"{PLACES[1]}: can be written", "ctrl+s writes 2")
        assert writes(proxy) == [(project, True) for project in PROJECTS]
        assert in_both(kubectl) == ["b2xk", "b2xk"]
        await person.press("ctrl+s")
        await person.reads("2 written. is:stale in the list shows", f"{PLACES[1]}: written")
        await person.press("escape")
        await person.reads("2 secrets have new values.")
    assert writes(proxy) == [*((project, True) for project in PROJECTS), *((project, False) for project in PROJECTS)]
    assert in_both(kubectl) == ["bmV3", "bmV3"]


async def test_trouble_in_one_does_not_stop_the_others_and_what_is_left_is_tried_again(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with session(proxied, start=ALL) as person:
        await enter_value(person)
        await person.reads("ctrl+s writes 2")
        refused = {"kind": "Status", "message": 'admission webhook "policy" denied the request: no', "code": 403}
        proxy.once(f"/llm-serving/secrets/{NAME}", answer(403, json.dumps(refused).encode()))
        await person.press("ctrl+s")
        await person.reads(f"{PLACES[0]}: NOT written: ", f"{PLACES[1]}: written", "ctrl+s writes 1")
        assert in_both(kubectl) == ["b2xk", "bmV3"]
        await person.press("escape")
        await person.reads(f"Not finished: 1 written; left: {PLACES[0]}. ctrl+s tries these again.", "3 bytes")
        await person.press("ctrl+s")
        await person.reads("New values for 1 secret ", f"{PLACES[0]}: can be written")
        await person.press("ctrl+s")
        await person.reads("1 written.")
        await person.press("escape")
        await person.reads("2 secrets have new values.")
    assert in_both(kubectl) == ["bmV3", "bmV3"]


async def test_one_that_another_operator_changed_is_shown_and_replaced_only_when_asked_again(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    async with session(clusters, start=ALL) as person:
        await enter_value(person)
        await person.reads("ctrl+s writes 2")
        kubectl("patch", "secret", NAME, "-n", "training", "-p", '{"data":{"a":"dGhlaXJz"}}')
        await person.press("ctrl+s")
        await person.reads(f"{PLACES[0]}: written", f"{PLACES[1]}: not written: It was changed")
        assert in_both(kubectl) == ["bmV3", "dGhlaXJz"]
        await person.press("ctrl+s")
        await person.reads("2 written.")
        assert in_both(kubectl) == ["bmV3", "bmV3"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("delete", "secret", NAME), "cannot be written: not found"),
        (("patch", "secret", NAME, "-p", '{"immutable":true}'), "it is immutable: rotate it by itself"),
    ],
)
async def test_one_that_was_deleted_or_made_immutable_is_left_out(
    clusters: Clusters, kubectl: Kubectl, change: tuple[str, ...], said: str
) -> None:
    async with session(clusters, start=ALL) as person:
        await enter_value(person)
        await person.reads("ctrl+s writes 2")
        kubectl(*change, "-n", "training")
        await person.press("ctrl+s")
        await person.reads(f"{PLACES[0]}: written", said)
        await person.press("escape")
        await person.reads(f"1 written; left: {PLACES[1]}")


async def test_a_value_is_told_nowhere_and_let_go_of_at_the_end(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with session(proxied, start=ALL) as person:
        await enter_value(person, CANARIES[0])
        fields = list(person.app.screen_stack[1].query(MaskedValue))
        await person.reads("ctrl+s writes 2")
        assert_clean("\n".join(everything_said(person)))
        await person.press("ctrl+s")
        await person.reads("2 written.")
        assert_clean("\n".join(everything_said(person)))
        await person.press("escape")
        await person.reads("2 secrets have new values.")
        assert not sum(map(len, fields))
    carried = [request.method for request in proxy.requests if b"Y0FuQXJZ" in request.body]
    assert carried == ["PATCH"] * 4
    assert values(kubectl, NAME)["a"] == CANARIES[0]


async def test_what_is_marked_counts_wherever_the_cursor_is(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.press("slash")
        await person.type("hf-token")
        await person.press("enter", "space", "space")
        await person.press("escape", "slash")
        await person.type("vault-hf")
        await person.press("enter")
        await person.until(lambda: person.names() == ["vault-hf-token"])
        await person.press("o")
        await person.reads("New values for 2 secrets: ", "2 of them are hidden by the filter.")


async def test_that_it_stops_is_said_until_it_has_stopped(proxy: Proxy, proxied: Clusters, kubectl: Kubectl) -> None:
    async with session(proxied, start=ALL) as person:
        await enter_value(person)
        await person.reads("ctrl+s writes 2")
        gate = Gate()
        proxy.once(NAME, gate)
        await person.press("ctrl+s")
        await person.reads("esc stops after the one in progress")
        await person.press("escape")
        await person.reads("Stopping after the one in progress.")
        gate.open()
        await person.reads("1 written", "ctrl+s writes 1")
        await person.until(lambda: "Stopping" not in person.said())
    assert sorted(in_both(kubectl)) == ["b2xk", "bmV3"]
