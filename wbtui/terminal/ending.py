"""End the process on time, even where it waits for something."""

import _thread
import asyncio
import os
import signal
from time import sleep

from wbtui.terminal.driver import TerminalDriver
from wbtui.terminal.leaving import GRACE, leave, must_wait
from wbtui.terminal.textual_internals import OpenApp

_ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
_SIGNALS_AT_ONCE = 1024
_PARTING_SECONDS = 8.0
"""How long the program may take to end on a signal where nothing has to be finished."""
_LINGERING_SECONDS = 5.0
"""How long threads may go on once the session has ended: one may be waiting for a name server, or for a file."""


def end_on_signals(app: OpenApp) -> list[int]:
    """End `app` on a signal, and return the list of the signals received.

    The event loop cannot handle them: it may be waiting for a terminal that accepts no output.
    """
    received: list[int] = []
    loop = asyncio.get_running_loop()

    def end(number: int, _: object) -> None:
        # A shell that ends a stopped program also continues it: that must not take control of the terminal again.
        signal.signal(signal.SIGCONT, lambda *_: None)
        if not received:
            seconds = _PARTING_SECONDS + (GRACE if must_wait(app) else 0)
            _end_within(seconds, app, 128 + number)
        received.append(number)
        if isinstance(app.driver, TerminalDriver):
            app.driver.hurry()
        if not loop.is_closed():
            loop.call_soon_threadsafe(leave, app)

    _wake_on_signals(loop)
    for number in _ENDING:
        signal.signal(number, end)
    return received


def _wake_on_signals(loop: asyncio.AbstractEventLoop) -> None:
    """Wake the loop on each signal: the kernel may deliver it to another thread, but handlers run in this one."""
    heard, told = os.pipe()
    os.set_blocking(heard, False)
    os.set_blocking(told, False)
    loop.add_reader(heard, os.read, heard, _SIGNALS_AT_ONCE)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)


def end_soon(app: OpenApp, status: int) -> None:
    """End the process within some seconds: the session has ended, but a thread may not."""
    _end_within(_LINGERING_SECONDS, app, status)


def _end_within(seconds: float, app: OpenApp, status: int) -> None:
    # Without the locks of the threading module: a signal may have come while one of them was held.
    _thread.start_new_thread(_end_after, (seconds, app, status))


def _end_after(seconds: float, app: OpenApp, status: int) -> None:
    sleep(seconds)
    if isinstance(app.driver, TerminalDriver):
        app.driver.give_back()
    os._exit(status)
