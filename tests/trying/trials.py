"""Trying credentials as the form does, without its screen."""

from collections.abc import Mapping
from typing import NamedTuple

from wbtui.domain.credential import EnteredCredential
from wbtui.domain.sealed import Sealed
from wbtui.domain.trials import TrialOptions
from wbtui.domain.use_cases.table import find_use_case
from wbtui.trying.attempt import attempt
from wbtui.trying.table import plan
from wbtui.trying.verdict import TrialVerdict
from wbtui.trying.wire import SECONDS, Destination


class Tried(NamedTuple):
    """The verdicts, and what was asked before."""

    verdicts: list[TrialVerdict]
    asked: list[Destination]

    @property
    def only(self) -> tuple[str, str]:
        """Return the only verdict as it reads."""
        (verdict,) = self.verdicts
        return verdict.outcome.value, verdict.text


def credential(use_case: str, *rows: Mapping[str, str], way: int = 0) -> EnteredCredential:
    """Return what is entered for a use case."""
    found = find_use_case(use_case)
    assert found
    entries = tuple({name: Sealed(value.encode()) for name, value in row.items()} for row in rows)
    return EnteredCredential(found, found.entry_forms[way], entries)


async def tried(
    entered: EnteredCredential,
    target: str = "",
    options: TrialOptions | None = None,
    *,
    agrees: bool = True,
    seconds: float = SECONDS,
) -> Tried:
    """Try a credential."""
    asked: list[Destination] = []

    async def agree(to: Destination) -> bool:
        asked.append(to)
        return agrees

    trials = plan(entered).trials(target, options or TrialOptions())
    return Tried([await attempt(trial, agree, seconds) for trial in trials], asked)
