import asyncio

from tests.screens.driving import session
from wbtui.repository import Clusters
from wbtui.screens.choose import Choice, ChooseScreen, Offer


async def test_what_was_typed_while_the_list_was_loading_narrows_it(clusters: Clusters) -> None:
    there = asyncio.Event()

    async def load() -> Offer[str]:
        await there.wait()
        return Offer([Choice(name, name) for name in ("dashboard", "gateway")])

    async with session(clusters) as person:
        await person.sees("live")
        chosen: list[str | None] = []
        person.app.push_screen(ChooseScreen("Choose", load), chosen.append)
        await person.sees("Loading …")
        await person.type("gate")
        there.set()
        await person.sees("Enter chooses")
        assert "dashboard" not in person.text().split("Choose")[1].split("Enter chooses")[0]
        await person.press("enter")
        await person.loses("Enter chooses")
        assert chosen == ["gateway"]
