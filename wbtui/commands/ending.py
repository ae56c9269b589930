"""How the commands of the command line end: their exit codes, and sentences about errors on stderr."""

import asyncio
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from wbtui.commands.advice import advice_of
from wbtui.commands.exit_codes import DONE, FAILED, LOGIN_NEEDED, SIGNALLED
from wbtui.commands.log_flags import start_log
from wbtui.domain.text import plain, sentence
from wbtui.errors import ClusterError, CredentialsError, Unauthorized
from wbtui.startup.dump import forbid_core_dumps
from wbtui.startup.streams import as_encodable, say

_STDOUT = 1
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""What ends a command; ctrl+\\, too, so that a question gives the terminal back as it was."""
T = TypeVar("T")


class NoAnswer(Exception):
    """The terminal has gone away, or its input was ended, before there was an answer."""


class Closed(Exception):
    """The reader of the output has closed it, as `head` does: nothing more has to be done."""


class Signalled(Exception):
    """A signal ended the work; `code` is the exit code for that."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = SIGNALLED + number


def logged_exit_code(options: Namespace, work: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Run what a command does on a cluster, and return the exit code; requests are logged as the flags say."""
    forbid_core_dumps()
    start_log(options, to_stderr=True)
    return exit_code_of(work)


def exit_code_of(work: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Run what a command does on a cluster, and return the exit code. An error is a sentence on stderr."""
    try:
        return run_interruptible(work)
    except Signalled as signalled:
        return signalled.code
    except Closed:
        return DONE
    except NoAnswer:
        say("There was no answer: nothing was changed.")
        return FAILED
    except ClusterError as error:
        say_error(error)
        return code_of(error)
    except OSError as error:
        say(f"The output cannot be written: {error.strerror}.")
        return FAILED


def run_interruptible(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run work to its end, and return what it returns. Raises `Signalled` where a signal ends it.

    A signal that is ignored from the start is left ignored, as nohup wants it.
    """
    received: list[int] = []

    async def interruptible() -> T:
        for number in _SIGNALS:
            if (task := asyncio.current_task()) and signal.getsignal(number) is not signal.SIG_IGN:
                asyncio.get_running_loop().add_signal_handler(number, _end, task, received, number)
        return await work()

    try:
        return asyncio.run(interruptible())
    except asyncio.CancelledError as cancelled:
        if not received:
            raise
        raise Signalled(received[0]) from cancelled


def _end(task: "asyncio.Task[Any]", received: list[int], number: int) -> None:
    received.append(number)
    task.cancel()  # a credential plugin ends with it


def code_of(error: ClusterError) -> int:
    """Return the exit code for an error."""
    return LOGIN_NEEDED if isinstance(error, CredentialsError | Unauthorized) else FAILED


def say_error(error: ClusterError) -> None:
    """Write what happened and what to do about it to stderr."""
    say(f"{sentence(plain(error.message))} {plain(advice_of(error))}".rstrip())


def write(text: str) -> None:
    """Write data to stdout. Raises `Closed`, and `OSError` where it cannot be written."""
    if not sys.stdout:
        raise Closed
    try:
        sys.stdout.write(as_encodable(text))
        sys.stdout.flush()
    except BrokenPipeError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), _STDOUT)  # what is left in the buffer goes nowhere
        raise Closed from error


def tell(text: str) -> None:
    """Write data to stdout; what is under way goes on where its reader has gone."""
    with suppress(Closed):
        write(text)
