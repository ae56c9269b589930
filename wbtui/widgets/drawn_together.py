"""Draw one frame in place of several, where an answer comes soon."""

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from typing import TypeVar

from textual.widget import Widget

T = TypeVar("T")
_SOON = 0.1
"""Seconds in which nobody notices that a change is not drawn yet."""


async def drawn_together(widget: Widget, items: AsyncIterator[T], then: Callable[[], None]) -> AsyncIterator[T]:
    """Yield items; what changes on the screen before the first of them is drawn with it, if that comes soon.

    `then` is called once the first item is drawn, so that nothing it starts delays that.
    """
    with ExitStack() as undrawn:
        undrawn.enter_context(widget.app.batch_update())
        widget.set_timer(_SOON, undrawn.close)
        is_first = True
        async for item in items:
            yield item
            undrawn.close()
            if is_first:
                widget.call_after_refresh(then)
                is_first = False
