"""Input typed ahead: over a slow network several keys arrive at once, before the screen that the first one opens."""

import asyncio
import re
from collections import deque
from contextlib import suppress
from time import monotonic
from weakref import WeakKeyDictionary

from textual import events, on
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from wbtui.domain.content_format import why_hidden
from wbtui.terminal.keyboard import BurstKey, PasteUnfinished
from wbtui.terminal.textual_internals import OpenApp

_PATIENCE = 0.5
"""The most seconds that a key is held for an earlier one."""
_MOST_WAITS = 20
"""How often to wait once more for a widget that is busy."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x9f]")
"""Control characters, other than those that end lines or are white space."""


class TakesPastes(Widget):
    """A widget in which a Tab or an Enter that arrives together with text is part of a paste."""


class TypedAheadApp(OpenApp):
    """Holds keys until the screen that an earlier key opens is there, and sends them to it.

    Textual sends a key to the focused widget as it arrives. A key that no widget takes as text comes back to the
    application, which then runs its action. The keys after it are held until it is back, or has been taken.
    """

    def __init__(self) -> None:
        super().__init__()
        self.typed_at = 0.0
        """When the last key or paste came, by the monotonic clock."""
        self._out: WeakKeyDictionary[events.Key, Widget] = WeakKeyDictionary()
        self._held: deque[events.Key | events.Paste] = deque()
        self._patience: Timer | None = None
        self._handled: list[asyncio.Event] | None = None
        self._waits = 0

    async def on_event(self, event: events.Event) -> None:
        """Handle an event; a key or a paste once the keys before it are done."""
        if not isinstance(event, events.Key | events.Paste):
            await super().on_event(event)
            return
        self.typed_at = monotonic()
        if not self.screen_stack:  # the application is ending
            return
        if isinstance(event, events.Key) and event.is_forwarded:
            await self._returned(event)
        elif self._held or self._out:
            self._hold(event)
        else:
            await self._send(event)

    @on(PasteUnfinished)
    def _say_paste_is_unfinished(self, message: PasteUnfinished) -> None:
        words = (
            "The paste was dropped: only a part of it had arrived. Paste it again."
            if message.dropped
            else "A paste has begun, and its end has not arrived: keys wait for it. Escape drops the paste."
        )
        self.notify(words, severity="warning", timeout=10)

    @property
    def _target(self) -> Widget:
        return self.focused or self.screen

    async def _send(self, event: events.Key | events.Paste) -> None:
        if not self.screen_stack:  # the application is ending
            return
        if isinstance(event, events.Key):
            await self._send_key(event)
        elif isinstance(self.focused, TakesPastes):
            await super().on_event(event)
        elif not isinstance(self.focused, Input):
            self.notify("A paste has no effect here.")
        elif reason := why_hidden(event.text):
            self.notify(reason, severity="warning")
        else:  # it will be seen, and must not command the terminal
            await super().on_event(events.Paste(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", event.text)))

    async def _send_key(self, key: events.Key) -> None:
        if isinstance(key, BurstKey) and isinstance(self.focused, TakesPastes):
            await super().on_event(events.Paste("\t" if key.key == "tab" else "\r"))
            return
        if not self._target.check_consume_key(key.key, key.character):
            self._out[key] = self._target
        await super().on_event(key)
        if not key.is_forwarded:  # a binding has run
            self._out.pop(key, None)

    async def _returned(self, key: events.Key) -> None:
        target = self._out.pop(key, None)
        if target in {None, self._target}:
            await super().on_event(key)
            await self._effects_of(target or self._target)
        else:  # another screen was opened after it was sent
            await self._send(_as_pressed(key))
        await self._release()

    async def _effects_of(self, target: Widget) -> None:
        """Wait until an action of `target` has opened its screen: it may have sent messages to do so."""
        await asyncio.sleep(0)
        if self._held:
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE):
                    for node in target.ancestors_with_self:
                        if isinstance(node, Widget):
                            await caught_up(node)
                    await caught_up(self._target)

    def _hold(self, event: events.Key | events.Paste) -> None:
        self._held.append(event)
        self._patience = self._patience or self.set_timer(_PATIENCE, self._give_up)

    async def _give_up(self) -> None:
        """Release what is held, but not while a widget is busy: the key before it may still come back."""
        self._patience = None
        if self._handled is None:
            self._handled = [_when_handled(widget) for widget in self._out.values()]
        elif self._waits >= _MOST_WAITS or all(handled.is_set() for handled in self._handled):
            self._out.clear()
            await self._release()
            return
        self._waits += 1
        self._patience = self.set_timer(_PATIENCE, self._give_up)

    async def _release(self) -> None:
        self._handled, self._waits = None, 0
        if self._patience:
            self._patience.stop()
            self._patience = None
        while self._held and not self._out:
            await self._send(self._held.popleft())
        if self._held:
            self._patience = self.set_timer(_PATIENCE, self._give_up)


def _as_pressed(key: events.Key) -> events.Key:
    """Return a key to send again. It keeps its time: a dialog takes no answer that was typed before it was there."""
    again = type(key)(key.key, key.character)
    again.time = key.time
    return again


def _when_handled(widget: Widget) -> asyncio.Event:
    """Return what is set when a widget has handled all messages that it has now."""
    handled = asyncio.Event()
    if not widget.call_later(handled.set):
        handled.set()
    return handled


async def caught_up(widget: Widget) -> None:
    """Wait until a widget has handled all messages that it has, and those that it sent itself because of them."""
    for _ in range(2):
        await _when_handled(widget).wait()
