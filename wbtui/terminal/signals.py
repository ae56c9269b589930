"""Signals that end wbtui, whatever it is waiting for."""

import _thread
import asyncio
import os
import signal
from time import sleep

from wbtui.terminal.driver import TerminalDriver
from wbtui.terminal.leaving import GRACE, leave, must_wait
from wbtui.terminal.textual_internals import OpenApp

_ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
_PARTING_SECONDS = 8.0
"""How long the program may take to end when nothing is half done."""


def end_on_signals(app: OpenApp) -> list[int]:
    """Have the signals end `app`, and return the list of those that come.

    They are not left to the event loop, which may be waiting for a terminal that takes no output.
    """
    received: list[int] = []
    loop = asyncio.get_running_loop()

    def end(number: int, _: object) -> None:
        # A shell that ends a stopped program lets it go on, too: the terminal is not to be taken over for that.
        signal.signal(signal.SIGCONT, lambda *_: None)
        if not received:
            seconds = _PARTING_SECONDS + (GRACE if must_wait(app) else 0)
            # Without the locks of the threading module: the signal may have come while one of them was held.
            _thread.start_new_thread(_end_at_last, (app, seconds, 128 + number))
        received.append(number)
        if isinstance(app.driver, TerminalDriver):
            app.driver.hurry()
        if not loop.is_closed():
            loop.call_soon_threadsafe(leave, app)

    for number in _ENDING:
        signal.signal(number, end)
    return received


def _end_at_last(app: OpenApp, seconds: float, status: int) -> None:
    """End the process at once, after `seconds`; the terminal is given back first."""
    sleep(seconds)
    if isinstance(app.driver, TerminalDriver):
        app.driver.give_back()
    os._exit(status)
