"""What has to be restarted to take new values: the commands to copy, and restarting what holds an old value."""

from typing import ClassVar

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


class RestartScreen(Dialog[bool]):
    """What makes workloads see new values; returns whether those that hold an old value are to be restarted."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(False)", "Back", id="restart.back", tooltip="Back to the uses"),
        Binding("ctrl+s,f2", "dismiss(True)", "Restart", id="restart.begin", tooltip="Restart them one by one"),
    ]
    AUTO_FOCUS = "OptionList"

    def __init__(
        self,
        session: Session,
        name: str,
        commands: list[str],
        without: list[tuple[SecretUser, str]],
        restarts: Restarts,
    ) -> None:
        super().__init__()
        self._session = session
        self._secret_name = name
        self._commands = commands
        self._without = without
        self._restarts = restarts

    def compose(self) -> ComposeResult:
        """Lay out what would be restarted, and the commands."""
        with Vertical(classes="dialog"):
            yield Static(f"New values of {plain(self._secret_name)}", classes="title", markup=False)
            yield Static(id="stale", markup=False)
            if self._commands:
                yield Static("These see new values only after a restart; Enter copies the command.", markup=False)
            yield OptionList(*map(plain, self._commands), compact=True, markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self._session.changed.subscribe(self, self._draw)
        self._draw()
        if self._refusal:
            self._session.ask_again()  # the right may have been given since

    @property
    def _refusal(self) -> str:
        """Return why these cannot be restarted from here; empty where they can, or may be."""
        return self._session.refusal_to_write or refusal_to_restart(self._restarts.workloads, self._session.rights)

    def _draw(self, _: None = None) -> None:
        self.query_one("#stale", Static).update("\n".join(map(plain, self._stale())))
        self.refresh_bindings()

    def _stale(self) -> list[str]:
        names = ", ".join(map(str, self._restarts.workloads))
        lines = [
            f"{user} holds the old value, and is not restarted: {reason}." for user, reason in self._restarts.others
        ]
        if names and self._refusal:
            lines.append(f"{names}: the old value is held there. Not allowed: {self._refusal}.")
        elif names:
            begins = with_keys("{restart.begin} restarts what holds the old value, one after the other", self)
            lines.append(f"{begins}: {names}.")
            lines += [
                f"An annotation of {user} is set; {known.who} then replaces its pods."
                for user in self._restarts.workloads
                if (known := restartable(user)) and known.who
            ]
        lines = lines or ["No container is known to hold the old value."]
        left = (one for one in self._without if one not in self._restarts.others)
        return [*lines, *(f"{user} cannot be restarted now: {reason}." for user, reason in left)]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        possible = bool(self._restarts.workloads) and not self._refusal
        return (action, parameters) != ("dismiss", (True,)) or possible

    @on(OptionList.OptionSelected)
    def _copy(self, event: OptionList.OptionSelected) -> None:
        self.app.copy_to_clipboard(self._commands[event.option_index])
