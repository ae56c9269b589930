import re

import pytest

from tests.conftest import Kubectl
from tests.screens.driving import Session, session
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.repository import Clusters

SIZES = [(60, 15), (80, 24), (120, 36), (200, 60)]


def assert_tidy(person: Session) -> None:
    """What is cut has an ellipsis, and every line of the main screen is in its place."""
    lines, height = person.lines(), person.app.size.height
    assert lines[0].startswith(" wbtui demo › llm-serving")
    assert lines[0].endswith("live")
    assert lines[1].startswith("[0 All")
    last = f"{len(USE_CASES)} {USE_CASES[-1].title}"
    assert re.search(rf"({re.escape(last)}( \d+)?|…)$", lines[1])
    assert lines[2].startswith("  NAME ^")
    assert lines[height - 2].startswith(" 27 secrets")
    assert lines[height - 1].startswith("enter Details space Mark / Filter p Project")
    assert lines[height - 1].endswith("? Help")


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_main_screen_is_tidy(clusters: Clusters, size: tuple[int, int]) -> None:
    async with session(clusters, size=size) as person:
        await person.sees("live", "? Help")
        assert_tidy(person)
        assert len(person.names()) == min(27, size[1] - 5)


async def test_resizing_keeps_it_tidy_and_the_cursor_in_sight(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.press("G")
        for width, height in [*SIZES, *reversed(SIZES)]:
            await person.pilot.resize_terminal(width, height)
            await person.until(lambda size=(width, height): person.app.size == size and len(person.lines()) == size[1])  # type: ignore[misc]
            await person.sees(" 27 secrets", "? Help", "> wandb-api-key")
            assert_tidy(person)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_dialogs_fit(clusters: Clusters, size: tuple[int, int]) -> None:
    async with session(clusters, size=size) as person:
        await person.sees("live")
        for key, parts in (
            ("enter", ("docker-hub-pull", "project", "esc Back")),
            ("p", ("Go to a project", "* llm-serving", "all projects", "Enter chooses", "esc Back")),
            ("question_mark", ("Keys", "Secrets", "esc Back")),
            ("colon", (":ns",)),
            ("slash", ("enter Keep", "esc Clear")),
            ("x", ("Values are never shown", "enter that.")),
        ):
            await person.press(key)
            await person.sees(*parts)
            for box in person.app.screen.query(".dialog"):
                assert person.app.screen.region.contains_region(box.region)
                assert person.lines()[box.region.y][box.region.x] == "╭"
                assert person.lines()[box.region.bottom - 1][box.region.right - 1] == "╯"
            await person.press("escape")
            await person.sees("enter Details")


async def test_questions_and_hints_fit_on_twelve_lines(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters, size=(80, 12)) as person:
        await person.sees("live")
        await person.press("p")
        await person.sees("Go to a project", "* llm-serving", "Enter chooses")
        await person.press("escape")
        await person.goes_to("license-server")
        await person.press("e")
        await person.sees("New values for license-server")
        await person.type("x")
        await person.press("ctrl+s")
        await person.sees("Recreate the secret license-server?", "No (n)", "Recreate ")
        await person.press("n")
        await person.loses("Recreate the secret")
    assert kubectl("get", "secret", "license-server", "-o", "name")


async def test_an_open_dialog_follows_the_size(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to("vault-s3-archive")
        await person.press("enter")
        await person.sees("permission denied")
        await person.pilot.resize_terminal(60, 40)
        await person.sees("managed by    ExternalSecret", "╯")
        assert all(len(line) <= 60 for line in person.lines())
        await person.pilot.resize_terminal(120, 36)
        await person.sees("permission denied", "esc Back")


async def test_the_keys_below_a_dialog_are_its_own(clusters: Clusters) -> None:
    async with session(clusters, size=(80, 24)) as person:
        await person.sees("live", "enter Details")
        for opens in ("enter", "p", "question_mark"):
            await person.press(opens)
            await person.sees("esc Back")
            assert "Details" not in person.lines()[-1]
            await person.press("escape")
            await person.loses("esc Back")
