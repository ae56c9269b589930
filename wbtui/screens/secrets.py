"""The secrets of a project, live: the screen that stays open all day.

Every other screen is loaded when it is first asked for: none of them is needed for the first frame.
"""

from contextlib import suppress
from typing import ClassVar

from textual import events, on, work
from textual.binding import Binding, BindingType

from wbtui.audit import AuditLog
from wbtui.choices import Choices
from wbtui.domain.index import Taken
from wbtui.domain.query import Clock
from wbtui.domain.secret import Secret
from wbtui.domain.use_cases import USE_CASES
from wbtui.repository import Account, ClusterError, Clusters, Start
from wbtui.screens.project import ProjectScreen
from wbtui.widgets.secret_table import SecretTable

_NEEDS = {"create": "create", "replace": "patch", "delete": "delete"}
"""The right that an action needs; whatever is named here changes the cluster."""


class SecretsScreen(ProjectScreen):
    """What can be done with the secrets that are followed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "create", "Create", id="secret.create", tooltip="Create (add) a secret"),
        Binding("e", "replace", "Replace", id="secret.replace", tooltip="Replace the secret's values"),
        Binding("u", "used_by", "Used by", id="secret.used_by", tooltip="Search for what uses the secret"),
        Binding("ctrl+d,delete", "delete", "Delete", id="secret.delete", tooltip="Delete the secret, or those marked"),
        Binding("question_mark,f1", "app.help", "Help", id="app.help", tooltip="Keys, commands, filter"),
        Binding("q", "app.quit", "Quit", id="app.quit", tooltip="Leave wbtui"),
        Binding("colon", "command", "Command", id="app.command", tooltip="Type a command"),
        Binding("c", "copy_name", "Copy", id="secret.copy", tooltip="Copy the secret's name"),
        Binding("x", "app.explain_values", "Values?", id="secret.values", show=False, tooltip="Why no value is shown"),
    ]

    def __init__(self, clusters: Clusters, start: Start, choices: Choices, audit: AuditLog, now: Clock) -> None:
        super().__init__(clusters, start, choices, now)
        self._audit = audit

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        if not self.is_current:  # what is typed ahead is for the screen on top
            return False
        if action not in _NEEDS:
            return True
        if self.cluster and self.cluster.read_only:
            return False
        return None if self.rights.refusal(_NEEDS[action]) else True

    def on_key(self, event: events.Key) -> None:
        """Say why a key does nothing, where a right is missing."""
        for binding in (
            self._bindings.get_bindings_for_key(event.key) if event.key in self._bindings.key_to_bindings else ()
        ):
            if self.check_action(binding.action, ()) is None:
                self._refuse(self.rights.refusal(_NEEDS[binding.action]))

    @work(exclusive=True, group="go")
    async def action_command(self) -> None:
        """Type a command, and run it."""
        from wbtui.screens.command import CommandScreen

        if answer := await self.app.push_screen_wait(CommandScreen()):
            command, argument = answer
            await self.run_action(f"{command.action}({argument!r})" if argument else command.action)

    @work(exclusive=True, group="go")
    async def action_create(self) -> None:
        """Create a secret in the project."""
        from wbtui.screens.create import CreateScreen

        if not self.cluster:
            return
        current = self.list.table.current
        namespace = self.scope.namespace or (current.namespace if current else self.cluster.namespace)
        account = self.account or Account("", "")
        use_case = self.list.use_case or USE_CASES[0]
        taken = Taken(self.list.index, namespace)
        form = CreateScreen(self.cluster, namespace, account, taken, self.list.changed, use_case)
        if made := await self.app.push_screen_wait(form):
            self.notify(f"{made.name} was created.", markup=False)
            self.list.table.go_to(made.uid)

    @work(exclusive=True, group="go")
    async def action_replace(self) -> None:
        """Replace the values of the secret under the cursor."""
        from wbtui.screens.replace import ReplaceScreen

        secret = self.list.table.current
        if not self.cluster or not secret:
            return
        if secret.owners:
            self._refuse(f"{secret.owners[0]} manages it and would put its own values back; change it there")
            return
        if refusal := self.rights.refusal("patch", secret.name):
            self._refuse(refusal)
            return
        form = ReplaceScreen(self.cluster, secret, self.account or Account("", ""), self.list.index.get)
        if done := await self.app.push_screen_wait(form):
            self.notify(f"{done.name} has new values.", markup=False)
            self.list.table.go_to(done.uid)
            await self._tell_restarts(done)

    async def _tell_restarts(self, secret: Secret) -> None:
        from wbtui.screens.restart import RestartScreen, restarts

        if self.cluster:
            with suppress(ClusterError):  # the values are replaced; who uses them is a hint
                usage = await self.cluster.usage(secret.namespace)
                if commands := restarts(usage.of(secret), secret.namespace):
                    self.app.push_screen(RestartScreen(secret.name, commands))

    def action_delete(self) -> None:
        """Delete the secrets that are marked, or the one under the cursor, after asking."""
        from wbtui.screens.delete import DeleteScreen

        targets, hidden = self._targets()
        refusals = [refusal for secret in targets if (refusal := self.rights.refusal("delete", secret.name))]
        if self.cluster and targets and len(refusals) < len(targets):
            self.app.push_screen(DeleteScreen(self.cluster, targets, hidden, self.list.index.get))
        elif refusals:
            self._refuse(refusals[0])

    def action_used_by(self) -> None:
        """Search for what uses the secret under the cursor."""
        from wbtui.screens.used_by import UsedByScreen

        if self.cluster and self.list.table.current:
            self.app.push_screen(UsedByScreen(self.list.table.current, self.cluster.usage))

    def action_log(self) -> None:
        """Show what was written from here."""
        from wbtui.screens.log import LogScreen

        self.app.push_screen(LogScreen(self._audit))

    def action_copy_name(self) -> None:
        """Copy the name of the secret under the cursor."""
        if self.list.table.current:
            self.app.copy_to_clipboard(self.list.table.current.name)

    def _targets(self) -> tuple[tuple[Secret, ...], int]:
        index, marks = self.list.index, self.list.table.marks
        marked = [secret for uid in marks if (secret := index.get(uid))]
        current = self.list.table.current
        targets = sorted(marked, key=lambda secret: secret.name) or ([current] if current else [])
        return tuple(targets), sum(index.position(secret.uid) is None for secret in targets)

    def _refuse(self, needed: str) -> None:
        self.notify(f"Not allowed: {needed}.", severity="warning", markup=False)

    @on(SecretTable.Opened)
    def _open_details(self, event: SecretTable.Opened) -> None:
        from wbtui.screens.details import DetailsScreen

        if self.cluster:
            source = self.cluster.external_source
            self.app.push_screen(DetailsScreen(event.secret, self.list.changed, self.list.index.get, source, self.now))
