"""The command line: names, completion and history; and those of the filter."""

import pytest
from textual.widgets import Input

from tests.conftest import Kubectl
from tests.proxy import Proxy, answer
from tests.screens.driving import Session, session
from wbtui.repository import Clusters
from wbtui.screens.command import CommandScreen


def line(person: Session) -> str:
    """Return what is in the line."""
    return person.app.screen.query_one(Input).value


@pytest.mark.parametrize("command", ["q", "q!", "quit", "quit!"])
async def test_wbtui_is_left_by_every_name_of_the_command(clusters: Clusters, command: str) -> None:
    async with session(clusters) as person:
        await person.sees("27 secrets")
        await person.press(":")
        await person.type(command)
        await person.press("enter")
        await person.until(lambda: person.app.return_code is not None)


@pytest.mark.parametrize(
    ("command", "place"),
    [
        ("ns research", "demo › research"),
        ("namespace research", "demo › research"),
        ("project research", "demo › research"),
        ("context demo-member", "demo-member › llm-serving"),
        ("ctx demo-member", "demo-member › llm-serving"),
    ],
)
async def test_a_place_has_several_commands(clusters: Clusters, command: str, place: str) -> None:
    async with session(clusters) as person:
        await person.sees("27 secrets")
        await person.press(":")
        await person.type(command)
        await person.press("enter")
        await person.sees(place)


async def test_tab_completes_commands_and_the_names_of_projects(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("27 secrets")
        await person.press(":")
        await person.type("names")
        await person.press("tab")
        assert line(person) == "namespace "
        await person.sees("llm-serving  research")
        await person.type("res")
        await person.press("tab")
        assert line(person) == "namespace research"
        await person.press("enter")
        await person.sees("demo › research")


async def test_tab_goes_through_the_contexts_and_back(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("27 secrets")
        await person.press(":")
        await person.type("ctx demo-")
        await person.sees("demo-member")
        await person.press("tab")
        first = line(person)
        await person.press("tab")
        assert line(person) != first
        await person.press("shift+tab")
        assert line(person) == first


async def test_what_the_cluster_does_not_tell_is_not_completed(proxied: Clusters, proxy: Proxy) -> None:
    async with session(proxied) as person:
        await person.sees("27 secrets", "live")
        proxy.once("/namespaces", answer(500, b"{}"))
        await person.press(":")
        await person.type("ns res")
        await person.press("tab")
        assert line(person) == "ns res"
        assert isinstance(person.app.screen, CommandScreen)
        await person.press("escape")
        await person.sees("27 secrets")


async def test_commands_are_called_back(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("27 secrets")
        for command, place in (("ns research", "demo › research"), ("ns llm-serving", "demo › llm-serving")):
            await person.press(":")
            await person.type(command)
            await person.press("enter")
            await person.sees(place)
        await person.press(":")
        await person.type("he")
        await person.press("up")
        assert line(person) == "ns llm-serving"
        await person.press("up", "up")
        assert line(person) == "ns research"
        await person.press("down", "down", "down")
        assert line(person) == "he"


async def test_a_mistake_is_told_until_something_is_typed(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("27 secrets")
        await person.press(":")
        await person.type("quitt")
        await person.press("enter")
        await person.sees('unknown command :quitt (did you mean "quit"?)')
        await person.press("backspace")
        await person.loses("unknown command")


async def test_filters_are_completed_and_called_back(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("27 secrets")
        await person.press("/")
        await person.type("use:h")
        await person.press("tab")
        assert line(person) == "use:hf "
        await person.type("-hf-legacy")
        await person.sees("3 of 27")
        await person.press("escape", "/")
        await person.sees("27 secrets")
        await person.press("up")
        assert line(person) == "use:hf -hf-legacy"
        await person.sees("3 of 27")
        await person.press("down")
        assert line(person) == ""
        await person.press("down", "j")
        await person.sees("27 secrets")


async def test_by_me_finds_what_one_has_created(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("create", "secret", "generic", "mine", "--from-literal=a=b")
    kubectl("annotate", "secret", "mine", "airm.silogen.ai/submitter=demo@example.com")
    async with session(clusters) as person:
        await person.press("/")
        await person.type("by:me")
        await person.sees("1 of 28", "mine")
        await person.type(" or by:amara")
        await person.sees("5 of 28")
