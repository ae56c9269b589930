"""A terminal that gets only the differences shows the same as one that gets every frame."""

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import set_cell_size

from wbtui.terminal.diff import ShownCells

COLUMNS, LINES = 48, 20
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
DRAWN = st.tuples(st.integers(1, 4), st.sampled_from([1, 2, 5]), RUNS)
VIEW = range(2, 20)
"""The rows in which a long list is seen."""
LIST = [f"{number:03} {name}" for number, name in enumerate(["key", "token", "a", "s3 …", "世界", "e\u0301lan"] * 7)]
MOST = len(LIST) - len(VIEW)
MOVES = st.lists(st.tuples(st.integers(-4, 4), st.integers(0, len(VIEW) - 1)), max_size=8)
FRAMES = st.lists(DRAWN, max_size=4, unique_by=lambda drawn: drawn[0]).map(sorted)


def frame(lines: list[tuple[int, int, list[tuple[str, str]]]]) -> str:
    """Return what Textual writes for some runs on some lines."""
    drawn = (
        f"\x1b[{row};{column}H" + "".join(f"\x1b[{style}m{text}\x1b[0m" if style else text for style, text in runs)
        for row, column, runs in lines
    )
    return "\n".join(drawn) + "\x1b[2;3H"


def view(top: int, current: int, texts: list[str] = LIST) -> str:
    """Return what is written of a part of the list; the current line is marked, and a column beside it is not drawn."""
    lines = zip(VIEW, texts[top : top + len(VIEW)], strict=True)
    styles = {VIEW[current]: "7"}
    return frame([(row, 3, [("", " "), (styles.get(row, "32"), set_cell_size(text, 20))]) for row, text in lines])


def beside(*columns: int) -> str:
    """Return what is written beside the list, on the left and on the right of it."""
    texts = {row: "%%" if row == VIEW[5] else "||" for row in range(1, LINES + 1)}
    return "".join(frame([(row, column, [("31", text)]) for row, text in texts.items()]) for column in columns)


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


@given(st.integers(0, MOST), MOVES, st.booleans())
def test_a_list_that_is_scrolled_shows_what_was_drawn(top: int, moves: list[tuple[int, int]], known: bool) -> None:  # noqa: FBT001  hypothesis draws it
    shown, plain, changed = ShownCells(), Terminal(), Terminal()
    plain.show(beside(1, 24))
    changed.show(shown.diff(beside(1, 24)))
    if not known:
        shown.forget()
    for by, current in moves:
        top = max(0, min(top + by, MOST))
        drawn = view(top, current)
        assert plain.show(drawn) == changed.show(shown.diff(drawn))


@pytest.mark.parametrize("by", [1, -1, 2, -2, 3, -3])
def test_lines_that_only_move_are_not_sent_again(by: int) -> None:
    names = [f"name-{number:02}" for number in range(40)]
    shown = ShownCells()
    shown.diff(beside(1, 24) + view(10, 4, names))
    sent = shown.diff(view(10 + by, 4, names))
    new = 2 + abs(by)  # the line that is current, the one that was, and those that come into view
    assert sum(name in sent for name in names) == new
    assert sent.startswith("\x1b[2;19r")


def test_nothing_is_scrolled_where_it_is_not_known_what_the_terminal_shows() -> None:
    shown = ShownCells()
    shown.diff(beside(1, 24) + view(10, 4))
    shown.forget()
    assert not shown.diff(view(11, 4)).startswith("\x1b[2;19r")


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
