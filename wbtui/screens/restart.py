"""What has to be restarted to take new values: the commands to copy, and restarting what holds an old value."""

from collections.abc import Callable
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static

from wbtui.domain.references import SecretUser
from wbtui.domain.restarts import Restarts, refusal_to_restart, restartable
from wbtui.domain.text import plain
from wbtui.screens.dialog import Dialog
from wbtui.session import Session
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.keys_in_text import with_keys


class ToRestart(NamedTuple):
    """What sees new values only after a restart: the commands for it, what has none and why, what holds old values."""

    commands: list[str]
    without: list[tuple[SecretUser, str]]
    restarts: Restarts


class RestartScreen(Dialog[bool]):
    """What makes workloads see new values; returns whether those that hold an old value are to be restarted.

    Follows the cluster: `look` returns what is known now, None while that is being searched for.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(False)", "Back", id="restart.back", tooltip="Back to the uses"),
        Binding("ctrl+s,f2", "dismiss(True)", "Restart", id="restart.begin", tooltip="Restart them one by one"),
    ]
    AUTO_FOCUS = "OptionList"

    def __init__(self, session: Session, name: str, known: ToRestart, look: Callable[[], ToRestart | None]) -> None:
        super().__init__()
        self._session = session
        self._secret_name = name
        self._known = known
        self._look = look

    @property
    def restarts(self) -> Restarts:
        """Return what is shown that holds an old value."""
        return self._known.restarts

    def compose(self) -> ComposeResult:
        """Lay out what would be restarted, and the commands."""
        with Vertical(classes="dialog"):
            yield Static(f"New values of {plain(self._secret_name)}", classes="title", markup=False)
            yield Static(id="stale", markup=False)
            yield Static("These see new values only after a restart; Enter copies the command.", id="how", markup=False)
            yield OptionList(compact=True, markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self._session.changed.subscribe(self, self._draw)
        self._session.uses.changed.subscribe(self, self._follow)
        self._show_commands()
        self._draw()
        if self._refusal:
            self._session.ask_again()  # the right may have been given since

    def _follow(self, _: None) -> None:
        known = self._look()
        if known and known != self._known:
            self._known = known
            self._show_commands()
            self._draw()

    def _show_commands(self) -> None:
        options = self.query_one(OptionList)
        shown = [str(option.prompt) for option in options.options]
        current = shown[options.highlighted] if options.highlighted is not None else ""
        commands = [plain(command) for command in self._known.commands]
        options.set_options(commands)
        options.highlighted = commands.index(current) if current in commands else (0 if commands else None)
        self.query_one("#how").display = bool(commands)

    @property
    def _refusal(self) -> str:
        """Return why these cannot be restarted from here; empty where they can, or may be."""
        return self._session.refusal_to_write or refusal_to_restart(self.restarts.workloads, self._session.rights)

    def _draw(self, _: None = None) -> None:
        self.query_one("#stale", Static).update("\n".join(map(plain, self._stale())))
        self.refresh_bindings()

    def _stale(self) -> list[str]:
        names = ", ".join(map(str, self.restarts.workloads))
        lines = [
            f"{user} holds the old value, and is not restarted: {reason}." for user, reason in self.restarts.others
        ]
        if names and self._refusal:
            lines.append(f"{names}: the old value is held there. Not allowed: {self._refusal}.")
        elif names:
            begins = with_keys("{restart.begin} restarts what holds the old value, one after the other", self)
            lines.append(f"{begins}: {names}.")
            lines += [
                f"An annotation of {user} is set; {known.who} then replaces its pods."
                for user in self.restarts.workloads
                if (known := restartable(user)) and known.who
            ]
        lines = lines or ["No container is known to hold the old value."]
        left = (one for one in self._known.without if one not in self.restarts.others)
        return [*lines, *(f"{user} cannot be restarted now: {reason}." for user, reason in left)]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        possible = bool(self.restarts.workloads) and not self._refusal
        return (action, parameters) != ("dismiss", (True,)) or possible

    @on(OptionList.OptionSelected)
    def _copy(self, event: OptionList.OptionSelected) -> None:
        self.app.copy_to_clipboard(self._known.commands[event.option_index])
