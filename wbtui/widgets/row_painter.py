"""Drawing the rows of the secrets table, each of them once."""

from collections.abc import Callable
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from wbtui.domain.secret import Secret
from wbtui.domain.syncing import WrittenBy
from wbtui.widgets.columns import GAP, Layout, cell, fit

_CACHED = 4096
"""Rows that are kept as drawn: many screens full."""


class Look(NamedTuple):
    """All that the looks of a row depend on; `state` is what is known of a secret beside its own states."""

    uid: str
    version: str
    written_by: WrittenBy
    current: bool
    marked: bool
    state: str = ""


class RowPainter:
    """Makes strips of secrets in columns that fit; `style_of` knows the styles of cells by their roles.

    The role of what is below the last secret is empty.
    """

    def __init__(self, style_of: Callable[[str], Style]) -> None:
        self._style_of = style_of
        self._layout: Layout = ()
        self._width = 0
        self._strips: dict[Look, Strip] = {}
        self._blank: Strip | None = None

    def fit(self, width: int, *, all_projects: bool) -> None:
        """Draw for so many cells from now on; what was drawn is forgotten."""
        self._width = width
        self._layout = fit(width, all_projects=all_projects)
        self._strips.clear()
        self._blank = None

    @property
    def blank(self) -> Strip:
        """Return the line of no secret."""
        self._blank = self._blank or Strip.blank(self._width, self._style_of(""))
        return self._blank

    def titles(self, order: str, *, reverse: bool) -> Strip:
        """Return the line of titles, with an arrow at the column that the rows are sorted by."""
        text = " " * GAP
        for column, width in self._layout:
            arrow = "" if column.order != order else " v" if reverse else " ^"
            text += cell(column.title.upper() + arrow, width) + " " * GAP
        style = self._style_of("header")
        return Strip([Segment(text, style)]).adjust_cell_length(self._width, style)

    def row(self, secret: Secret, look: Look) -> Strip:
        """Return the line of a secret."""
        if look not in self._strips:
            if len(self._strips) >= _CACHED:
                self._strips.clear()
            self._strips[look] = self._draw(secret, look)
        return self._strips[look]

    def _draw(self, secret: Secret, look: Look) -> Strip:
        one_role = "cursor" if look.current else "marked" if look.marked else ""
        signs = f"{'>' if look.current else ' '}{'*' if look.marked else ' '}"
        runs: list[tuple[str, str]] = [(signs, one_role or "name")]
        for column, width in self._layout:
            role, text = one_role or column.role, column.draw(secret, width, look.state) + " " * GAP
            if runs[-1][1] == role or text.isspace():
                runs[-1] = (runs[-1][0] + text, runs[-1][1])
            else:
                runs.append((text, role))
        runs[-1] = (runs[-1][0][:-GAP], runs[-1][1])
        segments = [Segment(text, self._style_of(role)) for text, role in runs]
        return Strip(segments).adjust_cell_length(self._width, segments[-1].style)
