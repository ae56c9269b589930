from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll


class Reader(VerticalScroll):
    """A text that scrolls with the keys that move in the table."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_up", "Up", id="text.up", show=False, tooltip="Line up"),
        Binding("down,j", "scroll_down", "Down", id="text.down", show=False, tooltip="Line down"),
        Binding("pageup,ctrl+b", "page_up", "Page up", id="text.pageup", show=False, tooltip="Page up"),
        Binding("pagedown,ctrl+f", "page_down", "Page down", id="text.pagedown", show=False, tooltip="Page down"),
        Binding("home,g", "scroll_home", "Top", id="text.top", show=False, tooltip="Top"),
        Binding("end,G", "scroll_end", "End", id="text.end", show=False, tooltip="Bottom"),
    ]
