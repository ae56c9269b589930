"""Lines of a long form that are created when they come into view, or when Tab reaches them: there may be hundreds."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widget import AwaitMount, Widget

Item = TypeVar("Item")
Line = TypeVar("Line", bound=Widget)

_TOGETHER = 6
"""Lines that are created together: few, since creating one takes as long as drawing many."""
_AHEAD = 2
"""Rows of the screen above and below the visible ones in which lines are created too."""


class LazyPart(Vertical, Generic[Item, Line]):
    """Some consecutive lines: an empty space of their height until they are created."""

    class Made(Message):
        """Lines were created."""

    def __init__(self, items: Sequence[Item], make: Callable[[Item], Line], rows: int) -> None:
        super().__init__()
        self.styles.height = len(items) * rows
        self._items = items
        self._make = make
        self._composed = False
        self._mounting = AwaitMount(self, ())
        self.lines: list[Line] = []

    def compose(self) -> ComposeResult:
        """Lay out the lines that were created before."""
        self._composed = True
        yield from self.lines

    @property
    def content(self) -> Sequence[Item | Line]:
        """Return the lines, or the items before there are lines."""
        return self._items or self.lines

    @property
    def made(self) -> bool:
        """Return whether the lines were created."""
        return not self._items

    def make(self) -> AwaitMount:
        """Create the lines unless they exist; await this to have them on the screen."""
        if not self.made:
            items, self._items = self._items, ()
            self.lines = [self._make(item) for item in items]
            self.styles.height = "auto"
            if self._composed:
                self._mounting = self.mount_all(self.lines)
            self.post_message(self.Made())
        return self._mounting


class LazyLines(Vertical, Generic[Item, Line]):
    """A line for each of `items`, created by `make` when it is needed; a new line is `rows` high."""

    def __init__(
        self,
        items: Sequence[Item],
        make: Callable[[Item], Line],
        *,
        rows: int = 1,
        id: str | None = None,  # noqa: A002  Textual's own name
    ) -> None:
        super().__init__(id=id)
        starts = range(0, len(items), _TOGETHER)
        self._parts = [LazyPart(items[start : start + _TOGETHER], make, rows) for start in starts]
        for part in self._parts[:1]:
            part.make()

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        yield from self._parts

    def on_mount(self) -> None:
        self.screen.screen_layout_refresh_signal.subscribe(self, self._follow_view)

    @property
    def content(self) -> list[Item | Line]:
        """Return all lines in order; the item where a line does not exist yet."""
        return [one for part in self._parts for one in part.content]

    @property
    def lines(self) -> list[Line]:
        """Return the existing lines in order."""
        return [line for part in self._parts for line in part.lines]

    def line(self, position: int) -> Line:
        """Return the line at a position of the content; create it if necessary."""
        places = [(part, number) for part in self._parts for number, _ in enumerate(part.content)]
        part, number = places[position]
        part.make()
        return part.lines[number]

    async def add(self, line: Line) -> None:
        """Add a line behind the last one."""
        last = self._parts[-1]
        last.make()
        last.lines.append(line)
        await last.mount(line)

    def take_out(self, line: Line) -> None:
        """Remove an existing line."""
        next(part for part in self._parts if line in part.lines).lines.remove(line)
        line.remove()

    def _follow_view(self, _: object) -> None:
        """Create the lines that come into view."""
        region, bottom = self.region, self.screen.size.height + _AHEAD
        top = region.y
        for part in self._parts if region else ():
            height = part.outer_size.height
            if not part.made and top < bottom and top + height > -_AHEAD:
                part.make()
            top += height
