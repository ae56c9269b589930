"""The keys that move in a list while the focus stays in an input."""

from textual.binding import Binding, BindingType


def list_moves(prefix: str) -> list[BindingType]:
    """Return the bindings of a screen that moves its list by `action_move`; `prefix` begins their ids."""
    return [
        Binding("down,ctrl+n", "move('cursor_down')", "Down", id=f"{prefix}.down", show=False, tooltip="Next"),
        Binding("up", "move('cursor_up')", "Up", id=f"{prefix}.up", show=False, tooltip="Previous"),
        Binding("pagedown", "move('page_down')", "Page down", id=f"{prefix}.pagedown", show=False, tooltip="Page down"),
        Binding("pageup", "move('page_up')", "Page up", id=f"{prefix}.pageup", show=False, tooltip="Page up"),
    ]
