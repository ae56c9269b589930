"""Telling an answer to a question from what was typed before the question could be read."""

from math import inf
from time import monotonic

from textual import events

QUIET = 0.4
"""Seconds for which a question is on the screen, and nothing else is typed, before a key counts as an answer."""


class Attention:
    """Whether a key can be meant as the answer to a question, which may have come up while something was typed.

    `counts` tells that of the last key or click that was noted.
    """

    def __init__(self) -> None:
        self._since = inf
        self.counts = False

    @property
    def begun(self) -> bool:
        """Tell whether the question has been drawn."""
        return self._since < inf

    def begin(self) -> None:
        """Begin to wait: the question has been drawn."""
        self._since = monotonic()

    def note(self, event: events.Key | events.MouseDown) -> None:
        """Note a key or a click, by when it was pressed, not by when its turn came; a letter starts the wait again."""
        self.counts = event.time - self._since >= QUIET
        if not self.counts and isinstance(event, events.Key) and event.is_printable and self.begun:
            self._since = max(self._since, event.time)
