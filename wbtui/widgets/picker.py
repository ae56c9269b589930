from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from wbtui.widgets.content_changed import ContentChanged


def _binding(keys: str, action: str, title: str, name: str, tooltip: str) -> Binding:
    # At once, so that what is typed ahead finds what was chosen.
    return Binding(keys, action, title, id=name, show=False, priority=True, tooltip=tooltip)


class Picker(Widget, can_focus=True):
    """One of a few things, on one line: chosen with the arrows, or by digit."""

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
        """Draw all, the chosen one in brackets."""
        style = "reverse" if self.has_focus else "bold"
        parts = [
            (f"[{number} {title}]", style) if number == self.position + 1 else (f" {number} {title} ", "dim")
            for number, title in enumerate(self._titles, 1)
        ]
        return Content.assemble(*parts)

    def offer(self, titles: Sequence[str]) -> None:
        """Offer other things; the first is chosen, and nobody is told."""
        self._titles, self.position = list(titles), 0
        self.refresh()

    def action_step(self, step: int) -> None:
        self.action_pick((self.position + step) % len(self._titles))

    def action_pick(self, position: int) -> None:
        if position < len(self._titles) and position != self.position:
            self.position = position
            self.refresh()
            self.post_message(ContentChanged(self))

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
