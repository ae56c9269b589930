"""Commands by name, for those whose fingers know them from other tools."""

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from wbtui.screens.places import ALL_PROJECTS


@dataclass(frozen=True, slots=True)
class Command:
    """One command: the screen's action that it runs, what it takes, and what it is for."""

    action: str
    takes: str
    meaning: str


COMMANDS: dict[str, Command] = {
    "ns": Command("project", "[PROJECT]", "go to a project; without a name, choose one"),
    "ctx": Command("context", "[CONTEXT]", "go to another cluster of the kubeconfig; without a name, choose one"),
    "all": Command(f"project({ALL_PROJECTS!r})", "", "the secrets of all projects"),
    "helm": Command("toggle_helm", "", "show or hide Helm's release secrets"),
    "log": Command("log", "", "what was written from here"),
    "demo": Command("demo", "", "look around in the demo cluster"),
    "help": Command("app.help", "", "keys, commands and the filter's language"),
    "q": Command("app.quit", "", "quit"),
}
"""By the name that is typed after the colon."""


class CommandScreen(ModalScreen[tuple[Command, str] | None]):
    """A line at the bottom that takes a command, and gives it with what was typed after it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Back", id="command.back", tooltip="No command"),
    ]
    AUTO_FOCUS = "Input"

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        with Horizontal(id="command"):
            yield Static(":", markup=False)
            yield Input(placeholder=" ".join(COMMANDS), suggester=SuggestFromList(list(COMMANDS)), compact=True)
            yield Static(id="command-error", markup=False)

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        name, _, argument = event.value.strip().removeprefix(":").partition(" ")
        if not name:
            self.dismiss(None)
        elif name in COMMANDS and argument.strip() and not COMMANDS[name].takes:
            self.query_one("#command-error", Static).update(f":{name} takes nothing")
        elif name in COMMANDS:
            self.dismiss((COMMANDS[name], argument.strip()))
        else:
            self.query_one("#command-error", Static).update(f"there is no :{name}")
