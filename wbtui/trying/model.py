"""What a service's module is given, and what it gives."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from wbtui.domain.trials import TrialOptions
from wbtui.trying.verdict import CannotTell, Verdict
from wbtui.trying.wire import Wire

Values: TypeAlias = Mapping[str, str]
"""The entered values by the names of their fields, without those that are empty."""
Run: TypeAlias = Callable[[Wire], Verdict]
"""Tries one credential, once; waits in its thread as long as it has to, and raises `CannotTell`."""


class Entered(NamedTuple):
    """What is to be tried: one row of values, or several; `target` is what it is tried for, empty where not named."""

    rows: Sequence[Values]
    target: str
    options: TrialOptions

    def required(self, *names: str) -> tuple[str, ...]:
        """Return values of the first row. Raises `CannotTell` where one is missing."""
        row = self.rows[0] if self.rows else {}
        if missing := [name.replace("_", " ") for name in names if not row.get(name)]:
            raise CannotTell(f"the {' and the '.join(missing)} {'is' if len(missing) == 1 else 'are'} not entered")
        return tuple(row[name] for name in names)


class Trial(NamedTuple):
    """One credential to try: `about` names it beside others. `hidden` is what no text may repeat."""

    run: Run
    hidden: tuple[bytes, ...]
    about: str = ""


Trials: TypeAlias = Callable[[Entered], list[Trial]]
"""Returns what there is to try of what was entered: the `trials` of a service's module. Raises `CannotTell`."""
