"""A terminal that only counts: it times what the application writes, and throws it away."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from time import perf_counter
from typing import Any, ClassVar

from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Event, Key
from textual.geometry import Size

from wbtui.terminal.diff import DiffDriver

_SIZE = Size(120, 36)
_QUIET = 0.02
"""Seconds without a frame, twice in a row, after which nothing more is to come."""
_LONGEST = 60.0
"""Seconds after which there will be no frame."""
_NAMES = {
    " ": "space",
    "!": "exclamation_mark",
    "-": "minus",
    "/": "slash",
    ":": "colon",
    "\b": "backspace",
    "\r": "enter",
    "\x15": "ctrl+u",
}
"""Textual's names of the characters that are not their own."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """What the application did about something.

    `first` and `last` are the milliseconds until the first and the last frame had been written, `written` the bytes of
    all frames.
    """

    first: float
    last: float
    written: int


def key(text: str) -> Key:
    """Return the event of a key, by the character that it types or by its name."""
    return Key(_NAMES.get(text, text), text if len(text) == 1 and text.isprintable() else None)


class Line(HeadlessDriver):
    """The line to a terminal, which counts what goes over it."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._drawn = asyncio.Event()
        self._frames: list[float] = []
        self._written = 0

    @property
    def is_headless(self) -> bool:
        """Deny it, as Textual draws nothing otherwise."""
        return False

    def write(self, data: str) -> None:
        """Note how much was written."""
        self._written += len(data.encode())

    def flush(self) -> None:
        """Note when a frame was complete: Textual flushes behind each."""
        self._frames.append(perf_counter())
        self._drawn.set()


class Terminal(DiffDriver, Line):
    """A driver for which frames are turned into ANSI, as for a real terminal, and sent as there."""

    current: ClassVar["Terminal"]

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        Terminal.current = self

    def press(self, name: str) -> None:
        """Deliver a key."""
        self.process_message(key(name))

    async def send(self, event: Event | str) -> Reaction:
        """Deliver an event, or a key by its name, as from a person's hand; return what came of it."""
        message = key(event) if isinstance(event, str) else event
        return await self.react(lambda: self.process_message(message))

    async def send_until(self, name: str, done: Callable[[], bool]) -> float:
        """Deliver a key while other things are drawn; return the milliseconds until it is `done` and drawn."""
        began = perf_counter()
        self.press(name)
        async with asyncio.timeout(_LONGEST):
            while True:
                self._drawn.clear()
                await self._drawn.wait()
                if done():
                    return (self._frames[-1] - began) * 1000

    async def react(self, cause: Callable[[], object]) -> Reaction:
        """Let something happen while all is quiet; return what came of it when all is quiet again."""
        self._drawn.clear()
        self._frames.clear()
        written, began = self._written, perf_counter()
        cause()
        async with asyncio.timeout(_LONGEST):
            await self._drawn.wait()
        await self.quiet()
        first, last = ((moment - began) * 1000 for moment in (self._frames[0], self._frames[-1]))
        return Reaction(first, last, self._written - written)

    async def quiet(self) -> None:
        """Wait until nothing is drawn any more."""
        turns = 0
        # Twice: a turn also ends where the application was busy all the time, and is about to draw.
        while turns < 2:
            self._drawn.clear()
            try:
                async with asyncio.timeout(_QUIET):
                    await self._drawn.wait()
                turns = 0
            except TimeoutError:
                turns += 1


async def drive(app: App[None], scenario: Callable[[], Coroutine[None, None, None]]) -> None:
    """Run an application on a terminal of ours, until `scenario` is over."""
    over: list[bool] = []

    async def run(_: object) -> None:
        await scenario()
        over.append(True)
        app.exit()

    app.driver_class = Terminal
    await app.run_async(size=_SIZE, auto_pilot=run)
    if not over:
        raise RuntimeError("the application ended before everything was measured")
