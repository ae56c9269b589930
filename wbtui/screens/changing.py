"""Changing secrets: making, replacing and deleting them, for those who may."""

from contextlib import suppress
from typing import ClassVar

from textual import events, work
from textual.binding import Binding, BindingType

from wbtui.domain.index import Taken
from wbtui.domain.secret import Secret
from wbtui.domain.use_cases.model import UseCase
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.repository import Account, Cluster, ClusterError
from wbtui.screens.project import ProjectScreen

_ASKED = 10
"""Secrets that the cluster is asked about one by one, beforehand, where its rules do not tell."""
_WRITING = frozenset({"create", "replace", "delete", "deploy", "use"})
"""The actions that change the cluster."""


class ChangingScreen(ProjectScreen):
    """Where secrets are made, changed and deleted; what one may not do stays visible, greyed, and says why."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "create", "Create", id="secret.create", tooltip="Create (add) a secret"),
        Binding("e", "replace", "Replace", id="secret.replace", tooltip="Replace the secret's values"),
        Binding("ctrl+d,delete", "delete", "Delete", id="secret.delete", tooltip="Delete the secret, or those marked"),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        if not self.is_current:  # what is typed ahead is for the screen on top
            return False
        if action not in _WRITING:
            return True
        if self.cluster and self.cluster.read_only:
            return False
        return None if self.lacking(action) else True

    def on_key(self, event: events.Key) -> None:
        """Say why a key does nothing, where a right is missing."""
        for binding in (
            self._bindings.get_bindings_for_key(event.key) if event.key in self._bindings.key_to_bindings else ()
        ):
            if self.check_action(binding.action, ()) is None:
                self.refuse(self.lacking(binding.action))

    @property
    def project(self) -> str:
        """Return the project that something new belongs to: where one is, or where the secret under the cursor is."""
        current = self.list.table.current
        default = self.cluster.namespace if self.cluster else ""
        return self.scope.namespace or (current.namespace if current else default)

    async def make_secret(self, cluster: Cluster, namespace: str, use_case: UseCase) -> Secret | None:
        """Have a secret created; None where that is given up."""
        from wbtui.screens.create import CreateScreen

        account = self.account or Account("", "")
        taken = Taken(self.list.index, namespace)
        form = CreateScreen(cluster, namespace, account, taken, self.list.changed, use_case)
        if made := await self.app.push_screen_wait(form):
            self.notify(f"{made.name} was created.")
            self.list.table.go_to(made.uid)
        return made

    @work(exclusive=True, group="go")
    async def action_create(self) -> None:
        """Create a secret in the project."""
        if self.cluster:
            await self.make_secret(self.cluster, self.project, self.list.use_case or USE_CASES[0])

    @work(exclusive=True, group="go")
    async def action_replace(self) -> None:
        """Replace the values of the secret under the cursor."""
        from wbtui.screens.replace import ReplaceScreen

        secret = self.list.table.current
        if not self.cluster or not secret:
            return
        if refusal := _why_not(secret) or await self._refusal("patch", secret):
            self.refuse(refusal)
            return
        form = ReplaceScreen(self.cluster, secret, self.account or Account("", ""))
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
        targets, hidden = self._targets()
        if self.cluster and targets:
            self._ask_to_delete(self.cluster, targets, hidden)

    @work(exclusive=True, group="go")
    async def _ask_to_delete(self, cluster: Cluster, targets: tuple[Secret, ...], hidden: int) -> None:
        from wbtui.screens.delete import DeleteScreen

        refusals = [await self._refusal("delete", secret) for secret in targets[:_ASKED]]
        if len(targets) <= _ASKED and all(refusals):
            self.refuse(refusals[0])
        else:
            self.app.push_screen(DeleteScreen(cluster, targets, hidden))

    async def _refusal(self, verb: str, secret: Secret) -> str:
        if self.rights.complete or not self.cluster:
            return self.rights.refusal(verb, secret.name)
        with suppress(ClusterError):  # the cluster has the last word when it is done
            return await self.cluster.refusal(verb, secret.namespace, secret.name)
        return ""

    def _targets(self) -> tuple[tuple[Secret, ...], int]:
        index, marks = self.list.index, self.list.table.marks
        marked = [secret for uid in marks if (secret := index.get(uid))]
        current = self.list.table.current
        targets = sorted(marked, key=lambda secret: secret.name) or ([current] if current else [])
        return tuple(targets), sum(index.position(secret.uid) is None for secret in targets)

    def refuse(self, needed: str) -> None:
        """Say why something is not done."""
        self.notify(f"Not allowed: {needed}.", severity="warning", markup=False)

    def lacking(self, action: str) -> str:
        """Return what an action needs and one does not have; empty where nothing is missing, as far as is known."""
        if not self.rights.known:
            return ""
        from wbtui.domain.needs import NEEDS

        need = NEEDS[action]
        return self.rights.refusal(need.verb, resources=need.resources)


def _why_not(secret: Secret) -> str:
    if secret.owners:
        return f"{secret.owners[0]} manages it and would put its own values back; change it there"
    return "it is being deleted" if secret.deleted else ""
