"""Keys that come before what they are for is there: over a slow network several arrive at once."""

import asyncio
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.screen import Screen

_TICK = 0.01
_TICKS = 50
"""How often, and how many times, a new screen is looked at until something in it has the focus."""


class TypingAheadApp(App[None]):
    """Gives a key to whatever the keys before it have opened.

    Textual sends a key to what has the focus as it arrives; what the key before does, it does later. So a key that
    nobody took, and that has been overtaken by another focus or screen, is sent once more.
    """

    def __init__(self) -> None:
        super().__init__()
        self._arrived: WeakSet[Screen[Any]] = WeakSet()
        self._meant: WeakKeyDictionary[events.Key, DOMNode] = WeakKeyDictionary()

    async def on_event(self, event: events.Event) -> None:
        """Handle an event; a key only when what the key before has begun is on the screen."""
        if isinstance(event, events.Key):
            await asyncio.sleep(0)  # an action that was begun opens its screen
            if not event.is_forwarded:
                await self._arrival(self.screen)
                self._meant[event] = self._target
            elif self._meant.pop(event, self._target) is not self._target:
                self.post_message(events.Key(event.key, event.character))
                return
        await super().on_event(event)

    @property
    def _target(self) -> DOMNode:
        return self.focused or self.screen

    async def _arrival(self, screen: Screen[Any]) -> None:
        if screen in self._arrived:
            return
        self._arrived.add(screen)
        for _ in range(_TICKS):
            if screen.focused or screen is not self.screen:
                return
            await asyncio.sleep(_TICK)
