"""A line for commands by name, as in k9s and vim."""

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from wbtui.actions.action import Action
from wbtui.screens.dialog import Dialog


class CommandScreen(Dialog[tuple[Action, str] | None]):
    """A line at the bottom that takes a command, and gives it with what was typed after it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Back", id="command.back", tooltip="Cancel"),
    ]
    AUTO_FOCUS = "Input"

    def __init__(self, commands: Mapping[str, Action]) -> None:
        super().__init__()
        self._commands = commands

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        with Horizontal(id="command"):
            yield Static(":", markup=False)
            yield Input(
                placeholder=" ".join(self._commands), suggester=SuggestFromList(list(self._commands)), compact=True
            )
            yield Static(id="command-error", markup=False)

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        name, _, argument = event.value.strip().removeprefix(":").partition(" ")
        action = self._commands.get(name)
        if not name:
            self.dismiss(None)
        elif not action or not action.command:
            self._show_error(f"unknown command :{name}")
        elif argument.strip() and not action.command.takes:
            self._show_error(f":{name} takes no argument")
        else:
            self.dismiss((action, argument.strip()))

    def _show_error(self, text: str) -> None:
        self.query_one("#command-error", Static).update(text)
