"""Dialogs that confirm something: a key counts only once what it confirms could be read."""

from math import inf
from time import monotonic

from textual import events
from textual.screen import ScreenResultType

from wbtui.screens.dialog import Dialog

QUIET = 0.4
"""Seconds for which a question is on the screen, and nothing else is typed, before a key counts as an answer."""

_TOLD = 5.0
"""Seconds for which it is said that a key was ignored."""


class Attention:
    """Whether a key can answer a question, which may have appeared while the user typed something else.

    `counts` says that of the last key or click that was noted.
    """

    def __init__(self) -> None:
        self._since = inf
        self.counts = False

    @property
    def begun(self) -> bool:
        """Return whether the question has been drawn."""
        return self._since < inf

    def begin(self) -> None:
        """Begin to wait: the question has been drawn."""
        self._since = monotonic()

    def note(self, event: events.Key | events.MouseDown) -> None:
        """Note a key or a click by the time when it was pressed; a letter starts the wait again."""
        self.counts = event.time - self._since >= QUIET
        if not self.counts and isinstance(event, events.Key) and event.is_printable and self.begun:
            self._since = max(self._since, event.time)


class ConfirmDialog(Dialog[ScreenResultType]):
    """A dialog in which a key or a click confirms something; `attention` begins once that is drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = Attention()
        self._told_until = -inf

    def on_key(self, event: events.Key) -> None:
        self.attention.note(event)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self.attention.note(event)

    def may_confirm(self) -> bool:
        """Return whether the last key counts; say once of several where it does not."""
        now = monotonic()
        if not self.attention.counts and now >= self._told_until:
            self._told_until = now + _TOLD
            self.notify("Ignored: the key was pressed before everything was shown.", timeout=_TOLD)
        return self.attention.counts
