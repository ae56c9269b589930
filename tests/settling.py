"""Waiting until an application has handled what was sent to it, and has laid out what that changed."""

import asyncio
from typing import Any

from textual.app import App
from textual.message_pump import MessagePump

_TICK = 0.002
"""Seconds that the event loop gets for what comes from elsewhere, such as an answer of the cluster."""
_PATIENCE = 30.0
"""Seconds until a message that should be handled counts as stuck."""
_ROUNDS = 5
"""How often what was handled may send something on: what always does, as a clock, is not waited for."""


async def settled(app: App[Any]) -> None:
    """Wait until the screen and its widgets have handled what was sent to them, and what they sent on; lay it out.

    The pilot's own wait sends a message to each widget, and each then looks whether it has to be drawn: a fifth of the
    time of a test. Here only those that are busy get one.
    """
    await _handled(app)
    await asyncio.sleep(_TICK)
    for _ in range(_ROUNDS):
        app.screen._on_timer_update()  # noqa: SLF001  as the pilot does: what changed is laid out now, not with the next frame
        if not _busy(app):
            break
        await _handled(app)


async def _handled(app: App[Any]) -> None:
    failed: Any = app._exception_event  # noqa: SLF001
    for _ in range(_ROUNDS):
        if not (busy := _busy(app)):
            return
        ends = [asyncio.create_task(_reached(busy)), asyncio.create_task(failed.wait())]
        done, _ = await asyncio.wait(ends, timeout=_PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
        assert done, f"still handling messages: {busy}"


def _busy(app: App[Any]) -> list[MessagePump]:
    """Return those of the application, its screen and the widgets in it that have messages to handle."""
    return [pump for pump in (app, *app.screen.walk_children(with_self=True)) if _is_busy(pump)]


def _is_busy(pump: MessagePump) -> bool:
    """Return whether messages wait for a pump, or it handles one: then it does not wait for its queue."""
    queue: Any = pump._message_queue  # noqa: SLF001
    return not queue.empty() or not queue.ready_event._waiters  # noqa: SLF001


async def _reached(pumps: list[MessagePump]) -> None:
    """Wait until pumps have handled what is sent to them so far."""
    events = [(pump, asyncio.Event()) for pump in pumps]
    for event in [event for pump, event in events if pump.call_later(event.set)]:
        await event.wait()
