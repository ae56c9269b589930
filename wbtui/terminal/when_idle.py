"""Do something long piece by piece, while the application has nothing else to do."""

from collections.abc import Iterable
from itertools import chain
from time import monotonic

from textual.timer import Timer

from wbtui.errors import ProgramReplaced
from wbtui.terminal.typed_ahead import TypedAheadApp

_DELAY = 1.0
"""Seconds from the first frame to the first step: the rows come first."""
_PAUSE = 0.05
"""Seconds between two steps."""
_LATE = 0.02
"""A step that begins so many seconds late is left out: the event loop is busy."""
_KEY_SECONDS = 0.5
"""For how long after a key there is no step."""


class WhenIdle:
    """Takes the steps of one thing after the other, until the last; each is taken as it is asked for."""

    def __init__(self, app: TypedAheadApp, *things: Iterable[object]) -> None:
        self._app = app
        self._steps = chain(*things)
        self._due = 0.0
        self._timer: Timer | None = None

    def begin(self) -> None:
        """Begin soon; call it once the first frame is there."""
        self._app.set_timer(_DELAY, self._begin)

    def _begin(self) -> None:
        self._due = monotonic()
        self._timer = self._app.set_interval(_PAUSE, self._tick)

    def _tick(self) -> None:
        now = monotonic()
        late, self._due = now - self._due - _PAUSE, now
        if late < _LATE and now - self._app.typed_at > _KEY_SECONDS and not self._take_step():
            self._end()

    def _end(self) -> None:
        if self._timer:
            self._timer.stop()
            self._timer = None

    def _take_step(self) -> bool:
        """Take a step, and return whether there may be another."""
        try:
            return any(True for _ in self._steps)  # it asks for one
        except ProgramReplaced as error:
            self._app.outlives(error)
            return False
