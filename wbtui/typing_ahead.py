"""Keys that come before what they are for is there: over a slow network several arrive at once."""

import asyncio

from textual import events
from textual.app import App
from textual.widgets import Input


class TypingAheadApp(App[None]):
    """Runs a key in the screen that the key before has opened, and gives a line what was typed to it too early."""

    async def on_event(self, event: events.Event) -> None:
        """Handle an event; a key that nobody took only when the action of the key before it has begun."""
        if isinstance(event, events.Key) and event.is_forwarded:
            await asyncio.sleep(0)
        await super().on_event(event)

    def on_key(self, event: events.Key) -> None:
        """Give a line that has the focus by now what was typed before it had."""
        if isinstance(self.focused, Input) and self.focused.check_consume_key(event.key, event.character):
            event.prevent_default()
            self.focused.post_message(events.Key(event.key, event.character))
