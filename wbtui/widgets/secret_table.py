"""The table of secrets: draws the lines that are visible, whatever there is beyond them."""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from wbtui.domain.index import SecretIndex
from wbtui.domain.secret import Secret
from wbtui.widgets.columns import GAP, Layout, cell, fit

_CACHED = 4096
"""Rendered lines that are kept: many screens full."""
_HEADER = 1
"""Lines above the first secret."""
_Look: TypeAlias = tuple[str, str, bool, bool]
"""A secret by uid and version, whether the cursor is on it, and whether it is marked."""


class SecretTable(ScrollView, can_focus=True):
    """A view of a `SecretIndex`, one secret a line; the cursor and the marks stay on their secrets, by uid."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,d", "open", "Details", id="secret.details", tooltip="All about the secret but its values"),
        Binding("space", "mark", "Mark", id="secret.mark", tooltip="Mark the secret, or take the mark away"),
        Binding(
            "M",
            "unmark_all",
            "Unmark all",
            id="secret.unmark",
            key_display="shift+m",
            show=False,
            tooltip="Take all marks away",
        ),
        Binding("up,k", "move(-1)", "Up", id="cursor.up", show=False, tooltip="One secret up"),
        Binding("down,j", "move(1)", "Down", id="cursor.down", show=False, tooltip="One secret down"),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", id="cursor.pageup", show=False, tooltip="One screen up"),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", id="cursor.pagedown", show=False, tooltip="One screen down"),
        Binding("home,g", "first", "First", id="cursor.first", show=False, tooltip="To the first secret"),
        Binding("end,G", "last", "Last", id="cursor.last", show=False, tooltip="To the last secret"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "secret-table--header",
        "secret-table--name",
        "secret-table--muted",
        "secret-table--state",
        "secret-table--marked",
        "secret-table--cursor",
    }

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))
    """As Textual's own, but the screen is not laid out anew for each new number of rows: the scrollbar always has its
    place."""

    @dataclass
    class Opened(Message):
        """A secret was chosen, to see all about it."""

        secret: Secret

    class Marked(Message):
        """The marks have changed."""

    def __init__(self, index: SecretIndex, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self.index = index
        self.all_projects = False
        self.order = "name"
        self.marks: set[str] = set()
        self._cursor = 0
        self._cursor_uid = ""
        self._home_uid = ""
        self._moved = False
        self._layout: Layout = ()
        self._strips: dict[_Look, Strip] = {}
        self._drawn: dict[int, _Look | None] = {}

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    @property
    def current(self) -> Secret | None:
        """Return the secret under the cursor."""
        return self.index[self._cursor] if self._cursor < len(self.index) else None

    def show(self) -> None:
        """Draw what the index has now.

        The cursor stays on its secret. Where a filter hides that, it waits on the first one that is left, and goes
        back as soon as it can; where it is gone, on the one that took its place. Until someone moves it, it stays on
        top, so that a list may come in any order.
        """
        self._cursor = max(0, min(self._find_cursor(), len(self.index) - 1))
        self._cursor_uid = self.current.uid if self.current else ""
        self.marks = {uid for uid in self.marks if self.index.get(uid)}
        self.virtual_size = Size(self._width, len(self.index) + _HEADER)
        self._scroll_to_cursor()
        self._refresh_lines()

    def watch_virtual_size(self, size: Size) -> None:
        """Keep the scrollbar right, and the lines that are visible within the list."""
        self.vertical_scrollbar.window_virtual_size = size.height
        self.scroll_y = self.validate_scroll_y(self.scroll_y)

    def _refresh_lines(self) -> None:
        """Draw the lines that show something else than before: over a slow connection each of them is felt."""
        changed = [
            Region(0, line, self._width, 1)
            for line in range(_HEADER, self.size.height)
            if self._drawn.get(line) != self._look(line - _HEADER + self.scroll_offset.y)
        ]
        if changed:
            self.refresh(*changed)

    def _find_cursor(self) -> int:
        home = self.index.position(self._home_uid)
        if home is not None:
            self._cursor_uid, self._home_uid = self._home_uid, ""
            return home
        if not self._moved:
            return 0
        position = self.index.position(self._cursor_uid)
        if position is None and self.index.get(self._cursor_uid):
            self._home_uid = self._home_uid or self._cursor_uid
            return 0
        return self._cursor if position is None else position

    def restyle(self) -> None:
        """Draw everything anew: the columns or the look have changed."""
        self._layout = fit(self._width, all_projects=self.all_projects)
        self._strips.clear()
        self.refresh()

    def go_to(self, uid: str) -> None:
        """Put the cursor on a secret, now or as soon as it is there."""
        self._home_uid, self._moved = uid, True
        self.show()

    def start_over(self) -> None:
        """Take the cursor to the top and all marks away: another list begins."""
        self._moved, self._home_uid = False, ""
        self.marks.clear()
        self.show()

    def on_resize(self, _: events.Resize) -> None:
        self.virtual_size = Size(self._width, len(self.index) + _HEADER)
        self.restyle()
        self._scroll_to_cursor()

    def notify_style_update(self) -> None:
        """Forget the lines that were drawn in the old style."""
        super().notify_style_update()
        self._strips.clear()

    def action_open(self) -> None:
        if self.current:
            self.post_message(self.Opened(self.current))

    def action_mark(self) -> None:
        if self.current:
            self.marks ^= {self.current.uid}
            self.post_message(self.Marked())
            self._refresh_row(self._cursor)
            self.action_move(1)

    def action_unmark_all(self) -> None:
        self.marks.clear()
        self.post_message(self.Marked())
        self.refresh()

    def action_move(self, rows: int) -> None:
        self._move_to(self._cursor + rows)

    def action_page(self, pages: int) -> None:
        self._move_to(self._cursor + pages * max(1, self.size.height - _HEADER))

    def action_first(self) -> None:
        self._move_to(0)

    def action_last(self) -> None:
        self._move_to(len(self.index) - 1)

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
            return self._titles()
        position = y - _HEADER + self.scroll_offset.y
        look = self._drawn[y] = self._look(position)
        return self._row(position, look) if look else Strip.blank(self._width, self.rich_style)

    def _titles(self) -> Strip:
        text = " " * GAP
        for column, width in self._layout:
            arrow = "" if column.order != self.order else " v" if self.index.reverse else " ^"
            text += cell(column.title.upper() + arrow, width) + " " * GAP
        style = self.get_component_rich_style("secret-table--header")
        return Strip([Segment(text, style)]).adjust_cell_length(self._width, style)

    def _look(self, position: int) -> _Look | None:
        """Return all that a line's looks depend on; None below the last secret."""
        if position >= len(self.index):
            return None
        secret = self.index[position]
        return secret.uid, secret.resource_version, position == self._cursor, secret.uid in self.marks

    def _row(self, position: int, look: _Look) -> Strip:
        if look not in self._strips:
            if len(self._strips) >= _CACHED:
                self._strips.clear()
            self._strips[look] = self._draw(self.index[position], current=look[2], marked=look[3])
        return self._strips[look]

    def _draw(self, secret: Secret, *, current: bool, marked: bool) -> Strip:
        one_role = "cursor" if current else "marked" if marked else ""
        runs: list[tuple[str, str]] = [(f"{'>' if current else ' '}{'*' if marked else ' '}", one_role or "name")]
        for column, width in self._layout:
            role, text = one_role or column.role, cell(column.cell(secret), width) + " " * GAP
            if runs[-1][1] == role or text.isspace():
                runs[-1] = (runs[-1][0] + text, runs[-1][1])
            else:
                runs.append((text, role))
        runs[-1] = (runs[-1][0][:-GAP], runs[-1][1])
        segments = [Segment(text, self.get_component_rich_style(f"secret-table--{role}")) for text, role in runs]
        return Strip(segments).adjust_cell_length(self._width, segments[-1].style)

    def _move_to(self, position: int) -> None:
        before, self._cursor = self._cursor, max(0, min(position, len(self.index) - 1))
        self._cursor_uid = self.current.uid if self.current else ""
        self._home_uid, self._moved = "", True
        self._refresh_row(before)
        self._refresh_row(self._cursor)
        self._scroll_to_cursor()

    def _refresh_row(self, position: int) -> None:
        line = position + _HEADER - self.scroll_offset.y
        if _HEADER <= line < self.size.height:
            self.refresh(Region(0, line, self._width, 1))

    def _scroll_to_cursor(self) -> None:
        top, lines = self.scroll_offset.y, max(1, self.size.height - _HEADER)
        target = min(max(top, self._cursor - lines + 1), self._cursor)
        if target != top:
            self.scroll_to(y=target, animate=False, force=True)
