from rich.cells import cell_len
from textual.app import ComposeResult
from textual.widgets import Footer, Label
from textual.widgets._footer import FooterKey


class KeyLine(Footer):
    """The keys that work here, the most important first; where they do not all fit, an ellipsis says so."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)

    def compose(self) -> ComposeResult:
        """Lay out whole keys, as many as there is room for."""
        keys = [key for key in super().compose() if isinstance(key, FooterKey)]
        room = self.size.width
        for key in keys:
            room -= cell_len(f"{key.key_display} {key.description} ")
            if room < (key is not keys[-1]):
                yield Label("…")
                return
            yield key

    def on_resize(self) -> None:
        self.call_after_refresh(self.recompose)
