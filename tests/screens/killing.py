"""Killing wbtui, a process of its own on a terminal, while it waits for the answer to a write."""

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path

from tests.proxy import Exchange, Proxy, forward, hang, keep_answer
from tests.pseudo_terminal import TAB, Terminal, wbtui
from tests.screens.driving import PATIENCE

SAVE, BACK_TAB = "\x13", "\x1b[Z"


class Held:
    """Passes on all requests up to one write, counted from 1, which is not answered.

    With `done`, that write is passed on to the cluster. Nothing that comes later is.
    """

    def __init__(self, number: int, *, done: bool) -> None:
        self.reached = asyncio.Event()
        self._left = number
        self._done = done

    async def __call__(self, exchange: Exchange) -> None:
        request = exchange.request
        asks = request.path.rpartition("/")[2].startswith("self")  # who one is, and what one may
        if request.method in {"GET", "HEAD"} or "dryRun" in request.query or asks:
            await forward(exchange)
            return
        self._left -= 1
        if self._left > 0:
            await forward(exchange)
            return
        if self._left == 0 and self._done:
            await keep_answer(exchange)
        self.reached.set()
        await hang(exchange)


async def kill_at(
    held: Held, proxy: Proxy, environment: dict[str, str], kubeconfig: Path, keys: Callable[[Terminal], None]
) -> None:
    """Run wbtui behind a proxy, press keys, and kill it with SIGKILL once a write is held."""

    def drive(terminal: Terminal) -> int:
        keys(terminal)
        return terminal.ends()

    proxy.default = held
    with wbtui(environment, "-m", "wbtui", "--kubeconfig", str(kubeconfig)) as terminal:
        driving = asyncio.create_task(asyncio.to_thread(drive, terminal))
        reaching = asyncio.create_task(held.reached.wait())
        await asyncio.wait((driving, reaching), timeout=4 * PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        terminal.process.kill()
        reaching.cancel()
        assert await driving == -signal.SIGKILL
        assert held.reached.is_set()


def open_values(terminal: Terminal, name: str) -> None:
    """Go to a secret of the demo, and open the form for its rotation."""
    terminal.sees("27 secrets", "live")
    terminal.press(f"/{name}")
    terminal.sees("1 of 27")
    terminal.press("\r")
    terminal.sees("enter Details")
    terminal.press("o")
    terminal.sees(f"New values for {name}")


def choose_new_name(terminal: Terminal) -> None:
    """Choose a new name in that form, and go back to the value."""
    for _ in range(4):
        terminal.press(BACK_TAB)
    terminal.press("2")
    terminal.sees("New name")
    for _ in range(5):
        terminal.press(TAB)


def enter_value(terminal: Terminal, value: str) -> None:
    """Enter a value, and have it shown what will happen."""
    terminal.press(value)
    terminal.sees(f"{len(value)} bytes")
    terminal.press(SAVE)
