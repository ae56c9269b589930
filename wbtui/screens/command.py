"""A line for commands by name, as in k9s and vim."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar, TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from wbtui.actions.action import Action
from wbtui.domain.completion import beginning_with
from wbtui.domain.history import History
from wbtui.domain.suggestions import did_you_mean
from wbtui.domain.text import plain
from wbtui.screens.answers import ask
from wbtui.screens.dialog import Dialog
from wbtui.widgets.command_line import CommandLine

_Choices: TypeAlias = Callable[[Action], Awaitable[Sequence[str]]]
_MOST_SHOWN = 8


class CommandScreen(Dialog[tuple[Action, str] | None]):
    """A line at the bottom for a command; returns its action, and what was typed after it.

    `choices` returns what may be typed after a command, to complete it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Back", id="command.back", tooltip="Cancel"),
    ]
    AUTO_FOCUS = "Input"

    def __init__(self, commands: Mapping[str, Action], history: History, choices: _Choices) -> None:
        super().__init__()
        self._commands = commands
        self._history = history
        self._choices = choices
        self._known: dict[str, Sequence[str]] = {}

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        names = dict.fromkeys(action.command.name for action in self._commands.values() if action.command)
        with Horizontal(id="command"):
            yield Static(":", markup=False)
            yield CommandLine(
                self._candidates,
                self._history,
                placeholder=" ".join(names),
                suggester=SuggestFromList(list(self._commands)),
                compact=True,
            )
            yield Static(id="command-hint", markup=False)
            yield Static(id="command-error", markup=False)

    def _candidates(self, line: str) -> list[str]:
        name, space, argument = line.lstrip().removeprefix(":").partition(" ")
        if not space:
            found = [known for known in self._commands if known.startswith(name)]
            return [f"{known} " if self._takes(known) else known for known in found]
        return [f"{name} {choice}" for choice in beginning_with(argument.lstrip(), self._known.get(name, ()))]

    def _takes(self, name: str) -> bool:
        command = self._commands[name].command
        return bool(command and command.takes)

    @on(Input.Changed)
    def _look_for_choices(self, event: Input.Changed) -> None:
        name, space, _ = event.value.lstrip().removeprefix(":").partition(" ")
        if space and name in self._commands and self._takes(name) and name not in self._known:
            self._known[name] = ()
            ask(self, self._choices(self._commands[name]), partial(self._take_choices, name), lambda _: None)
        self._show_error("")
        self._show_candidates(event.value)

    def _take_choices(self, name: str, choices: Sequence[str]) -> None:
        self._known[name] = [choice for choice in choices if plain(choice) == choice]  # it is put into the line
        self._show_candidates(self.query_one(CommandLine).value)

    def _show_candidates(self, line: str) -> None:
        found = self._candidates(line) if " " in line.lstrip() else []
        shown = [candidate.partition(" ")[2] for candidate in found[:_MOST_SHOWN] if candidate != line]
        more = " …" if len(found) > _MOST_SHOWN else ""
        self.query_one("#command-hint", Static).update("  ".join(map(plain, shown)) + more)

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        name, _, argument = event.value.strip().removeprefix(":").partition(" ")
        action = self._commands.get(name)
        if not name:
            self.dismiss(None)
        elif not action or not action.command:
            self._show_error(f"unknown command :{name}{did_you_mean(name, self._commands)}")
        elif argument.strip() and not action.command.takes:
            self._show_error(f":{name} takes no argument")
        else:
            self._history.add(event.value.strip())
            self.dismiss((action, argument.strip()))

    def _show_error(self, text: str) -> None:
        self.query_one("#command-error", Static).update(text)
