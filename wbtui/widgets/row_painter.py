"""Draw the rows of the secrets table, each once, in columns as wide as their texts."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from wbtui.domain.expiry import Issued
from wbtui.domain.secret import Secret
from wbtui.domain.syncing import WrittenBy
from wbtui.domain.text import plain
from wbtui.widgets.column_layout import GAP, Layout, fit, scrolled
from wbtui.widgets.columns import CellFacts, Column, cell
from wbtui.widgets.empty_state import Notice
from wbtui.widgets.notice_lines import notice_lines

_SCROLLBAR = 1
"""Cells of the scrollbar beside the rows."""
_CACHED = 4096
"""Rows that are kept as drawn: many screens full."""


class ColumnView(NamedTuple):
    """Which columns are shown, in how many cells; with `skipped`, these are scrolled to the side."""

    columns: tuple[Column, ...]
    width: int
    skipped: int | None = None


class Look(NamedTuple):
    """Everything that the look of a row depends on; `live` are the texts that change while the secret does not."""

    uid: str
    version: str
    written_by: WrittenBy
    issued: Issued
    live: tuple[str, ...]
    current: bool
    marked: bool

    @property
    def content(self) -> "_Content":
        """Return all that its texts depend on."""
        return self[:5]


_Content = tuple[str, str, WrittenBy, Issued, tuple[str, ...]]


class RowPainter:
    """Makes strips of secrets in columns that fit; `style_of` knows the styles of cells by their roles.

    The role of what is below the last secret is empty.
    """

    def __init__(self, style_of: Callable[[str], Style], facts: CellFacts) -> None:
        self._ask_style = style_of
        self._styles: dict[str, Style] = {}
        self.facts = facts
        self._view = ColumnView((), 0)
        self._natural: dict[Column, int] = {}
        self._live: dict[Column, Callable[[Secret, CellFacts], str]] = {}
        self._layout: Layout = ()
        self._strips: dict[Look, Strip] = {}
        self._texts: dict[_Content, dict[Column, str]] = {}
        self._measured: set[_Content] = set()
        self._titles: dict[tuple[str, bool], Strip] = {}
        self._blank: Strip | None = None

    def begin(self, view: ColumnView) -> None:
        """Draw this view from now on; what was drawn and measured is forgotten."""
        self._view = view
        self._natural = dict.fromkeys(view.columns, 0)
        self._live = {
            column: column.live or column.cell
            for column in view.columns
            if column.live or (column.timed and self.facts.ages)
        }
        self._texts.clear()
        self._measured.clear()
        self._styles.clear()
        self._lay_out()

    def measure(self, rows: Iterable[tuple[Secret, Look]]) -> bool:
        """Make the columns wide enough for these rows; return whether that has changed a width."""
        before, natural = self._layout, dict(self._natural)
        for secret, look in rows:
            if look.content not in self._measured:
                self._measured.add(look.content)
                for column, text in self._read(secret, look).items():
                    natural[column] = max(natural[column], cell_len(text))
        if natural != self._natural:
            self._natural = natural
            self._lay_out()
        return self._layout != before

    @property
    def blank(self) -> Strip:
        """Return an empty line."""
        self._blank = self._blank or Strip.blank(self._view.width, self._style_of(""))
        return self._blank

    def notice(self, notice: Notice, line: int) -> Strip:
        """Return one line of a notice, centered on the screen."""
        width = self._view.width + _SCROLLBAR
        lines = notice_lines(notice, width, self._style_of(""))
        return lines[line].crop(0, self._view.width) if 0 <= line < len(lines) else self.blank

    def titles(self, order: str, *, reverse: bool) -> Strip:
        """Return the line of titles, with an arrow at the column that the rows are sorted by."""
        if (order, reverse) not in self._titles:
            self._titles[order, reverse] = self._draw_titles(order, reverse=reverse)
        return self._titles[order, reverse]

    def column_at(self, x: int) -> Column | None:
        """Return the column whose title is at a cell of the line of titles."""
        end = GAP
        for column, width in self._layout:
            end += width + GAP
            if x < end:
                return column
        return None

    def look(self, secret: Secret, *, current: bool, marked: bool) -> Look:
        """Return what the line of a secret depends on."""
        live = tuple([read(secret, self.facts) for read in self._live.values()])
        return Look(secret.uid, secret.resource_version, secret.written_by, secret.issued, live, current, marked)

    def row(self, secret: Secret, look: Look) -> Strip:
        """Return the line of a secret."""
        if look not in self._strips:
            if len(self._strips) >= _CACHED:
                self._strips.clear()
            self._strips[look] = self._draw(secret, look)
        return self._strips[look]

    def _style_of(self, role: str) -> Style:
        if role not in self._styles:
            self._styles[role] = self._ask_style(role)
        return self._styles[role]

    def _lay_out(self) -> None:
        columns, width, skipped = self._view
        if columns:
            natural = list(self._natural.values())
            self._layout = (
                fit(columns, natural, width) if skipped is None else scrolled(columns, natural, width, skipped)
            )
        self._strips.clear()
        self._titles.clear()
        self._blank = None

    def _read(self, secret: Secret, look: Look) -> dict[Column, str]:
        """Return the texts of a row by column."""
        texts = self._texts.get(look.content)
        if texts is None:
            if len(self._texts) >= _CACHED:
                self._texts.clear()
            live = dict(zip(self._live, look.live, strict=True))
            texts = self._texts[look.content] = {
                column: plain(live[column])
                if column.timed and column in live
                else plain(", ".join(filter(None, (live.get(column), column.cell(secret, self.facts)))))
                for column in self._view.columns
            }
        return texts

    def _draw_titles(self, order: str, *, reverse: bool) -> Strip:
        text = " " * GAP
        for column, width in self._layout:
            arrow = "" if not column.order or column.order != order else " v" if reverse else " ^"
            text += cell(column.title.upper() + arrow, width) + " " * GAP
        style = self._style_of("header")
        return Strip([Segment(text, style)]).adjust_cell_length(self._view.width, style)

    def _draw(self, secret: Secret, look: Look) -> Strip:
        one_role = "cursor" if look.current else "marked" if look.marked else ""
        signs = f"{'>' if look.current else ' '}{'*' if look.marked else ' '}"
        runs: list[tuple[str, str]] = [(signs, one_role or "name")]
        texts = self._read(secret, look)
        for column, width in self._layout:
            role, text = one_role or column.role, column.draw(secret, texts[column], width) + " " * GAP
            if runs[-1][1] == role or text.isspace():
                runs[-1] = (runs[-1][0] + text, runs[-1][1])
            else:
                runs.append((text, role))
        width = GAP + sum(cells + GAP for _, cells in self._layout)
        runs[-1] = (runs[-1][0] + " " * (self._view.width - width), runs[-1][1])
        strip = Strip([Segment(text, self._style_of(role)) for text, role in runs], max(width, self._view.width))
        return strip if width <= self._view.width else strip.crop(0, self._view.width)
