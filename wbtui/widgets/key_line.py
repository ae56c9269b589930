from rich.cells import cell_len
from textual.app import ComposeResult
from textual.widgets import Footer, Label
from textual.widgets._footer import FooterKey

_ELLIPSIS = 2
"""Cells that it takes to say that there are more keys."""


class KeyLine(Footer):
    """The keys that work here; where they do not all fit, an ellipsis says so, and the help is still there."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)

    def compose(self) -> ComposeResult:
        """Lay out whole keys, as many as there is room for, and last the one that leads to all others."""
        keys = [key for key in super().compose() if isinstance(key, FooterKey)]
        keys.sort(key=lambda key: key.action == "app.help")
        room, left_out = self.size.width - sum(map(_width, keys)), False
        while room < 0 and len(keys) > 1:
            room += _width(keys.pop(-2)) - (0 if left_out else _ELLIPSIS)
            left_out = True
        yield from keys[:-1]
        if left_out:
            yield Label("… ")
        yield from keys[-1:]

    def on_resize(self) -> None:
        self.call_after_refresh(self.recompose)


def _width(key: FooterKey) -> int:
    return cell_len(f"{key.key_display} {key.description} ")
