"""The visible lines of the secrets table, and which of them have to be drawn again."""

from collections.abc import Container

from textual.strip import Strip

from wbtui.domain.index import SecretIndex
from wbtui.widgets.cursor import Cursor
from wbtui.widgets.empty_state import Notice
from wbtui.widgets.row_painter import Look, RowPainter

_BEFORE_NOTICE = 4
"""Lines above a notice, with that of the titles."""


class VisibleLines:
    """Draws lines of an index, and remembers what it drew; `marked` has the uids of the marked secrets."""

    def __init__(self, index: SecretIndex, cursor: Cursor, marked: Container[str], painter: RowPainter) -> None:
        self._index = index
        self._cursor = cursor
        self._marked = marked
        self._painter = painter
        self._drawn: dict[int, Look | None] = {}
        self._notice: Notice = ()
        self._notice_drawn = True

    def show_notice(self, notice: Notice) -> None:
        """Show a notice in place of the rows while there are none."""
        if notice != self._notice:
            self._notice, self._notice_drawn = notice, False

    def draw(self, line: int, position: int) -> Strip:
        """Return the strip of a line that shows the secret at a position of the index, or nothing below the last."""
        look = self._drawn[line] = self._look(position)
        if look:
            return self._painter.row(self._index[position], look)
        return self._painter.notice(self._notice, line - _BEFORE_NOTICE) if self._notice else self._painter.blank

    def changed(self, first: int, top: int, count: int) -> list[int] | None:
        """Return which lines look different from what was drawn, `first` being that of the row at `top`.

        Returns None where all do, because the width of a column or the notice has changed.
        """
        looks = [self._look(position) for position in range(top, top + count)]
        rows = ((self._index[top + row], look) for row, look in enumerate(looks) if look)
        notice_drawn, self._notice_drawn = self._notice_drawn, True
        if self._painter.measure(rows) or not notice_drawn:
            return None
        return [first + row for row, look in enumerate(looks) if self._drawn.get(first + row) != look]

    def _look(self, position: int) -> Look | None:
        if position >= len(self._index):
            return None
        secret = self._index[position]
        current, marked = position == self._cursor.position, secret.uid in self._marked
        return self._painter.look(secret, current=current, marked=marked)
