"""Dialogs that confirm something: a key counts only once what it confirms could be read."""

from math import inf
from time import monotonic

from textual import events
from textual.containers import VerticalScroll
from textual.screen import ScreenResultType

from wbtui.screens.dialog import Dialog

QUIET = 0.4
"""Seconds for which a question is on the screen, and nothing else is typed, before a key counts as an answer."""

_TOLD = 5.0
"""Seconds for which it is said that a key was ignored."""
_TOO_EARLY = "Ignored: the key was pressed before everything was shown."
_UNREAD = "Ignored: read to the end first (pgdn), or make the terminal larger."


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
        self._read_to = 0

    def on_key(self, event: events.Key) -> None:
        self._note(event)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self._note(event)

    def _note(self, event: events.Key | events.MouseDown) -> None:
        self.attention.note(event)
        text = self.query(VerticalScroll).first()
        if text.scroll_offset.y <= self._read_to:
            self._read_to = max(self._read_to, text.scroll_offset.y + text.size.height)

    @property
    def needs_whole(self) -> bool:
        """Return whether all of the text has to have been on the screen: a low terminal may not show a single name."""
        return self.has_class("-low")

    @property
    def _is_read(self) -> bool:
        return not self.needs_whole or self._read_to >= max(self.query(VerticalScroll).first().virtual_size.height, 1)

    def may_confirm(self) -> bool:
        """Return whether the last key counts; say once of several where it does not."""
        why = "" if self._is_read else _UNREAD
        why = why if self.attention.counts else _TOO_EARLY
        now = monotonic()
        if why and now >= self._told_until:
            self._told_until = now + _TOLD
            self.notify(why, timeout=_TOLD)
        return not why
