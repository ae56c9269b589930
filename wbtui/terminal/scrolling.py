"""Find lines that a frame shows further up or down: the terminal can scroll them, so that they are not sent again."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

Lines: TypeAlias = Mapping[int, Sequence[object]]
"""The cells of lines by row; None is a cell that is not known."""
_FARTHEST = 3
"""By how many lines at most: more keys are rarely drawn together."""
_FEWEST = 6
"""How many lines have to move: scrolling fewer takes about as many bytes as sending them."""
_UNKNOWN = (None,)


class Scroll(NamedTuple):
    """The lines from `top` to `bottom` move up by so many lines, or down where `up` is negative."""

    top: int
    bottom: int
    up: int

    def __str__(self) -> str:
        """Return the codes, which any VT100 knows; the cursor ends at the top left."""
        row, index = (self.bottom, "\x1bD") if self.up > 0 else (self.top, "\x1bM")
        return f"\x1b[{self.top};{self.bottom}r\x1b[{row};1H{index * abs(self.up)}\x1b[r"

    def moved(self, row: int) -> int:
        """Return the row that comes to a row; 0 where a blank line does."""
        source = row + self.up
        return source if self.top <= source <= self.bottom else 0


def find_scroll(shown: Lines, wanted: Lines) -> Scroll | None:
    """Return the scroll after which most of the `wanted` lines are there; None where it does not pay."""
    if len(wanted) < _FEWEST:
        return None
    changed = [row for row, cells in wanted.items() if shown.get(row) != cells]
    steps = [step for distance in range(1, _FARTHEST + 1) for step in (distance, -distance)]
    found = {step: [row for row in changed if shown.get(row + step) == wanted[row]] for step in steps}
    up = max(steps, key=lambda step: len(found[step]))
    rows = found[up]
    if len(rows) < _FEWEST:
        return None
    scroll = Scroll(min(rows) + min(up, 0), max(rows) + max(up, 0), up)
    is_known = all(None not in wanted.get(row, _UNKNOWN) for row in range(scroll.top, scroll.bottom + 1))
    return scroll if is_known else None
