from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Spacing
from textual.visual import Padding
from textual.widgets.option_list import Option

from wbtui.domain.usage import Use
from wbtui.terminal.textual_internals import OpenOptionList

_INDENT = Spacing(left=2)


class UseList(OpenOptionList):
    """Uses of a secret under their owners; the keys of the table move, and the cursor stays on its use."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "cursor_down", "Down", id="uses.down", show=False, tooltip="Next use"),
        Binding("up,k", "cursor_up", "Up", id="uses.up", show=False, tooltip="Previous use"),
        Binding("home,g", "first", "First", id="uses.first", show=False, tooltip="First use"),
        Binding("end,G", "last", "Last", id="uses.last", show=False, tooltip="Last use"),
        Binding("pagedown,ctrl+f", "page_down", "Page down", id="uses.pagedown", show=False, tooltip="Page down"),
        Binding("pageup,ctrl+b", "page_up", "Page up", id="uses.pageup", show=False, tooltip="Page up"),
        Binding("enter", "select", "Detach", id="uses.detach", tooltip="Detach the secret there, after a preview"),
    ]

    def __init__(self) -> None:
        super().__init__(compact=True, markup=False)
        self._uses: list[Use | None] = []

    @property
    def current(self) -> Use | None:
        """Return the use under the cursor."""
        return self._uses[self.highlighted] if self.highlighted is not None else None

    def show_uses(self, lines: Sequence[tuple[Content, Use | None]]) -> None:
        """Show other lines; those without a use are headings."""
        before, position = self.current, self.highlighted or 0
        self._uses = [use for _, use in lines]
        self.set_options(Option(Padding(line, _INDENT) if use else line, disabled=not use) for line, use in lines)
        same = [i for i, use in enumerate(self._uses) if use and before and use.place == before.place]
        others = sorted((i for i, use in enumerate(self._uses) if use), key=lambda i: abs(i - position))
        self.highlighted = next(iter([*same, *others]), None)

    def scroll_to_highlight(self, top: bool = False) -> None:  # noqa: FBT001, FBT002  Textual's own signature
        """Bring the use under the cursor into view, and with it the heading right above."""
        super().scroll_to_highlight(top)
        heading = (self.highlighted or 0) - 1
        line = self.line_of(heading)
        if line is not None and not self._uses[heading] and line < self.scroll_target_y:
            self.scroll_to(y=line, animate=False, force=True, immediate=True)
