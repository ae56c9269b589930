"""A screen that closes in the moment before an answer would be shown is shown nothing more."""

from collections.abc import AsyncIterator

import pytest
from textual.app import App
from textual.screen import Screen

from wbtui.errors import ClusterError, Unreachable
from wbtui.screens.answers import ask, follow


class Asked(Screen[None]):
    """Keeps what it is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[int | ClusterError] = []

    def close_with(self, *, fails: bool) -> int:
        """Close, and give one more answer."""
        self.app.pop_screen()
        if fails:
            raise Unreachable("nobody answers")
        return 2

    async def answer(self, *, fails: bool) -> int:
        return self.close_with(fails=fails)

    async def news(self, *, fails: bool) -> AsyncIterator[int]:
        yield 1
        yield self.close_with(fails=fails)


@pytest.mark.parametrize("fails", [False, True])
async def test_a_screen_that_has_closed_is_shown_no_answer(*, fails: bool) -> None:
    app, screen = App[None](), Asked()
    async with app.run_test() as pilot:
        await app.push_screen(screen)
        ask(screen, screen.answer(fails=fails), screen.shown.append, screen.shown.append)
        await pilot.pause()
        assert screen not in app.screen_stack
    assert screen.shown == []


@pytest.mark.parametrize("fails", [False, True])
async def test_a_screen_that_has_closed_is_shown_no_news(*, fails: bool) -> None:
    app, screen = App[None](), Asked()
    async with app.run_test() as pilot:
        await app.push_screen(screen)
        follow(screen, screen.news(fails=fails), screen.shown.append, screen.shown.append)
        await pilot.pause()
        assert screen not in app.screen_stack
    assert screen.shown == [1]
