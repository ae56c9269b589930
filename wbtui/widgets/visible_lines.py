"""The lines of the secrets table that are visible: how each looks, and which look different now."""

from collections.abc import Container, Iterator

from textual.strip import Strip

from wbtui.domain.index import SecretIndex
from wbtui.domain.secret import Secret
from wbtui.widgets.cursor import Cursor
from wbtui.widgets.row_painter import Look, RowPainter


class VisibleLines:
    """Draws lines of an index, and knows what it drew; `marked` are the uids of what is marked."""

    def __init__(self, index: SecretIndex, cursor: Cursor, marked: Container[str], painter: RowPainter) -> None:
        self._index = index
        self._cursor = cursor
        self._marked = marked
        self._painter = painter
        self._drawn: dict[int, Look | None] = {}

    def draw(self, line: int, position: int) -> Strip:
        """Return the strip of a line that shows the secret at a position of the index, or nothing below the last."""
        look = self._drawn[line] = self._look(position)
        return self._painter.row(self._index[position], look) if look else self._painter.blank

    def measure(self, top: int, count: int) -> bool:
        """Make room for what is in `count` rows from `top` on; return whether a column has another width now."""
        return self._painter.measure(self._rows(top, count))

    def changed(self, first: int, top: int, count: int) -> list[int]:
        """Return the lines, `first` being that of the row at `top`, that look different from what was drawn."""
        return [first + row for row in range(count) if self._drawn.get(first + row) != self._look(top + row)]

    def _rows(self, top: int, count: int) -> Iterator[tuple[Secret, Look]]:
        for position in range(top, min(top + count, len(self._index))):
            if look := self._look(position):
                yield self._index[position], look

    def _look(self, position: int) -> Look | None:
        if position >= len(self._index):
            return None
        secret = self._index[position]
        current, marked = position == self._cursor.position, secret.uid in self._marked
        return self._painter.look(secret, current=current, marked=marked)
