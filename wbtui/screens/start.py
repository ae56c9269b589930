from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from wbtui.errors import ClusterError
from wbtui.screens.dialog import Dialog
from wbtui.widgets.empty_state import EmptyState
from wbtui.widgets.key_line import KeyLine

_WAYS = {
    "demo": "Look around in the demo, a small cluster inside wbtui",
    "context": "Choose a context of the kubeconfig",
    "list_again": "Try again",
    "quit": "Quit",
}
"""The screen's actions, and how they are offered."""


class StartScreen(Dialog[str]):
    """Shown where no cluster can be used: says why, and returns the action that was chosen instead."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "give('quit')", "Quit", id="start.quit", tooltip="Quit wbtui"),
    ]
    AUTO_FOCUS = "OptionList"

    def __init__(self, error: ClusterError) -> None:
        super().__init__()
        self._error = error

    def compose(self) -> ComposeResult:
        """Lay out the error and the actions."""
        with Vertical(classes="dialog"):
            yield EmptyState(id="why")
            yield OptionList(*(Option(title, id=action) for action, title in _WAYS.items()), compact=True)
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(EmptyState).show_error(self._error)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id or "quit")

    def action_give(self, action: str) -> None:
        """Return an action."""
        self.dismiss(action)
