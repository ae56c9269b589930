"""The table of secrets, which draws only the visible lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.strip import Strip

from wbtui.domain.index import SecretIndex
from wbtui.domain.secret import Secret
from wbtui.terminal.textual_internals import OpenScrollView
from wbtui.widgets.columns import CellFacts, Column
from wbtui.widgets.cursor import Cursor
from wbtui.widgets.lean_scrollbar import LeanScrollBar
from wbtui.widgets.list_keys import TABLE_KEYS
from wbtui.widgets.marks import Marks
from wbtui.widgets.plain_lines import plain_lines
from wbtui.widgets.row_painter import ColumnView, RowPainter
from wbtui.widgets.visible_lines import VisibleLines

_HEADER = 1
"""Lines above the first secret."""
_MARK: dict[str, Callable[[Marks, int], None]] = {
    "one": Marks.toggle,
    "to here": Marks.mark_to,
    "all": lambda marks, _: marks.mark_shown(),
    "none": lambda marks, _: marks.clear(),
}


class SecretTable(OpenScrollView, can_focus=True):
    """A view of a `SecretIndex`, one secret a line; the cursor and the marks stay on their secrets, by uid."""

    BINDINGS: ClassVar[list[BindingType]] = [*TABLE_KEYS]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "secret-table--header",
        "secret-table--name",
        "secret-table--muted",
        "secret-table--state",
        "secret-table--marked",
        "secret-table--cursor",
    }
    SCROLLBAR = LeanScrollBar

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))
    """As in Textual, but a new number of rows needs no new layout of the screen: the scrollbar is always there."""

    @dataclass
    class Opened(Message):
        """The user wants to see the details of a secret."""

        secret: Secret

    class Marked(Message):
        """The marks have changed."""

    @dataclass
    class TitleClicked(Message):
        """The title of a column was clicked that has a sort order."""

        order: str

    def __init__(self, index: SecretIndex, facts: CellFacts, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self.index = index
        self._view = ColumnView((), 0)
        self.marks = Marks(index)
        self.cursor = Cursor(index)
        self._painter = RowPainter(self._style_of, facts)
        self.lines = VisibleLines(index, self.cursor, self.marks.marked, self._painter)

    @property
    def current(self) -> Secret | None:
        """Return the secret under the cursor."""
        return self.cursor.secret

    def show_rows(self) -> None:
        """Draw what the index has now, with the cursor on its secret."""
        self.cursor.follow()
        self.virtual_size = Size(self._width, len(self.index) + _HEADER)
        self._scroll_to_cursor()
        self._refresh_lines()

    def show_columns(self, columns: Sequence[Column], *, wide: bool, ages: bool) -> None:
        """Show these columns, the name first; where they are `wide`, those that do not fit can be scrolled to."""
        self._view = ColumnView(tuple(columns), self._width, 0 if wide else None)
        self._painter.facts = self._painter.facts._replace(ages=ages)
        self.refresh_bindings()
        self.restyle()

    def restyle(self) -> None:
        """Draw everything again, after the columns or the style have changed."""
        self._painter.begin(self._view._replace(width=self._width))
        self._refresh_lines()
        self.refresh()

    def go_to(self, uid: str) -> None:
        """Move the cursor to a secret, now or as soon as it is in the list."""
        self.cursor.seek(uid)
        self.show_rows()

    def start_over(self) -> None:
        """Move the cursor to the top and remove all marks, for another list."""
        self.cursor.start_over()
        self.marks.clear()
        self.show_rows()

    def watch_virtual_size(self, size: Size) -> None:
        """Keep the scrollbar right, and the lines that are visible within the list."""
        self.vertical_scrollbar.window_virtual_size = size.height
        self.scroll_y = self.validate_scroll_y(self.scroll_y)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Measure and draw the rows that come into view."""
        super().watch_scroll_y(old_value, new_value)
        self._refresh_lines()

    def on_resize(self, _: events.Resize) -> None:
        self.restyle()
        self.show_rows()

    def notify_style_update(self) -> None:
        """Forget the lines that were drawn in the old style."""
        super().notify_style_update()
        self.restyle()

    def action_open(self) -> None:
        if self.current:
            self.post_message(self.Opened(self.current))

    def action_mark(self, how: str) -> None:
        if self.current:
            _MARK[how](self.marks, self.cursor.position)
            self.post_message(self.Marked())
            self.action_move(how == "one")

    def action_move(self, rows: int) -> None:
        self._move_to(self.cursor.position + rows)

    def action_page(self, pages: int) -> None:
        self.action_move(pages * max(1, self.size.height - _HEADER))

    def action_scroll_columns(self, columns: int) -> None:
        if (skipped := self._view.skipped) is not None:
            self._view = self._view._replace(skipped=max(0, min(skipped + columns, len(self._view.columns) - 2)))
            self.restyle()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        return action != "scroll_columns" or self._view.skipped is not None

    async def on_click(self, event: events.Click) -> None:
        if event.y >= _HEADER:
            self._move_to(event.y - _HEADER + self.scroll_offset.y)
        elif (column := self._painter.column_at(event.x)) and column.order:
            self.post_message(self.TitleClicked(column.order))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines."""
        return plain_lines(self, [self.render_line(y) for y in crop.line_range], crop)

    def render_line(self, y: int) -> Strip:
        """Draw one line: the titles, a secret, or nothing below the last."""
        if y < _HEADER:
            return self._painter.titles(self.index.order, reverse=self.index.reverse)
        return self.lines.draw(y, y - _HEADER + self.scroll_offset.y)

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    def _style_of(self, role: str) -> Style:
        return self.get_component_rich_style(f"secret-table--{role}") if role else self.rich_style

    def _refresh_lines(self) -> None:
        """Draw the lines that show something else than before: over a slow connection every line counts."""
        changed = self.lines.changed(_HEADER, self.scroll_offset.y, self.size.height - _HEADER)
        if changed is None:
            self.refresh()
        elif changed:
            self.refresh(*(Region(0, line, self._width, 1) for line in changed))

    def _move_to(self, position: int) -> None:
        self.cursor.move_to(position)
        self._scroll_to_cursor()
        self._refresh_lines()

    def _scroll_to_cursor(self) -> None:
        top, lines = self.scroll_offset.y, max(1, self.size.height - _HEADER)
        target = min(max(top, self.cursor.position - lines + 1), self.cursor.position)
        if target != top:
            self.scroll_to(y=target, animate=False, force=True)
