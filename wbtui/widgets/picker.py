from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from wbtui.widgets.content_changed import ContentChanged


def _binding(keys: str, action: str, title: str, name: str, tooltip: str) -> Binding:
    # At once, so that what is typed ahead finds what was chosen.
    return Binding(keys, action, title, id=name, show=False, priority=True, tooltip=tooltip)


def position_at(x: int, words: Iterable[str]) -> int | None:
    """Return which of the words on a line is at a cell; each has two cells around or behind it."""
    ends = accumulate(cell_len(word) + 2 for word in words)
    return next((position for position, end in enumerate(ends) if x < end), None)


class Picker(Widget, can_focus=True):
    """A choice of one of a few titles on one line, with the arrows or by digit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        _binding("left,up", "step(-1)", "Before", "picker.before", "Previous"),
        _binding("right,down,space", "step(1)", "Next", "picker.next", "Next"),
        *(
            _binding(str(digit), f"pick({digit - 1})", str(digit), f"picker.{digit}", f"Number {digit}")
            for digit in range(1, 10)
        ),
    ]

    def __init__(self, titles: Sequence[str], *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self._titles = list(titles)
        self.position = 0

    def render(self) -> Content:
        """Draw all titles, the chosen one in brackets."""
        style = "reverse" if self.has_focus else "bold"
        parts = [
            (f"[{word}]", style) if position == self.position else (f" {word} ", "dim")
            for position, word in enumerate(self._words())
        ]
        return Content.assemble(*parts)

    def offer(self, titles: Sequence[str]) -> None:
        """Offer other titles; the first is chosen, without a message."""
        self._titles, self.position = list(titles), 0
        self.refresh()

    def action_step(self, step: int) -> None:
        self.action_pick((self.position + step) % len(self._titles))

    def action_pick(self, position: int) -> None:
        if position < len(self._titles) and position != self.position:
            self.position = position
            self.refresh()
            self.post_message(ContentChanged(self))

    def on_click(self, event: events.Click) -> None:
        position = position_at(event.get_content_offset_capture(self).x, self._words())
        if position is not None:
            self.action_pick(position)

    def _words(self) -> list[str]:
        return [f"{number} {title}" for number, title in enumerate(self._titles, 1)]

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
