"""Keys that come before what they are for is there: over a slow network several arrive at once."""

import asyncio
from collections import deque
from weakref import WeakKeyDictionary

from textual import events
from textual.app import App
from textual.timer import Timer
from textual.widget import Widget

_PATIENCE = 0.5
"""Seconds that a key is held at most for one before it."""


class TypingAheadApp(App[None]):
    """Gives each key to whatever the keys before it have opened.

    Textual sends a key to what has the focus as it arrives. What nobody takes as text comes back, and only then is its
    action run: so until it is back, or has been taken all the same and is no more, the keys behind it are held.
    """

    def __init__(self) -> None:
        super().__init__()
        self._out: WeakKeyDictionary[events.Key, Widget] = WeakKeyDictionary()
        self._held: deque[events.Key] = deque()
        self._patience: Timer | None = None

    async def on_event(self, event: events.Event) -> None:
        """Handle an event, a key when its turn has come."""
        if not isinstance(event, events.Key):
            await super().on_event(event)
        elif event.is_forwarded:
            await self._take_back(event)
        elif self._held or self._out:
            self._hold(event)
        else:
            await self._send(event)

    @property
    def _target(self) -> Widget:
        return self.focused or self.screen

    async def _send(self, key: events.Key) -> None:
        if not self.screen_stack:  # the application is ending
            return
        if not self._target.check_consume_key(key.key, key.character):
            self._out[key] = self._target
        await super().on_event(key)
        if not key.is_forwarded:  # it is done with
            self._out.pop(key, None)

    async def _take_back(self, key: events.Key) -> None:
        meant = self._out.pop(key, None)
        if meant in {None, self._target}:
            await super().on_event(key)
            await asyncio.sleep(0)  # an action that was begun opens its screen
        else:  # the screen was not ready when the key was sent there
            await self._send(events.Key(key.key, key.character))
        await self._release()

    def _hold(self, key: events.Key) -> None:
        self._held.append(key)
        self._patience = self._patience or self.set_timer(_PATIENCE, self._give_up)

    async def _give_up(self) -> None:
        self._out.clear()
        await self._release()

    async def _release(self) -> None:
        if self._patience:
            self._patience.stop()
            self._patience = None
        while self._held and not self._out:
            await self._send(self._held.popleft())
        if self._held:
            self._patience = self.set_timer(_PATIENCE, self._give_up)
