"""Draw a report that changes often once per frame: one of hundreds of lines takes longer than the changes come."""

from collections.abc import Callable
from typing import Any

from textual.screen import Screen

from wbtui.screens.answers import is_open


class Redrawing:
    """Calls `draw` at a change, and for those that come before that is on the screen once more afterwards."""

    def __init__(self, screen: Screen[Any], draw: Callable[[], None]) -> None:
        self._screen = screen
        self._draw = draw
        self._undrawn = False
        self._waits = False

    def changed(self, _: object = None) -> None:
        """Draw now, or as soon as the frame before is on the screen."""
        if self._waits:
            self._undrawn = True
            return
        self._waits, self._undrawn = True, False
        self._draw()
        self._screen.call_after_refresh(self._drawn)

    def _drawn(self) -> None:
        self._waits = False
        if self._undrawn and is_open(self._screen):
            self.changed()
