"""Enter new values once for several secrets, also of several projects."""

from typing import ClassVar

from wbtui.batching import Batch, Renewal
from wbtui.domain.batch import replacement_for
from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.screens.batch import BatchScreen
from wbtui.screens.credential_form import CredentialFormScreen
from wbtui.session import Session
from wbtui.widgets.form_status import FormStatus
from wbtui.widgets.new_values import NewValues

_AFTER = "is:stale in the list shows what still holds an old value."
_NAMED = 4
"""Secrets that are named above the form; the next screen has all of them."""


class ValuesForMany(NewValues):
    """New values for several secrets, by the keys of the first of them; `hidden` of them are not in the list."""

    def __init__(self, secrets: tuple[Secret, ...], session: Session, hidden: int) -> None:
        super().__init__(secrets[0], session.connected.prefixes.apps, session.now, partly=True)
        self._secrets = secrets
        self._hidden = f" {hidden} of them are hidden by the filter." if hidden else ""

    def _about(self) -> str:
        named = ", ".join(f"{secret.names} in {secret.namespace}" for secret in self._secrets[:_NAMED])
        more = f" and {len(self._secrets) - _NAMED} more" if len(self._secrets) > _NAMED else ""
        return plain(
            f"New values for {len(self._secrets)} secrets: {named}{more}.{self._hidden} No present values are read."
        )


class RotateManyScreen(CredentialFormScreen[int, ValuesForMany]):
    """Gives several secrets the same new values; returns how many when none is left.

    The values are kept until then, or until the form is left, so that refused writes can be tried again.
    """

    HINT: ClassVar[str] = (
        "{form.save} tries each one first; {form.leave} leaves. Nothing is changed before you confirm."
    )

    def __init__(self, session: Session, secrets: tuple[Secret, ...], hidden: int) -> None:
        projects = ", ".join(sorted({secret.namespace for secret in secrets}))
        super().__init__(session, projects, ValuesForMany(secrets, session, hidden))
        self._left = {secret.uid: secret for secret in secrets}
        self._written = 0

    async def store(self, status: FormStatus) -> int | None:
        """Try and write what is left; None where some of it could not be written."""
        entered = self._form.replacement()
        targets = [Renewal(replacement_for(secret, entered)) for secret in self._left.values()]
        batch = Batch(self._cluster, targets)
        title = f"New values for {len(targets)} secret{'s' * (len(targets) != 1)}"
        await self.app.push_screen_wait(BatchScreen(batch, title, _AFTER))
        self._written += len(batch.done)
        for report in batch.done:
            if report.secret:
                self._left.pop(report.secret.uid, None)
        if not self._left:
            return self._written
        names = ", ".join(f"{secret.names} in {secret.namespace}" for secret in self._left.values())
        status.show_message("not finished", f"{self._written} written; left: {names}. {{form.save}} tries these again.")
        return None
