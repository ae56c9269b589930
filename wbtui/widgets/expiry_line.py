"""The line of a form for when its values expire; a value that contains its expiry proposes the date."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from textual.widgets import Input

from wbtui.domain.clock import Clock
from wbtui.domain.dated_values import expiry_in
from wbtui.domain.expiry import Expiry, as_annotation, entered_moment, length_in_words, moment_in_words
from wbtui.domain.problems import Problem
from wbtui.widgets.line import TitledLine


class ExpiryLine(TitledLine):
    """A date, or a time from now, or nothing; `before` is the date of the values that are replaced."""

    def __init__(self, now: Clock, before: Expiry | None = None) -> None:
        start = f"{moment_in_words(before.moment)} until now;" if before else "optional,"
        super().__init__("Expires", id="expires", placeholder=f"{start} as in 2027-01-31, 90d or 12w")
        self._now = now
        self._proposed = ""
        self._source = ""

    @property
    def touched(self) -> bool:
        """Return whether a date was entered by hand."""
        return self.line.value.strip() not in {"", self._proposed}

    @property
    def moment(self) -> datetime | None:
        """Return what was entered; None where nothing was, or no date."""
        try:
            return entered_moment(self.line.value, self._now()) if self.line.value.strip() else None
        except ValueError:
            return None

    def propose(self, values: Iterable[bytes]) -> None:
        """Fill in the expiry that a value contains, and remove it with the value; what the user changed stays."""
        found = expiry_in(values)
        before, self._proposed = self._proposed, as_annotation(found.moment) if found else ""
        self._source = found.source if found else ""
        if self._proposed == before or self.line.value.strip() not in {"", before}:
            return
        with self.line.prevent(Input.Changed):  # it was not edited
            self.line.value = self._proposed
        self.line.cursor_position = len(self._proposed)
        self.check()

    def check(self) -> Problem | None:
        """Show what the date means, or what is wrong or odd about it, and return that."""
        text = self.line.value.strip()
        try:
            moment = entered_moment(text, self._now()) if text else None
        except ValueError as error:
            self.show_error(str(error))
            return Problem(str(error))
        note = self._meaning(moment) if moment else ""
        if moment and moment <= self._now():
            self.show_note(f"{note}: that is in the past", odd=True)
            return Problem(f"{moment_in_words(moment)} is in the past", blocks=False)
        self.show_note(note)
        return None

    def _meaning(self, moment: datetime) -> str:
        left = moment - self._now()
        when = f"in {length_in_words(left)}" if left > timedelta() else f"{length_in_words(-left)} ago"
        source = f", from {self._source}" if self._source and not self.touched else ""
        return f"{moment_in_words(moment)}, {when}{source}"
