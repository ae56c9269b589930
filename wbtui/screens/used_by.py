from collections.abc import Callable, Iterator
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from wbtui.domain.references import SecretUser
from wbtui.domain.restarts import Restarts, restart_commands, restarts_of, without_command
from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.domain.usage import Usage, Use
from wbtui.domain.usage_words import nothing_found
from wbtui.domain.well_known import readers_of
from wbtui.screens.ask import AskScreen
from wbtui.screens.dialog import Dialog
from wbtui.screens.restart import RestartScreen, ToRestart
from wbtui.screens.rotation import RotationScreen
from wbtui.session import Session
from wbtui.widgets.held_view import held_in_words
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.keys_in_text import advice_of
from wbtui.widgets.reader import Reader
from wbtui.widgets.secret_list import SecretList
from wbtui.widgets.usage_view import coverage_lines, use_lines
from wbtui.widgets.use_list import UseList


class UsedByScreen(Dialog[Use | None]):
    """The users of a secret, kept up to date; returns the use that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,u", "dismiss", "Back", id="used_by.back", tooltip="Back to the list"),
        Binding("question_mark,f1", "app.help", "Help", id="app.help", tooltip="Keys, commands, filter"),
        Binding(
            "r", "restarts", "Restart", id="used_by.restarts", tooltip="Restart what needs it, or copy the commands"
        ),
        Binding("o", "rotate", "Rotate", id="used_by.rotate", tooltip="Rotate the secret's values"),
        Binding("ctrl+r", "search", "Search again", id="used_by.again", show=False, tooltip="Search again"),
    ]
    _list = getters.query_one(UseList)
    _instead = getters.query_one("#said", Static)
    AUTO_FOCUS = "UseList"

    def __init__(
        self,
        session: Session,
        secrets: SecretList,
        secret: Secret,
        rotate: Callable[[Secret], object],
    ) -> None:
        super().__init__()
        self._secret = secret
        self._secrets = secrets
        self._session = session
        self._rotate = rotate
        self._uses = session.uses
        self._restarts_asked = False

    def compose(self) -> ComposeResult:
        """Lay out the uses, and below them what was searched."""
        with Vertical(classes="dialog"):
            yield Static(f"Used by: {plain(self._secret.names)}", classes="title", markup=False)
            yield Static(id="said", markup=False)
            yield UseList()
            with Reader(id="coverage"):
                yield Static(markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self._secrets.changed.subscribe(self, self._refresh_secret)
        self._uses.changed.subscribe(self, self._draw)
        self._uses.look(self._secret.namespace)
        self._secret = self._secrets.index.latest(self._secret)
        self._draw()

    def action_rotate(self) -> None:
        """Close, and rotate the secret."""
        self.dismiss(None)
        self._rotate(self._secret)

    def action_search(self) -> None:
        """Search again, and follow from there."""
        self._uses.again()

    @property
    def _commands(self) -> list[str]:
        usage = self._uses.usage
        return restart_commands(usage.of(self._secret), self._secret.namespace) if usage else []

    @property
    def _without_command(self) -> list[tuple[SecretUser, str]]:
        usage = self._uses.usage
        return without_command(usage.of(self._secret)) if usage else []

    @property
    def _stale(self) -> bool:
        usage = self._uses.usage
        return bool(usage and any(restarts_of(self._secret, usage)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        return action != "restarts" or bool(self._commands or self._without_command) or self._stale

    def action_restarts(self) -> None:
        """Show what has to be restarted to see new values, once what manages the pods is known."""
        usage = self._uses.usage
        self._restarts_asked = bool(usage and usage.being_searched)
        if self._restarts_asked:
            self.notify("Still searching for what uses it: what to restart is shown then.")
        elif usage:
            screen = RestartScreen(self._session, self._secret.names, self._to_restart(usage), self._look_again)
            self.app.push_screen(screen, lambda wanted: self._ask(screen.restarts) if wanted else None)

    def _to_restart(self, usage: Usage) -> ToRestart:
        return ToRestart(self._commands, self._without_command, restarts_of(self._secret, usage))

    def _look_again(self) -> ToRestart | None:
        usage = self._uses.usage
        return self._to_restart(usage) if usage and not usage.being_searched else None

    def _ask(self, restarts: Restarts) -> None:
        names = ", ".join(map(str, restarts.workloads))
        text = f"{names}\nTheir pods are replaced as each workload's own strategy says."
        if len(restarts.workloads) > 1:
            text += " One workload is restarted after the other; it stops where one does not come up."
        question = AskScreen("Restart what holds the old value?", text, yes="Restart", no="Cancel")
        self.app.push_screen(question, lambda yes: self._restart(restarts) if yes else None)

    def _restart(self, restarts: Restarts) -> None:
        following = RotationScreen(self._session, self._secrets, self._secret, restarts.workloads)
        self.app.push_screen(following, lambda again: self.action_rotate() if again else None)

    @on(UseList.OptionSelected)
    def _choose(self) -> None:
        self.dismiss(self._list.current)

    def _refresh_secret(self, _: None) -> None:
        current = self._secrets.index.get(self._secret.uid)
        if current is not self._secret:
            self.query_one(".dialog").border_title = "changed" if current else "deleted"
            self._secret = current or self._secret
            self._draw()

    def _draw(self, _: None = None) -> None:
        usage = self._uses.usage
        lines = list(use_lines(usage.of(self._secret), self._secret)) if usage else []
        self._list.show_uses(lines)
        self._instead.update(self._said(found=bool(lines)))
        self.query_one("#coverage Static", Static).update(Content("\n").join(self._below(usage)) if usage else "")
        self._instead.display = not lines
        self.refresh_bindings()
        if self._restarts_asked and usage and not usage.being_searched and self.is_current:
            self.action_restarts()

    def _below(self, usage: Usage) -> Iterator[Content]:
        """Yield which pods hold which value, and how far the search went."""
        yield from held_in_words(self._secret, usage)
        yield from coverage_lines(usage)

    def _said(self, *, found: bool) -> str:
        if self._uses.error:
            return plain(f"Not known: {self._uses.error}. {advice_of(self._uses.error, self)}")
        if not self._uses.usage:
            return f"Searching {plain(self._secret.namespace)} for what uses it …"
        return "" if found else readers_of(self._secret.name) or nothing_found(self._uses.usage)
