"""A report that changes faster than it can be drawn is drawn once per frame, and at last as it ends."""

import asyncio

from textual.app import App
from textual.screen import Screen

from wbtui.screens.redrawing import Redrawing


async def test_changes_before_the_next_frame_are_drawn_together_and_the_last_is_drawn() -> None:
    async with App[None]().run_test() as pilot:
        screen = Screen[None]()
        await pilot.app.push_screen(screen)
        changes: list[int] = []
        drawn: list[int] = []
        redrawing = Redrawing(screen, lambda: drawn.append(len(changes)))
        for number in range(300):
            changes.append(number)
            redrawing.changed()
        assert drawn == [1]
        async with asyncio.timeout(10):
            while drawn != [1, 300]:
                await pilot.pause()


async def test_nothing_is_drawn_once_the_screen_has_closed() -> None:
    async with App[None]().run_test() as pilot:
        screen = Screen[None]()
        await pilot.app.push_screen(screen)
        drawn: list[int] = []
        redrawing = Redrawing(screen, lambda: drawn.append(1))
        redrawing.changed()
        redrawing.changed()
        await pilot.app.pop_screen()
        await pilot.pause()
        assert drawn == [1]
