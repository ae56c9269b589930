"""Questions that are longer than the screen: what is agreed to can be read to its end."""

import pytest

from tests.conftest import Kubectl
from tests.screens.driving import session
from wbtui.repository import Clusters
from wbtui.screens.ask import AskScreen
from wbtui.screens.delete import DeleteScreen


async def test_a_long_question_is_read_page_by_page_and_keeps_its_careful_answer(clusters: Clusters) -> None:
    answers: list[bool | None] = []
    text = "\n".join(f"Deployment web-{number:03}" for number in range(60))
    async with session(clusters, size=(80, 24)) as person:
        await person.sees("live")
        person.app.push_screen(AskScreen("Restart?", text, yes="Restart", no="Cancel"), answers.append)
        await person.sees("Restart?", "Deployment web-000")
        assert "web-059" not in person.text()
        for part in ("web-025", "web-045", "web-059"):
            await person.press("pagedown")
            await person.sees(part)
        await person.press(*["pageup"] * 4)
        await person.sees("Restart?", "Deployment web-000")
        await person.press("enter")
        await person.until(lambda: answers == [False])


@pytest.mark.parametrize("size", [(20, 5), (30, 7)])
async def test_what_cannot_be_read_cannot_be_agreed_to(clusters: Clusters, size: tuple[int, int]) -> None:
    answers: list[bool | None] = []
    text = "Deployment web, StatefulSet vector-db-of-the-evaluation\nTheir pods are replaced as their strategies say."
    async with session(clusters, size=size) as person:
        await person.sees("live")
        person.app.push_screen(
            AskScreen("Restart what holds the old value?", text, yes="Restart", no="No"), answers.append
        )
        await person.until(lambda: isinstance(person.app.screen, AskScreen))
        await person.press("y", "down", "enter")
        await person.sees("Ignored")
        assert answers == []
        await person.pilot.resize_terminal(80, 24)
        await person.sees("vector-db-of-the-evaluation", "Restart (y)")
        await person.press("y")
        await person.until(lambda: answers == [True])


async def test_a_question_on_a_low_screen_is_agreed_to_once_it_was_read_to_its_end(clusters: Clusters) -> None:
    answers: list[bool | None] = []
    async with session(clusters, size=(40, 9)) as person:
        await person.sees("live")
        person.app.push_screen(
            AskScreen("Restart?", "\n".join(f"Deployment {n}" for n in "abcdefgh"), yes="Restart", no="No"),
            answers.append,
        )
        await person.until(lambda: isinstance(person.app.screen, AskScreen))
        await person.press("y")
        for _ in range(8):
            await person.press("pagedown")
        await person.sees("Deployment h")
        assert answers == []
        await person.press("y")
        await person.until(lambda: answers == [True])


async def test_a_secret_whose_name_is_not_on_the_screen_is_not_deleted(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("create", "secret", "generic", "unused", "-n", "llm-serving")
    async with session(clusters, size=(80, 24)) as person:
        await person.goes_to("unused")
        await person.pilot.resize_terminal(40, 6)
        await person.press("ctrl+d")
        await person.until(lambda: isinstance(person.app.screen, DeleteScreen))
        await person.press("y")
        await person.sees("Ignored")
        assert kubectl("get", "secret", "unused", "-n", "llm-serving", "-o", "name") == "secret/unused\n"
