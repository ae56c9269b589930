from typing import Any

import pytest
from textual.app import App, ComposeResult

from wbtui.news import Page, WatchOpened
from wbtui.widgets.connection_status import ConnectionStatus


class Shown(App[None]):
    def compose(self) -> ComposeResult:
        yield ConnectionStatus()


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page((), 500, 1627), "loading 500 of about 1,627 …"),
        (Page((), 500, None), "loading 500 …"),
        (Page((), 1627, 1627), "loading 1,627 …"),
        (Page((), 1700, 1627), "loading 1,700 …"),
    ],
)
async def test_how_much_is_loaded_is_said_beside_what_is_expected(page: Page[Any], words: str) -> None:
    async with Shown().run_test() as pilot:
        status = pilot.app.query_one(ConnectionStatus)
        status.show_news(page)
        assert str(status.content)[2:] == words


async def test_a_wait_is_counted_from_its_beginning_whatever_is_waited_for_then() -> None:
    now = 100.0
    status = ConnectionStatus(clock=lambda: now)
    async with Shown().run_test() as pilot:
        await pilot.app.mount(status)
        status.wait_for("connecting …")
        now += 2
        status.show_news(Page((), 500, None))
        assert str(status.content)[2:] == "loading 500 …"
        now += 2
        status.show_news(Page((), 1000, None))
        assert str(status.content)[2:] == "loading 1,000 … 4 s, Escape stops"
        status.show_news(WatchOpened())
        now += 60
        status.wait_for("reconnecting …")
        assert str(status.content)[2:] == "reconnecting …"


@pytest.mark.parametrize(("before", "words"), [(2000, "loading 500 of about 2,000 …"), (500, "loading 500 …")])
async def test_a_list_that_is_read_again_is_expected_to_be_as_long_as_before(before: int, words: str) -> None:
    async with Shown().run_test() as pilot:
        status = pilot.app.query_one(ConnectionStatus)
        status.show_news(Page((), 500, None), before)
        assert str(status.content)[2:] == words
