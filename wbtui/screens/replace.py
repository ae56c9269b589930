"""Replacing the values of a secret, in one step and with nothing read."""

from collections.abc import Callable
from typing import ClassVar

from textual import on

from wbtui.domain.secret import Secret
from wbtui.repository import Account, Cluster, ClusterError, Conflict
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

    async def store(self, outcome: Outcome) -> Secret | None:
        """Replace the values; where the cluster allows no change, say so and what to do."""
        replacement = self._form.replacement()
        if reason := replacement.needs_deletion:
            text = f"{reason}. Delete it with ctrl+d, and create it anew with a: that is the only way."
            outcome.complain("cannot be changed", text)
            return None
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
        for path, words in error.fields:
            if path.startswith("data["):
                self._form.values.complain(path.removeprefix("data[").removesuffix("]"), words)

    async def _wants_it_anyway(self, error: Conflict) -> bool:
        before, current = self._form.secret, self._look_up(self._form.secret.uid)
        if current is None or current.resource_version == before.resource_version:
            raise error
        change = current.last_change
        who = f" by {change.manager} at {change.time:%H:%M:%S} UTC" if change and change.time else ""
        text = f"Somebody has changed it{who}. Is it to get the new values all the same?"
        lost = sorted(set(current.keys or ()) - set(before.keys or ()))
        if lost and not self._form.partly:
            text = f"{text} Its new keys would go: {', '.join(lost)}."
        self._form.secret = current
        return await self.app.push_screen_wait(AskScreen("Changed meanwhile", text, yes="Replace", no="Not now"))

    @on(NewValues.Changed)
    def _changed(self) -> None:
        self.edited()
