"""Replacing the values of a secret: in one step where the cluster can, else by deleting and creating it."""

from collections.abc import Callable
from typing import ClassVar

from textual import on

from wbtui.domain.replacement import Replacement
from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.repository import Account, Cluster, ClusterError, Conflict, NotFound
from wbtui.screens.ask import AskScreen
from wbtui.screens.form import FormScreen
from wbtui.widgets.new_values import NewValues
from wbtui.widgets.outcome import Outcome


class ReplaceScreen(FormScreen[Secret]):
    """Gives one secret, as it was on the screen, new values; gives its metadata when that is done."""

    HINT: ClassVar[str] = "ctrl+s replaces the values; Escape leaves. Nothing is changed before you save."

    def __init__(
        self, cluster: Cluster, secret: Secret, account: Account, look_up: Callable[[str], Secret | None]
    ) -> None:
        self._form = NewValues(secret)
        super().__init__(cluster, secret.namespace, account, self._form)
        self._look_up = look_up
        self._deleted = False

    @property
    def dirty(self) -> bool:
        """Tell whether leaving would lose something: a secret that was deleted to be made again, above all."""
        return self._deleted or super().dirty

    async def store(self, outcome: Outcome) -> Secret | None:
        """Replace the values; where that cannot be, ask, delete and create."""
        replacement = self._form.replacement()
        reason = replacement.needs_deletion
        if reason or self._deleted:
            return await self._make_again(replacement, reason, outcome)
        outcome.say("Replacing …")
        try:
            return await self._cluster.replace(replacement)
        except Conflict as error:
            if await self._wants_it_anyway(error):
                return await self.store(outcome)
            raise

    def refuse(self, error: ClusterError) -> None:
        """Show what the cluster refused, at the field that it is about."""
        super().refuse(error)
        if self._deleted:
            text = f"{plain(self._form.secret.name)} is deleted and NOT created again: {error}. ctrl+s tries again."
            self.query_one(Outcome).complain(error.title, text)
        for path, words in error.fields:
            if path.startswith("data["):
                self._form.values.complain(path.removeprefix("data[").removesuffix("]"), words)

    async def _make_again(self, replacement: Replacement, reason: str, outcome: Outcome) -> Secret | None:
        secret = self._form.secret
        if not self._deleted:
            if secret.owners:
                outcome.complain("not done", f"{secret.owners[0]} manages it: change or delete it there.")
                return None
            question = AskScreen(
                f"Delete {secret.name} and create it again?",
                f"Its values cannot be changed: {reason}. Between the two there is no such secret: what starts then"
                " fails, and if creating is refused, it is gone until you save again; what you entered stays in this"
                " form. Its labels and its creator are kept, its other annotations are not.",
                yes="Delete and create",
                no="Do nothing",
            )
            if not await self.app.push_screen_wait(question):
                outcome.say(self.HINT)
                return None
            outcome.say("Deleting …")
            if held := await self._cluster.delete(secret):
                finalizers = ", ".join(held.finalizers)
                outcome.complain("not done", f"it stays until {finalizers} lets it go; save again when it is gone.")
                return None
            self._deleted = True
        outcome.say("Creating …")
        return await self._cluster.create(replacement.draft)

    async def _wants_it_anyway(self, error: Conflict) -> bool:
        current = self._look_up(self._form.secret.uid)
        if current is None:
            raise NotFound(f"{self._form.secret.name} was deleted meanwhile", advice="Create it anew with a.") from None
        if current.resource_version == self._form.secret.resource_version:
            raise error
        change = current.last_change
        who = f" by {change.manager} at {change.time:%H:%M:%S} UTC" if change and change.time else ""
        question = AskScreen(
            "Changed meanwhile",
            f"Somebody has changed it{who}. Is it to get the new values all the same?",
            yes="Replace",
            no="Not now",
        )
        self._form.secret = current
        return await self.app.push_screen_wait(question)

    @on(NewValues.Changed)
    def _changed(self) -> None:
        self.edited()
