"""Questions that are longer than the screen: what is agreed to can be read to its end."""

from tests.screens.driving import session
from wbtui.repository import Clusters
from wbtui.screens.ask import AskScreen


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
