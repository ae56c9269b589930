"""Try values with the service that they are for, before they are written; where they go to is named first."""

from wbtui.commands.writing import WritingPlace, answer_to, can_ask
from wbtui.domain.audit_record import AuditRecord
from wbtui.domain.credential import EnteredCredential
from wbtui.domain.text import plain
from wbtui.domain.trials import TrialOptions
from wbtui.startup.streams import say
from wbtui.trying.attempt import noted_attempt
from wbtui.trying.model import Trial
from wbtui.trying.table import plan
from wbtui.trying.verdict import CannotTell, TrialOutcome, TrialVerdict
from wbtui.trying.wire import Destination

_REFUSED = {TrialOutcome.REFUSED, TrialOutcome.NOT_FOR_THIS}


async def tried(place: WritingPlace, namespace: str, credential: EnteredCredential, target: str) -> bool:
    """Try a credential, say what came of it, and return whether it may be written.

    It may be where nothing is known of it, which is said; not where it was refused, or was not to be sent.
    """
    try:
        trials = _planned(credential, target, place.cluster.trials)
    except CannotTell as error:
        say(f"{TrialOutcome.UNKNOWN.value.capitalize()}: {plain(str(error))}.")
        return True
    trying = _Trying(place, namespace)
    passed = all([await trying.passes(trial) for trial in trials])
    if not passed:
        say("Nothing was written.")
    return passed


def _planned(credential: EnteredCredential, target: str, options: TrialOptions) -> list[Trial]:
    """Return what there is to try. Raises `CannotTell`."""
    if not options.allowed:
        raise CannotTell("the settings do not allow it for this context")
    planned = plan(credential)
    if target and not planned.service.target:
        raise CannotTell(f"{credential.use_case.value} is not tried with anything that can be named")
    return planned.trials(target, options)


class _Trying:
    """Trials of one credential: each destination is named, and agreed to once."""

    def __init__(self, place: WritingPlace, namespace: str) -> None:
        self._place = place
        self._namespace = namespace
        self._answers: dict[object, bool] = {}

    async def passes(self, trial: Trial) -> bool:
        """Try once, and say what came of it; return whether nothing speaks against the credential."""
        user, context = self._place.account.username, self._place.cluster.context
        record = AuditRecord(user=user, context=context, project=self._namespace)
        verdict = await noted_attempt(trial, self._may_send, self._place.note, record)
        say(_in_words(verdict))
        return verdict.outcome not in _REFUSED and all(self._answers.values())

    async def _may_send(self, to: Destination) -> bool:
        if to.key not in self._answers:
            say("\n".join(map(plain, to.question.split("\n"))))
            self._answers[to.key] = await _agreed(to)
        return self._answers[to.key]


async def _agreed(to: Destination) -> bool:
    # Off a terminal there is nobody to ask: the flag is the consent, but not to what nobody could expect.
    return await answer_to("Send it? Type y to send it: ") == "y" if can_ask() else not to.warnings


def _in_words(verdict: TrialVerdict) -> str:
    title = verdict.outcome.value
    about = f"{verdict.about}: {title}" if verdict.about else title.capitalize()
    return plain(f"{about}: {verdict.text}.")
