"""The state of the connection, in words."""

from collections.abc import Callable
from functools import partial
from math import ceil
from time import monotonic

from textual.timer import Timer
from textual.widgets import Static

from wbtui.errors import RETRIED, ClusterError
from wbtui.news import Interrupted, News, Page, WatchClosed, WatchOpened

_SPINNER = "|/-\\"
_FRAME = 0.1
"""Seconds between two positions of the spinner."""
_LONG = 3
"""Seconds of waiting after which it is said for how long, and how to stop."""
_PATIENCE = 1.0
"""Seconds after which it is said that the next watch is not open yet."""


class ConnectionStatus(Static):
    """Shows the state of the connection; has a timer only while it waits for something."""

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002  Textual's own name
        clock: Callable[[], float] = monotonic,
    ) -> None:
        super().__init__(markup=False, id=id)
        self._clock = clock
        self._words = ""
        self._since = 0.0
        self._until = 0.0
        self._ticks = 0
        self._timer: Timer | None = None

    @property
    def waits(self) -> bool:
        """Return whether the session waits for an answer of the cluster."""
        return self.has_class("waiting")

    def wait_for(self, words: str) -> None:
        """Say what the session waits for, with a spinner."""
        if not self.waits:
            self._since = self._clock()
        self._words, self._until = words, 0.0
        self.set_classes("waiting")
        self._tick(_FRAME)

    def show_news(self, news: News, before: int = 0) -> None:
        """Say what an event means for the connection; `before` is the number of secrets in the list before it."""
        match news:
            case Page(loaded=loaded, expected=expected):
                total = expected or before  # a server that has a selector to apply does not say how many there are
                share = f" of about {total:,}" if total > loaded else ""
                self.wait_for(f"loading {loaded:,}{share} …")
            case WatchOpened():
                self._rest("live", "live")
            case WatchClosed():
                self._stop()
                self._timer = self.set_timer(_PATIENCE, partial(self.wait_for, "reconnecting …"))
            case Interrupted(error=error, seconds=seconds):
                again = "reconnecting" if isinstance(error, RETRIED) else "trying again"
                self._words, self._until = f"{error.title}: {again}", self._clock() + seconds
                self.set_classes("trouble")
                self._tick(0.5)

    def show_error(self, error: ClusterError) -> None:
        """Say why nothing is read any more until the user does something."""
        self._rest(error.title, "trouble")

    def _rest(self, words: str, kind: str) -> None:
        self._stop()
        self.set_classes(kind)
        self._say(words)

    def _stop(self) -> None:
        if self._timer:
            self._timer.stop()
            self._timer = None

    def _tick(self, seconds: float) -> None:
        self._stop()
        self._timer = self.set_interval(seconds, self._draw)
        self._draw()

    def _draw(self) -> None:
        self._ticks += 1
        if self._until:
            left = ceil(self._until - self._clock())
            self._say(f"{self._words} in {left} s" if left > 0 else f"{self._words} now …")
        else:
            seconds = int(self._clock() - self._since)
            waited = f" {seconds} s, Escape stops" if seconds >= _LONG else ""
            self._say(f"{_SPINNER[self._ticks % len(_SPINNER)]} {self._words}{waited}")

    def _say(self, words: str) -> None:
        # The screen needs a new layout only when the width of the text changes.
        self.update(words, layout=len(words) != len(str(self.content)))
