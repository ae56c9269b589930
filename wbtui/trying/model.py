"""What the module of a service takes, and what it returns."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from wbtui.domain.trials import TrialOptions
from wbtui.trying.verdict import CannotTell, TrialVerdict
from wbtui.trying.wire import Wire

Values: TypeAlias = Mapping[str, str]
"""The entered values by the names of their fields, without empty ones."""
Run: TypeAlias = Callable[[Wire], TrialVerdict]
"""Tries one credential once, in a thread of its own. Raises `CannotTell`."""


class Entered(NamedTuple):
    """What to try: one or several rows of values; `target` is what to try it for, empty where that is not named."""

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
    """One credential to try: `about` names it among several. `hidden` are the values that a verdict must not show."""

    run: Run
    hidden: tuple[bytes, ...]
    about: str = ""


Trials: TypeAlias = Callable[[Entered], list[Trial]]
"""Returns the trials of what was entered: the function `trials` of the module of a service. Raises `CannotTell`."""
