import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import wbtui
from tests.screens.driving import Session, session
from tests.screens.forms import (
    enter,
)
from wbtui.repository import Clusters
from wbtui.screens.replace import ReplaceScreen
from wbtui.widgets.filter_bar import FilterBar


def _own_classes() -> Iterator[type[DOMNode]]:
    for module in pkgutil.walk_packages(wbtui.__path__, "wbtui."):
        if module.name.startswith(("wbtui.app", "wbtui.screens", "wbtui.widgets")):
            for thing in vars(importlib.import_module(module.name)).values():
                if isinstance(thing, type) and issubclass(thing, DOMNode) and thing.__module__ == module.name:
                    yield thing


@pytest.mark.parametrize("kind", list(_own_classes()), ids=lambda kind: kind.__name__)
def test_every_binding_has_an_id_and_says_what_it_does(kind: type[DOMNode]) -> None:
    for binding in vars(kind).get("BINDINGS", ()):
        assert isinstance(binding, Binding)
        assert binding.id, binding
        assert binding.tooltip, binding


def test_no_bare_letter_destroys_anything() -> None:
    for kind in _own_classes():
        for binding in vars(kind).get("BINDINGS", ()):
            if "delete" in binding.action:
                assert not any(len(key) == 1 for key in binding.key.split(",")), binding


async def test_the_help_has_every_key_that_works(clusters: Clusters) -> None:
    async with session(clusters, size=(160, 90)) as person:
        await person.sees("live")
        live = [active for active in person.app.screen.active_bindings.values() if active.tooltip]
        assert len(live) > 30
        await person.press("question_mark")
        await person.sees("Commands", "Filter: all terms must match")
        for active in live:
            key = re.escape(person.app.get_key_display(active.binding))
            assert re.search(rf"(?<!\S){key}( \S+)* +{re.escape(active.tooltip)}  ", person.text())
        await person.press("question_mark")
        await person.loses("Commands")


async def test_the_help_is_grouped_and_searched(clusters: Clusters) -> None:
    async with session(clusters, size=(160, 90)) as person:
        await person.sees("live")
        await person.press("question_mark")
        await person.sees("Secrets", "Sort", "Move", "Program", "Sort by age; again reverses")
        await person.press("/")
        await person.type("sort age")
        await person.loses("Move", "Copy the secret's name")
        assert "Sort by age; again reverses" in person.text()
        await person.press("escape")
        await person.sees("Copy the secret's name", "Move")
        await person.press("/")
        await person.type("rotate")
        await person.loses("Move")
        await person.sees("Rotate the secret: new values")
        await person.press("ctrl+u")
        await person.type("zzz")
        await person.sees("No matches. Esc clears the search.")
        assert "Commands" not in person.text()
        await person.press("escape", "escape")
        await person.loses("Move")


@pytest.mark.parametrize(("opens", "tooltip"), [("enter", "Copy the secret's name"), ("slash", "Keep the filter")])
async def test_the_help_is_of_where_one_is(clusters: Clusters, opens: str, tooltip: str) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.press(opens)
        await person.settle()
        await person.press("f1")
        await person.sees("Commands", tooltip)
        assert "Filter as you type" not in person.text()
        await person.press("f1")
        await person.loses("Commands")


async def test_the_palette_offers_each_action_once(clusters: Clusters) -> None:
    async with session(clusters, size=(120, 130)) as person:
        await person.sees("live")
        await person.press("ctrl+p")
        await person.sees(
            "Go to another project", "Everything about the secret except its values", "Sort by age; again reverses"
        )
        assert person.text().count("Everything about the secret except its values") == 1
        assert "enter, d" in person.text()
        await person.type("another project")
        await person.loses("Sort by", "Remove all marks")
        await person.press("enter")
        await person.sees("Go to a project", "training")


async def test_keys_can_be_given_to_other_actions(clusters: Clusters) -> None:
    async with session(clusters, size=(160, 36)) as person:
        await person.sees("live", "p Project")
        person.app.set_keymap({"go.project": "f7", "cursor.down": "n"})
        await person.sees("f7 Project")
        await person.press("p", "n", "n")
        assert person.current() == person.names()[2]
        await person.press("f7")
        await person.sees("Go to a project")


async def test_x_says_that_values_are_never_shown(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.press("x")
        await person.sees("Values are never shown", "wbtui never asks the cluster for values")


@pytest.mark.parametrize(
    ("environment", "pattern"),
    [
        ({}, "\x1b]52;c;Z2hjci1wdWxs\a"),
        ({"TMUX": "socket,1,0"}, "\x1b]52;c;Z2hjci1wdWxs\a\x1bPtmux;\x1b\x1b]52;c;Z2hjci1wdWxs\a\x1b\\"),
        ({"TERM": "screen-256color"}, "\x1bP\x1b]52;c;Z2hjci1wdWxs\a\x1b\\"),
    ],
)
async def test_a_copied_name_is_sent_to_the_terminal(
    clusters: Clusters, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], pattern: str
) -> None:
    for name in ("TMUX", "TERM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to("ghcr-pull")
        sent = written(person)
        await person.press("c")
        await person.sees("ghcr-pull: sent to your terminal.")
        assert pattern in "".join(sent)


def written(person: Session) -> list[str]:
    """Return a list that grows by what is written to the terminal."""
    driver = person.app._driver  # noqa: SLF001  what reaches a terminal passes here
    assert driver
    sent: list[str] = []
    driver.write = sent.append  # type: ignore[assignment,method-assign]
    return sent


@pytest.mark.parametrize("again", [False, True])
async def test_letters_that_come_behind_a_colon_are_no_keys_of_the_table(clusters: Clusters, *, again: bool) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        if again:
            await person.press("colon", "escape")
        await person.press("j", "j")
        before = person.current()
        await enter(person, ":gGdy", "enter")
        await person.press("escape")
        await person.sees("27 secrets")
        assert person.current() == before
        assert "Notes" not in person.text()


@pytest.mark.parametrize("keys", ["wqe", "mqe", "pqe", "aqe", "wewq"])
async def test_what_is_typed_behind_a_key_is_no_command_of_the_table(clusters: Clusters, keys: str) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await enter(person, keys)
        await person.until(lambda: len(person.app.screen_stack) == 2)
        await person.settle()
        assert person.app.is_running
        assert len(person.app.screen_stack) == 2
        assert not isinstance(person.app.screen, ReplaceScreen)


async def test_letters_that_come_with_the_key_of_the_filter_keep_their_order(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await enter(person, "/s3 mateo", "enter")
        await person.sees("1 of 27")
        assert person.current() == "s3-datasets"
        assert person.app.query_one(FilterBar).value == "s3 mateo"
        await enter(person, ":log", "enter")
        await person.sees("Change log, kept in")


async def test_any_field_of_a_secret_is_copied_by_name(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to("hf-token-llama")
        for field, copied in (("path", "llm-serving/hf-token-llama"), ("creator", "amara.okafor@example.com")):
            await person.press(":")
            await person.type(f"copy {field}")
            await person.press("enter")
            await person.sees(f"{copied}: ")
        await person.press(":")
        await person.type("copy vaule")
        await person.press("enter")
        await person.sees('unknown field "vaule"', "there are name, display-name")
