from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from wbtui.domain.text import plain
from wbtui.widgets.content_changed import ContentChanged
from wbtui.widgets.picker import Picker


class Toggles(Picker):
    """A choice of any of a few titles: arrows move, Space selects or deselects. At first all are selected."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "take", "Select", id="picker.take", priority=True, tooltip="Select or deselect"),
    ]

    def __init__(self, titles: Sequence[str], *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(titles, id=id)
        self._left: set[int] = set()

    @property
    def taken(self) -> tuple[str, ...]:
        """Return the selected titles."""
        return tuple(title for position, title in enumerate(self._titles) if position not in self._left)

    def render(self) -> Content:
        """Draw all titles, with an x in those that are selected."""
        parts: list[tuple[str, str] | str] = []
        for position, title in enumerate(self._titles):
            here = self.has_focus and position == self.position
            sign = " " if position in self._left else "x"
            parts += [(f"[{sign}] {plain(title)}", "reverse" if here else ""), "  "]
        return Content.assemble(*parts)

    def _words(self) -> list[str]:
        return [f"[x] {plain(title)}" for title in self._titles]

    def action_step(self, step: int) -> None:
        self.position = (self.position + step) % len(self._titles)
        self.refresh()

    def action_pick(self, position: int) -> None:
        if position < len(self._titles):
            self._left ^= {position}
            self.position = position
            self.refresh()
            self.post_message(ContentChanged(self))

    def action_take(self) -> None:
        self.action_pick(self.position)
