"""Quit wbtui, after asking where something that was entered would be lost."""

from functools import partial
from typing import Any, Protocol, runtime_checkable

from textual.app import App

from wbtui.terminal.leaving import leave


@runtime_checkable
class Interruptible(Protocol):
    """A screen with a running operation that can be stopped."""

    def interrupt(self) -> bool:
        """Stop it; False where there is nothing to stop."""
        ...


@runtime_checkable
class Unsaved(Protocol):
    """A screen in which something may have been entered that is not stored yet."""

    @property
    def dirty(self) -> bool:
        """Return whether something is not stored yet."""
        ...

    @property
    def loss(self) -> str:
        """Return what would be lost."""
        ...


def request_quit(app: App[Any]) -> None:
    """Stop the operation of the screen, or else quit, after asking where something would be lost."""
    if isinstance(app.screen, Interruptible) and app.screen.interrupt():
        return
    losses = [screen.loss for screen in app.screen_stack if isinstance(screen, Unsaved) and screen.dirty]
    if not losses:
        app.exit()
        return
    from wbtui.screens.ask import AskScreen  # noqa: PLC0415  what has losses has loaded it

    if not isinstance(app.screen, AskScreen):
        app.push_screen(AskScreen("Quit wbtui?", losses[-1], yes="Leave", no="Stay"), partial(_leave_if, app))


def _leave_if(app: App[Any], agreed: bool | None) -> None:  # noqa: FBT001  what the screen returns
    if agreed:
        leave(app, at_once=True)
