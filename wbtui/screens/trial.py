"""Try a credential from a form: ask where it may be sent, and show the result."""

import os
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from textual.screen import Screen
from textual.widget import Widget

from wbtui.domain.audit_record import AuditRecord
from wbtui.domain.credential import EnteredCredential
from wbtui.screens.answers import ask
from wbtui.screens.ask import AskScreen
from wbtui.session import Session
from wbtui.widgets.trial_view import TRYING, TrialView

if TYPE_CHECKING:
    from wbtui.trying.model import Trial
    from wbtui.trying.verdict import TrialVerdict
    from wbtui.trying.wire import Destination

_TOPIC = "trial"


class TrialRunner:
    """Tries the credential in a form, one trial at a time.

    `credential` returns what is entered; `target` is what to try it with, where that is known.
    """

    def __init__(
        self,
        screen: Screen[Any],
        session: Session,
        namespace: str,
        credential: Callable[[], EnteredCredential],
        target: str,
    ) -> None:
        self._screen = screen
        self._session = session
        self._namespace = namespace
        self._credential = credential
        self._view = TrialView(target)
        self._salt = os.urandom(16)
        self._tried = b""
        self._running = False

    def begin(self, before: Widget) -> None:
        """Try what is entered; the result is shown before another widget."""
        from wbtui.trying.table import plan  # noqa: PLC0415  loaded when a credential is tried
        from wbtui.trying.verdict import CannotTell  # noqa: PLC0415

        if self._running:
            self._screen.notify("It is being tried.")
            return
        if not self._view.is_attached:
            self._screen.mount(self._view, before=before)
        self._tried = self._fingerprint()
        options = self._session.connected.trials
        if not options.allowed:
            self._view.cannot_tell("the settings do not allow it for this context")
            return
        try:
            planned = plan(self._credential())
            self._view.offer(planned.service.target)
            trials = planned.trials(self._view.target, options)
        except CannotTell as error:
            self._view.cannot_tell(str(error))
            return
        self._running = True
        self._view.say(TRYING)
        ask(self._screen, self._try_all(trials), self._finish, self._finish, topic=_TOPIC)

    def stop(self) -> bool:
        """Stop trying; False where nothing is being tried."""
        if not self._running:
            return False
        self._running = False
        self._screen.workers.cancel_group(self._screen, _TOPIC)
        self._view.say("Stopped: it is not known whether it would be accepted.")
        return True

    def edited(self) -> None:
        """Mark the result as old where something else is entered."""
        if self._view.is_attached:
            self._view.set_old(self._fingerprint() != self._tried)

    async def _try_all(self, trials: "Sequence[Trial]") -> None:
        verdicts: list[TrialVerdict] = []
        for trial in trials:
            verdicts.append(await self._try(trial))
            self._view.show(verdicts, more=len(verdicts) < len(trials))
            self.edited()

    async def _try(self, trial: "Trial") -> "TrialVerdict":
        from wbtui.trying.attempt import noted_attempt  # noqa: PLC0415

        user, context = self._session.username, self._session.connected.context
        record = AuditRecord(user=user, context=context, project=self._namespace)
        return await noted_attempt(trial, self._may_send, self._session.note, record)

    def _finish(self, _: object) -> None:
        self._running = False

    async def _may_send(self, to: "Destination") -> bool:
        agreed = self._session.agreed
        key = to.key
        if key not in agreed:
            question = AskScreen(f"Send to {to.place}?", to.question, yes="Send", no="Do not send", interrupts=True)
            if not await self._screen.app.push_screen_wait(question):
                return False
            agreed.add(key)
        return True

    def _fingerprint(self) -> bytes:
        """Return a keyed digest of what is entered, from which no value can be found."""
        credential, digest = self._credential(), blake2b(key=self._salt)
        digest.update(f"{credential.use_case.value}/{credential.entry_form.title}/{self._view.target}".encode())
        for entry in credential.entries:
            for name, value in entry.items():
                digest.update(f"/{name}/{len(value)}/".encode() + value.unsealed())
        return digest.digest()
