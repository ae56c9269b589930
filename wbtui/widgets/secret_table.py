"""The table of secrets: draws the lines that are visible, whatever there is beyond them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from wbtui.domain.index import SecretIndex
from wbtui.domain.secret import Secret
from wbtui.widgets.cursor import Cursor
from wbtui.widgets.list_keys import TABLE_KEYS
from wbtui.widgets.row_painter import Look, RowPainter

_HEADER = 1
"""Lines above the first secret."""


class SecretTable(ScrollView, can_focus=True):
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

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))
    """As in Textual, but a new number of rows needs no new layout of the screen: the scrollbar is always there."""

    @dataclass
    class Opened(Message):
        """A secret was chosen, to see all about it."""

        secret: Secret

    class Marked(Message):
        """The marks have changed."""

    def __init__(
        self,
        index: SecretIndex,
        state_of: Callable[[Secret], str] = lambda _: "",
        *,
        id: str | None = None,  # noqa: A002  Textual's own name
    ) -> None:
        super().__init__(id=id)
        self.index = index
        self._state_of = state_of
        self.all_projects = False
        self.order = "name"
        self.marked: dict[str, Secret] = {}  # as they were then, by uid
        self.cursor = Cursor(index)
        self._painter = RowPainter(self._style_of)
        self._drawn: dict[int, Look | None] = {}

    @property
    def marks(self) -> set[str]:
        """Return the uids of what is marked and still there."""
        return {uid for uid in self.marked if self.index.get(uid)}

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

    def restyle(self) -> None:
        """Draw everything again, after the columns or the style have changed."""
        self._painter.fit(self._width, all_projects=self.all_projects)
        self.refresh()

    def go_to(self, uid: str) -> None:
        """Put the cursor on a secret, now or as soon as it is there."""
        self.cursor.seek(uid)
        self.show_rows()

    def start_over(self) -> None:
        """Take the cursor to the top and all marks away: another list begins."""
        self.cursor.start_over()
        self.marked.clear()
        self.show_rows()

    def watch_virtual_size(self, size: Size) -> None:
        """Keep the scrollbar right, and the lines that are visible within the list."""
        self.vertical_scrollbar.window_virtual_size = size.height
        self.scroll_y = self.validate_scroll_y(self.scroll_y)

    def on_resize(self, _: events.Resize) -> None:
        self.virtual_size = Size(self._width, len(self.index) + _HEADER)
        self.restyle()
        self._scroll_to_cursor()

    def notify_style_update(self) -> None:
        """Forget the lines that were drawn in the old style."""
        super().notify_style_update()
        self._painter.fit(self._width, all_projects=self.all_projects)

    def action_open(self) -> None:
        if self.current:
            self.post_message(self.Opened(self.current))

    def action_mark(self) -> None:
        if self.current:
            if not self.marked.pop(self.current.uid, None):
                self.marked[self.current.uid] = self.current
            self.post_message(self.Marked())
            self.action_move(1)

    def action_unmark_all(self) -> None:
        self.marked.clear()
        self.post_message(self.Marked())
        self._refresh_lines()

    def action_move(self, rows: int) -> None:
        self._move_to(self.cursor.position + rows)

    def action_page(self, pages: int) -> None:
        self._move_to(self.cursor.position + pages * max(1, self.size.height - _HEADER))

    def action_end(self, last: int) -> None:
        self._move_to(len(self.index) if last else 0)

    async def on_click(self, event: events.Click) -> None:
        if event.y >= _HEADER:
            self._move_to(event.y - _HEADER + self.scroll_offset.y)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Hand over the lines as they are drawn: there is no border, padding or tint for Textual to work into them."""
        filters, (_, background) = self.get_line_filters(), self.background_colors
        strips = [self.render_line(y) for y in crop.line_range]
        for line_filter in filters:
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """Draw one line: the titles, a secret, or nothing below the last."""
        if y < _HEADER:
            return self._painter.titles(self.order, reverse=self.index.reverse)
        position = y - _HEADER + self.scroll_offset.y
        look = self._drawn[y] = self._look(position)
        return self._painter.row(self.index[position], look) if look else self._painter.blank

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    def _style_of(self, role: str) -> Style:
        return self.get_component_rich_style(f"secret-table--{role}") if role else self.rich_style

    def _look(self, position: int) -> Look | None:
        if position >= len(self.index):
            return None
        secret = self.index[position]
        current, marked = position == self.cursor.position, secret.uid in self.marked
        return Look(secret.uid, secret.resource_version, secret.written_by, current, marked, self._state_of(secret))

    def _refresh_lines(self) -> None:
        """Draw the lines that show something else than before: over a slow connection each of them is felt."""
        changed = [
            Region(0, line, self._width, 1)
            for line in range(_HEADER, self.size.height)
            if self._drawn.get(line) != self._look(line - _HEADER + self.scroll_offset.y)
        ]
        if changed:
            self.refresh(*changed)

    def _move_to(self, position: int) -> None:
        self.cursor.move_to(position)
        self._scroll_to_cursor()
        self._refresh_lines()

    def _scroll_to_cursor(self) -> None:
        top, lines = self.scroll_offset.y, max(1, self.size.height - _HEADER)
        target = min(max(top, self.cursor.position - lines + 1), self.cursor.position)
        if target != top:
            self.scroll_to(y=target, animate=False, force=True)
