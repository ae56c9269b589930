"""A terminal that gets only the differences shows the same as one that gets every frame."""

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbtui.terminal.diff import ShownCells

COLUMNS, LINES = 48, 4
STYLES = [
    "",
    "1;38;2;1;2;3;48;2;4;5;6",
    "38;2;1;2;3;48;2;4;5;6",
    "38;2;9;9;9;48;2;4;5;6",
    "31;44",
    "7;31",
    "4",
    "2;97;107",
]
SIGNS = ["a", "b", " ", "  ", "…", "é", "世", "e\u0301"]
TEXTS = st.lists(st.sampled_from(SIGNS), min_size=1, max_size=6).map("".join)
RUNS = st.lists(st.tuples(st.sampled_from(STYLES), TEXTS), min_size=1, max_size=3)
DRAWN = st.tuples(st.integers(1, LINES), st.sampled_from([1, 2, 5]), RUNS)
FRAMES = st.lists(DRAWN, max_size=4, unique_by=lambda drawn: drawn[0]).map(sorted)


def frame(lines: list[tuple[int, int, list[tuple[str, str]]]]) -> str:
    """Return what Textual writes for some runs on some lines."""
    drawn = (
        f"\x1b[{row};{column}H" + "".join(f"\x1b[{style}m{text}\x1b[0m" if style else text for style, text in runs)
        for row, column, runs in lines
    )
    return "\n".join(drawn) + "\x1b[2;3H"


class Terminal:
    """A terminal, with what is on it."""

    def __init__(self) -> None:
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.Stream(self._screen)

    def show(self, data: str) -> list[object]:
        """Draw, and return the cells and where the cursor is."""
        self._stream.feed(data)
        cursor = self._screen.cursor
        cells = [_seen(self._screen.buffer[row][column]) for row in range(LINES) for column in range(COLUMNS)]
        return [*cells, (cursor.x, cursor.y)]


def _seen(cell: pyte.screens.Char) -> tuple[object, ...]:
    """Return what is seen of a cell: a blank has a background only."""
    blank = cell.data == " " and not (cell.reverse or cell.underscore)
    return (cell.data, cell.bg) if blank else tuple(cell)


@given(st.lists(FRAMES, max_size=5))
def test_the_differences_show_what_was_drawn(frames: list[list[tuple[int, int, list[tuple[str, str]]]]]) -> None:
    shown, plain, changed = ShownCells(), Terminal(), Terminal()
    for drawn in map(frame, frames):
        assert plain.show(drawn) == changed.show(shown.diff(drawn))


def test_cells_that_are_shown_are_not_sent_again() -> None:
    shown = ShownCells()
    first = frame([(1, 1, [("31", "a secret"), ("32", "its keys")])])
    shown.diff(first)
    assert shown.diff(first) == ""
    changed = frame([(1, 1, [("31", "a secret"), ("32", "its kegs")])])
    assert shown.diff(changed) == "\x1b[1;15H\x1b[32mg\x1b[m\x1b[2;3H"


@pytest.mark.parametrize("between", ["\x1b[?1049h", "\x1b[2J", "another program"])
def test_all_is_sent_again_after_something_else_has_drawn(between: str) -> None:
    shown = ShownCells()
    drawn = frame([(1, 1, [("", "a secret")])])
    shown.diff(drawn)
    assert shown.diff(between) == between
    assert "a secret" in shown.diff(drawn)


@pytest.mark.parametrize(
    "between", ["\x1b[?2026h", "\x1b[?25l", "\x1b[>1u", "\x1b[?2026$p", "\x1b]52;c;YQ==\x07", "\x07"]
)
def test_codes_that_change_no_cell_are_sent_and_nothing_is_drawn_again(between: str) -> None:
    shown = ShownCells()
    drawn = frame([(1, 1, [("", "a secret")])])
    shown.diff(drawn)
    assert shown.diff(between) == between
    assert shown.diff(drawn) == ""


def test_dim_is_not_sent() -> None:
    assert "2" not in ShownCells().diff(frame([(1, 1, [("2", "a")])])).replace("\x1b[2;3H", "")


HINDI = "\u0939\u093f\u0928\u094d\u0926\u0940"


def test_what_comes_after_a_text_of_an_uncertain_width_has_its_own_place() -> None:
    sent = ShownCells().diff(f"\x1b[1;1H{HINDI}      next\x1b[1;1H")
    assert f"\x1b[1;1H\x1b[9X\x1b[?7l{HINDI}\x1b[?7h\x1b[1;10Hnext" in sent


def test_what_a_text_of_an_uncertain_width_may_have_covered_is_drawn_again() -> None:
    shown = ShownCells()
    shown.diff("\x1b[1;1Habc|||||\x1b[1;1H")
    assert shown.diff(f"\x1b[1;1H{HINDI}\x1b[1;1H").endswith("\x1b[?7h\x1b[1;4H|||\x1b[1;1H")
