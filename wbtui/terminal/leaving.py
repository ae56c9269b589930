"""Leaving wbtui, but not in the middle of what must not be left half done."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from textual.app import App

GRACE = 15.0
"""Seconds that leaving may wait for it."""


@runtime_checkable
class Finishing(Protocol):
    """A screen whose work has steps that belong together."""

    @property
    def busy(self) -> bool:
        """Return whether it is between the first step and the last."""
        ...

    @property
    def half_done(self) -> bool:
        """Return whether it is, or has stopped there."""
        ...

    async def finish(self) -> None:
        """Do the last step, or wait for it; as often as needed."""
        ...


def must_wait(app: "App[Any]") -> bool:
    """Return whether something is half done."""
    return any(isinstance(screen, Finishing) and (screen.busy or screen.half_done) for screen in app.screen_stack)


def leave(app: "App[Any]", *, at_once: bool = False) -> None:
    """Leave as soon as nothing is half done; with `at_once`, wait only for what is under way."""
    screens = [screen for screen in app.screen_stack if isinstance(screen, Finishing)]
    waiting = [screen for screen in screens if screen.busy or (screen.half_done and not at_once)]
    if waiting:
        app.run_worker(_leave(app, waiting), group="leave", exclusive=True)
    else:
        app.exit()


async def _leave(app: "App[Any]", screens: Sequence[Finishing]) -> None:
    with app.batch_update(), suppress(TimeoutError):  # the terminal may be gone, and drawing would wait for it
        async with asyncio.timeout(GRACE):
            for screen in screens:
                await screen.finish()
    app.exit()
