"""Driving the application with keys, and reading what it shows."""

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from time import monotonic

from textual import events
from textual.keys import REPLACED_KEYS, key_to_character
from textual.pilot import Pilot

from tests.conftest import NOW
from tests.drawing import lines_of
from tests.settling import settled
from wbtui.app import Workbench
from wbtui.domain.clock import Clock
from wbtui.domain.projects import StartLocation
from wbtui.repository import Clusters
from wbtui.screens.attention import QUIET, Attention
from wbtui.storage.session_state import SessionState
from wbtui.widgets.secret_table import SecretTable

PATIENCE = 30.0
"""Seconds until something that should show up counts as missing."""
_CONTROLS = {"\t": "tab", "\n": "enter"}
"""The keys that type control characters."""


def _key(key: str) -> events.Key:
    """Return the event of a key by its name, or of the character that it types."""
    if len(key) == 1:
        name = key if key.isalnum() else unicodedata.name(key).lower().replace("-", "_").replace(" ", "_")
        named = {long: short for short, long in REPLACED_KEYS.items()}
        return events.Key(named.get(name, name), key)
    return events.Key(key, key_to_character(REPLACED_KEYS.get(key, key)))


_DIALOG_ON_DIALOG = 5
"""The parts of a line that crosses the borders of two dialogs."""


class Session:
    """One person at the running application."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot = pilot

    @property
    def app(self) -> Workbench:
        """Return the application."""
        assert isinstance(self.pilot.app, Workbench)
        return self.pilot.app

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each once the one before has been handled.

        A question is read before: the key that answers it says that it was pressed so much later.
        """
        for key in keys:
            event = _key(key)
            if isinstance(attention := getattr(self.app.screen, "attention", None), Attention):
                await self.until(partial(getattr, attention, "begun"))
                event.time = monotonic() + QUIET
            self.app.post_message(event)
            await self.settle()

    async def settle(self) -> None:
        """Wait until what has been sent to the screen and its widgets is handled, and lay it out.

        The pilot's own pauses wait until the whole process is idle, the cluster's thread included.
        """
        await settled(self.app)

    async def type(self, text: str) -> None:
        """Type text at once, as a terminal on a slow network sends it."""
        await self.settle()
        for character in text:
            self.app.post_message(_key(_CONTROLS.get(character, character)))
        await self.settle()

    def lines(self) -> list[str]:
        """Return the lines of the screen as a person reads them."""
        return lines_of(self.app.screen)

    def text(self) -> str:
        """Return all that is on the screen."""
        return "\n".join(self.lines())

    def line(self, part: str) -> str:
        """Return the first line that has `part` in it."""
        return next(line for line in self.lines() if part in line)

    def names(self) -> list[str]:
        """Return the names in the table, from top to bottom."""
        table = self.app.screen_stack[0].query_one(SecretTable)
        top = table.region.y + 1
        return [line[2:].split()[0] for line in self.lines()[top : table.region.bottom] if line[2:].strip()]

    def current(self) -> str:
        """Return the name of the secret under the cursor."""
        return next(line for line in self.lines() if line.startswith(">"))[2:].split()[0]

    async def until(self, shown: Callable[[], bool], never: Callable[[], str] = lambda: "still not the case") -> None:
        """Wait until something is the case; fail with what `never` says, and what is there, where it never is."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not shown():
                    await self.settle()
        except TimeoutError:
            raise AssertionError(f"{never()}\n{self.text()}") from None

    async def sees(self, *parts: str) -> None:
        """Wait until all of `parts` are on the screen; say what is there where they never are."""
        await self._finds(parts, self.text)

    def said(self) -> str:
        """Return what is on the screen, or in the dialog on it, as one line."""
        parts = [line.split("│") for line in self.lines() if line.count("│") > 1]
        inner = [line[2 if len(line) == _DIALOG_ON_DIALOG else 1] for line in parts]
        return " ".join(" ".join([*inner, *self.lines()]).split())

    async def reads(self, *parts: str) -> None:
        """Wait until all of `parts` are on the screen, wherever their lines end."""
        await self._finds(parts, self.said)

    async def _finds(self, parts: tuple[str, ...], read: Callable[[], str]) -> None:
        missing = list(parts)

        def found_all() -> bool:
            text = read()
            missing[:] = [part for part in parts if part not in text]
            return not missing

        await self.until(found_all, lambda: f"not on the screen: {missing}")

    async def loses(self, *parts: str) -> None:
        """Wait until none of `parts` is on the screen."""
        await self.until(lambda: not any(map(self.text().__contains__, parts)), lambda: f"still on the screen: {parts}")

    async def goes_to(self, name: str) -> None:
        """Put the cursor on a secret, as its filter does, and clear that."""
        await self.press("slash")
        await self.type(f"/^{name}$/")
        await self.press("enter")
        await self.until(lambda: self.names() == [name])
        await self.press("g", "escape")


@asynccontextmanager
async def session(
    clusters: Clusters,
    *,
    start: StartLocation | None = None,
    state: SessionState | None = None,
    size: tuple[int, int] = (120, 36),
    now: Clock = lambda: NOW,
) -> AsyncIterator[Session]:
    """Run the application on `clusters` until the test is done with it."""
    app = Workbench(clusters, start=start, state=state, now=now)
    async with app.run_test(size=size, notifications=True) as pilot:
        yield Session(pilot)
