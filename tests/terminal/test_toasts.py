from textual.widgets._toast import ToastRack

from tests.screens.driving import session
from wbtui.repository import Clusters


async def test_a_toast_covers_nothing(clusters: Clusters) -> None:
    async with session(clusters, size=(80, 24)) as person:
        await person.sees("live")
        await person.press("G")
        await person.sees("> wandb-api-key")
        await person.press("x")
        await person.sees("Values are never shown", "27 secrets", "enter Details")
        screen = person.app.screen
        toasts = screen.query_one(ToastRack).region
        for part in ("#header", "#use-cases", "#table", "#status", "KeyLine"):
            assert not toasts.overlaps(screen.query_one(part).region), part
