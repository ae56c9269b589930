"""Draw everything again where the terminal no longer shows what was drawn."""

from shutil import get_terminal_size

from textual.events import Resize
from textual.geometry import Size
from textual.timer import Timer

from wbtui.terminal.diff import DiffDriver
from wbtui.terminal.textual_internals import OpenApp, OpenLinuxDriver

_SETTLING_SECONDS = 0.2
"""How long the size of the terminal must stay the same before everything is drawn again."""


class Repaint:
    """Draws everything again, as if nothing were known of what the terminal shows."""

    def __init__(self, app: OpenApp) -> None:
        self._app = app
        self._size: Size | None = None
        self._settling: Timer | None = None

    def resized(self, size: Size) -> None:
        """Forget what is shown: during a resize, frames may have been drawn for another size."""
        self._forget_shown()
        if self._settling:
            self._settling.stop()
        if self._size not in {None, size}:  # at the start, the same size is reported twice
            self._settling = self._app.set_timer(_SETTLING_SECONDS, self._settled)
        self._size = size

    def wiped(self) -> None:
        """Wipe the terminal, and draw everything again."""
        if isinstance(self._app.driver, DiffDriver):
            self._app.driver.clear()
        self._app.refresh(layout=True)

    def _settled(self) -> None:
        self._settling = None
        # A signal within the handling of another one makes Textual see their sizes in the wrong order.
        size = Size(*get_terminal_size())
        if isinstance(self._app.driver, OpenLinuxDriver) and size != self._app.size:
            self._app.post_message(Resize(size, size))
            return
        self._forget_shown()
        self._app.refresh(layout=True)

    def _forget_shown(self) -> None:
        if isinstance(self._app.driver, DiffDriver):
            self._app.driver.shown.forget()
