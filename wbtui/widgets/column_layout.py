"""How wide the columns of the secrets table are, and which of them fit."""

from collections.abc import Sequence

from wbtui.widgets.columns import Column

GAP = 2
"""Cells between two columns, and before the first, where the cursor and the mark stand."""
_EVEN = 40
"""Cells that a column gets before the name takes the rest."""
_ARROW = 2
"""Cells for the arrow at the title of the column that the rows are sorted by."""

Layout = tuple[tuple[Column, int], ...]


def fit(columns: Sequence[Column], natural: Sequence[int], width: int) -> Layout:
    """Return the columns that `width` cells have room for, each with its own width.

    `natural` are the widths of the longest text of each column. No column is wider than its texts; the name and
    the state are the last to be cut.
    """
    wanted = {column: _wanted(column, cells) for column, cells in zip(columns, natural, strict=True)}
    widths = {column: min(column.least, cells) for column, cells in wanted.items()}
    while sum(widths.values()) + GAP * len(widths) > width and len(widths) > 1:
        del widths[min(list(widths)[1:], key=lambda column: column.gives_way or len(columns) + 10)]
    spare = max(0, width - sum(widths.values()) - GAP * len(widths))
    first = [column for column in widths if column.role != "muted"]
    for some, most in ((first, _EVEN), (list(widths), _EVEN), (first, width), (list(widths), width)):
        spare = _grow(widths, some, {column: min(wanted[column], most) for column in some}, spare)
    return tuple((column, min(cells, max(1, width - GAP))) for column, cells in widths.items())


def scrolled(columns: Sequence[Column], natural: Sequence[int], width: int, skipped: int) -> Layout:
    """Return columns as wide as their texts, as many as fit; the first `skipped` after the name are left out."""
    shown = [columns[0], *columns[1 + skipped :]]
    wanted = dict(zip(columns, map(_wanted, columns, natural), strict=True))
    layout: list[tuple[Column, int]] = []
    left = width
    for column in shown:
        cells = min(wanted[column], left - GAP)
        if layout and cells < min(column.least, wanted[column]):
            break
        layout.append((column, max(1, cells)))
        left -= cells + GAP
    return tuple(layout)


def _wanted(column: Column, natural: int) -> int:
    title = len(column.title) + (_ARROW if column.order else 0)
    return min(column.most, max(title, natural))


def _grow(widths: dict[Column, int], some: list[Column], wanted: dict[Column, int], spare: int) -> int:
    """Give `spare` cells to the columns that need more, one cell each in turn; return the cells that are left."""
    while spare > 0 and (growing := [column for column in some if widths[column] < wanted[column]][:spare]):
        for column in growing:
            widths[column] += 1
        spare -= len(growing)
    return spare
