"""Replace the values of a secret without reading any: in place, or by recreating it where that is not possible."""

from typing import ClassVar

from wbtui.domain.secret import Secret
from wbtui.domain.text import shortened
from wbtui.errors import ClusterError, Conflict
from wbtui.screens.answers import ask
from wbtui.screens.credential_form import CredentialFormScreen
from wbtui.screens.overwriting import ask_to_overwrite
from wbtui.screens.recreation import Recreation
from wbtui.session import Session
from wbtui.widgets.form_status import FormStatus
from wbtui.widgets.new_values import NewValues

_LONGEST = 200
"""The most characters of the reason why a deleted secret is not created again; what to do is shown beside it."""


class ReplaceScreen(CredentialFormScreen[Secret, NewValues]):
    """Gives one secret new values, and returns its metadata."""

    HINT: ClassVar[str] = "{form.save} replaces the values; {form.leave} leaves. Nothing is changed before you save."

    def __init__(self, session: Session, secret: Secret) -> None:
        super().__init__(session, secret.namespace, NewValues(secret, session.connected.prefixes.apps, session.now))
        self._recreation = Recreation(self._cluster, self)
        self._missing_right = ""

    def on_mount(self) -> None:
        if not self._session.rights.complete:
            ask(self, self._session.refusal("patch", self._form.secret), self._learn_right, lambda _: None)

    def _learn_right(self, missing: str) -> None:
        self._missing_right = missing
        if missing:
            self.edited()

    def say_hint(self) -> None:
        """Say which right is missing, or else what saving does."""
        if self._missing_right:
            self.status.show_message("not allowed", f"{self._missing_right}.")
        else:
            super().say_hint()

    async def store(self, status: FormStatus) -> Secret | None:
        """Replace the values, or recreate the secret; ask first where another user has changed it."""
        replacement = self._form.replacement()
        try:
            if replacement.needs_deletion or self._recreation.begun:
                done = await self._recreation.run(replacement)
                if not done:
                    self.say_hint()
                    self._show_state()
                return done
            status.say("Replacing …")
            return await self._cluster.replace(replacement)
        except Conflict as error:
            if await self._wants_it_anyway(error):
                return await self.store(status)
            raise

    def show_error(self, error: ClusterError) -> None:
        """Show what the cluster refused, at the field that it is about."""
        super().show_error(error)
        self._show_state(f"{error.title}: {error}")

    @property
    def dirty(self) -> bool:
        """Return whether leaving would lose something that was entered, or a deleted secret not created again."""
        return super().dirty or self._recreation.begun

    @property
    def busy(self) -> bool:
        """Return whether the secret is being deleted, or created again, right now."""
        return self._recreation.busy

    @property
    def half_done(self) -> bool:
        """Return whether the secret is deleted, or being deleted, and not created again."""
        return self._recreation.half_done

    async def finish(self) -> None:
        """Create the secret again where it was deleted."""
        await self._recreation.finish()

    @property
    def loss(self) -> str:
        """Return a sentence about what leaving would lose."""
        state, _ = self._recreation.state
        name = self._form.secret.names
        return f"{name} is {state}.\nIf you leave, the new values are lost." if state else super().loss

    def edited(self) -> None:
        """Ask about warnings again, but keep showing the state of the secret."""
        super().edited()
        if not self._saving:
            self._show_state()

    def _show_state(self, why: str = "") -> None:
        state, advice = self._recreation.state
        self._form.needs_all = f"it is {state}: it has to be recreated" if state else ""
        if state:
            said = f" {shortened(why, _LONGEST)}." if why else ""
            self.status.show_message(state, f"{self._form.secret.names}. {advice}{said}")

    async def _wants_it_anyway(self, error: Conflict) -> bool:
        now = await ask_to_overwrite(self, self._cluster, self._form.secret, error, partly=self._form.partly)
        if now:  # else the next save asks again
            self._form.secret = now
        return now is not None
