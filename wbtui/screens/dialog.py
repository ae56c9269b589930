"""Screens that close themselves, and no other screen."""

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen, ScreenResultType


class FullScreen(Screen[ScreenResultType]):
    """A screen in the place of the one below that closes itself and no other.

    Textual's `dismiss` closes whatever is on top: a second click or a second Enter, handled after the first has closed
    this screen, would close the one below, or end the program where there is none.
    """

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close this screen, if it is on top."""
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()


class Dialog(ModalScreen[ScreenResultType], FullScreen[ScreenResultType]):
    """A screen on top of another one, which stays visible around it; closes as `FullScreen` does.

    Its style class tells whether the terminal is so low that a dialog has to save lines.
    """

    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-high")]  # noqa: RUF012  Textual declares it so
