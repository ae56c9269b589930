from typing import NamedTuple

from textual import events
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

_MORE = Content("… ")


class _Hint(NamedTuple):
    """One key of the line: what is pressed, and how it reads."""

    key: str
    text: Content
    leads_to_all: bool


class KeyLine(Widget):
    """The keys that work on this screen. Where not all fit, there is an ellipsis; the help key always stays."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyLine {
        dock: bottom;
        height: 1;
        color: $footer-foreground;
        background: $footer-background;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._hints: list[_Hint] = []

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._read)

    def _read(self, screen: Screen[object]) -> None:
        """Read the screen's keys again; of each action, the first key is shown."""
        hints: dict[str, _Hint] = {}
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.show and binding.action not in hints:
                shown, dim = self.app.get_key_display(binding), "" if active.enabled else " dim"
                text = Content.assemble(
                    (shown, f"bold $footer-key-foreground{dim}"),
                    (f" {binding.description} ", f"$footer-description-foreground{dim}"),
                )
                hints[binding.action] = _Hint(binding.key, text, binding.id == "app.help")
        read = sorted(hints.values(), key=lambda hint: hint.leads_to_all)
        if read != self._hints:
            self._hints = read
            self.refresh()

    def render(self) -> Content:
        """Return as many keys as fit, and last the key of the help."""
        return Content.assemble(*(text for text, _ in self._laid_out()))

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        left = 0
        for text, key in self._laid_out():
            left += text.cell_length
            if event.x < left:
                if key:
                    self.app.simulate_key(key)
                return

    def _laid_out(self) -> list[tuple[Content, str]]:
        """Return the pieces of the line from left to right, and the key that each stands for."""
        pieces = [(hint.text, hint.key) for hint in self._hints]
        room = self.size.width - sum(text.cell_length for text, _ in pieces)
        if room >= 0:
            return pieces
        room -= _MORE.cell_length
        while room < 0 and len(pieces) > 1:
            room += pieces.pop(-2)[0].cell_length
        return [*pieces[:-1], (_MORE, ""), *pieces[-1:]]
