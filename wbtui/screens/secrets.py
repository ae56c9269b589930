"""The secrets of a project, live: the screen that stays open all day.

Every other screen is loaded when it is first asked for: none of them is needed for the first frame.
"""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from wbtui.domain.query import Clock
from wbtui.repository import Clusters, Start
from wbtui.screens.using import UsingScreen
from wbtui.storage.audit import AuditLog
from wbtui.storage.session_state import SessionState
from wbtui.widgets.secret_table import SecretTable

if TYPE_CHECKING:
    from wbtui.screens.command import Command


class SecretsScreen(UsingScreen):
    """All that can be done from the list of secrets."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "app.help", "Help", id="app.help", tooltip="Keys, commands, filter"),
        Binding("q", "app.quit", "Quit", id="app.quit", tooltip="Leave wbtui"),
        Binding("colon", "command", "Command", id="app.command", tooltip="Type a command"),
        Binding("c", "copy_name", "Copy", id="secret.copy", tooltip="Copy the secret's name"),
        Binding("x", "app.explain_values", "Values?", id="secret.values", show=False, tooltip="Why no value is shown"),
    ]

    def __init__(self, clusters: Clusters, start: Start, state: SessionState, audit: AuditLog, now: Clock) -> None:
        super().__init__(clusters, start, state, now)
        self._audit = audit

    def action_command(self) -> None:
        """Type a command, and run it."""
        from wbtui.screens.command import CommandScreen

        # At once, so that a command typed in one go is one, and not the keys that its letters are here.
        self.app.push_screen(CommandScreen(), self._run_command)

    async def _run_command(self, answer: "tuple[Command, str] | None") -> None:
        if answer:
            command, argument = answer
            await self.run_action(f"{command.action}({argument!r})" if argument else command.action)

    def action_log(self) -> None:
        """Show what was written from here."""
        from wbtui.screens.log import LogScreen

        self.app.push_screen(LogScreen(self._audit))

    def action_copy_name(self) -> None:
        """Copy the name of the secret under the cursor."""
        if self.list.table.current:
            self.app.copy_to_clipboard(self.list.table.current.name)

    @on(SecretTable.Opened)
    def _open_details(self, event: SecretTable.Opened) -> None:
        from wbtui.screens.details import DetailsScreen

        if self.cluster and self.is_current:
            source, look_up = self.cluster.external_source, self.list.index.get
            details = DetailsScreen(event.secret, self.list.changed, look_up, source, self.uses, self.now)
            self.app.push_screen(details)
