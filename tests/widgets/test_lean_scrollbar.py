"""The scrollbar of the table looks as Textual's own does, and moves the rows as that does."""

from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.scrollbar import ScrollBar
from textual.strip import Strip

from wbtui.terminal.textual_internals import OpenScrollView
from wbtui.widgets.lean_scrollbar import LeanScrollBar

_LINES = 30


class _Scrolled(OpenScrollView):
    DEFAULT_CSS = "_Scrolled { overflow-y: scroll; }"
    SCROLLBAR = LeanScrollBar


class _ScrollApp(App[None]):
    def compose(self) -> ComposeResult:
        yield _Scrolled()


def _drawn(strips: list[Strip]) -> list[list[tuple[str, object, object, object, object]]]:
    """Return what is seen of each cell, and what a click on it does."""
    return [
        [
            (part.text, s.bgcolor, part.text.strip() and s.color, s.reverse, s.meta)
            for part in strip
            if (s := part.style)
        ]
        for strip in strips
    ]


async def test_it_looks_as_textuals_own() -> None:
    async with _ScrollApp().run_test(size=(20, _LINES)) as pilot:
        view = pilot.app.query_one(_Scrolled)
        bar = view.vertical_scrollbar
        everything, some = Region(0, 0, 2, _LINES), Region(0, 11, 1, 7)
        seen = set[str]()
        for rows in (0, 1, 29, 30, 31, 45, 1_000, 100_000):
            view.virtual_size = Size(10, rows)
            for top in (0, 1, rows // 3, rows):
                view.scroll_to(y=top, animate=False, force=True)
                await pilot.pause()
                for crop in (everything, some):
                    ours, theirs = bar.render_lines(crop), ScrollBar.render_lines(bar, crop)
                    assert _drawn(ours) == _drawn(theirs), (rows, top, crop)
                    seen.add(repr(_drawn(ours)))
        assert len(seen) > 10


async def test_dragging_it_scrolls() -> None:
    async with _ScrollApp().run_test(size=(20, _LINES)) as pilot:
        view = pilot.app.query_one(_Scrolled)
        view.virtual_size = Size(10, 3 * _LINES)
        await pilot.pause()
        await pilot.mouse_down(view.vertical_scrollbar, offset=(0, 2))
        await pilot.hover(view.vertical_scrollbar, offset=(0, 12))
        await pilot.mouse_up(view.vertical_scrollbar, offset=(0, 12))
        assert view.scroll_offset.y > _LINES // 2
        await pilot.click(view.vertical_scrollbar, offset=(0, 0))
        assert view.scroll_offset.y < 2 * _LINES
