"""Leave wbtui, but not between steps that belong together."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from textual.app import App

GRACE = 15.0
"""The most seconds to wait for these steps."""


@runtime_checkable
class Finishing(Protocol):
    """A screen whose work has steps that belong together."""

    @property
    def busy(self) -> bool:
        """Return whether a step is running."""
        ...

    @property
    def half_done(self) -> bool:
        """Return whether it is between the first step and the last, running or not."""
        ...

    async def finish(self) -> None:
        """Do the steps that are left, and wait for their end."""
        ...


def must_wait(app: "App[Any]") -> bool:
    """Return whether there are steps to finish."""
    return any(isinstance(screen, Finishing) and (screen.busy or screen.half_done) for screen in app.screen_stack)


def leave(app: "App[Any]", *, at_once: bool = False) -> None:
    """Leave once all steps are done; with `at_once`, wait only for a running step."""
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
