"""How the commands of the command line end: their exit codes, and sentences about errors on stderr."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from wbtui.commands.exit_codes import DONE, FAILED, INTERRUPTED, LOGIN_NEEDED
from wbtui.domain.text import plain
from wbtui.errors import ClusterError, CredentialsError, Unauthorized
from wbtui.startup.streams import say

_STDOUT = 1


class NoAnswer(Exception):
    """The terminal has gone away, or its input was ended, before there was an answer."""


class Closed(Exception):
    """The reader of the output has closed it, as `head` does: nothing more has to be done."""


def ended(work: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Run what a command does on a cluster, and return the exit code. An error is a sentence on stderr."""
    try:
        return asyncio.run(_interruptible(work))
    except asyncio.CancelledError:
        return INTERRUPTED
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


def code_of(error: ClusterError) -> int:
    """Return the exit code for an error."""
    return LOGIN_NEEDED if isinstance(error, CredentialsError | Unauthorized) else FAILED


def say_error(error: ClusterError) -> None:
    """Write what happened and what to do about it to stderr; there are no keys to press."""
    advice = re.sub(r"(?i),? (?:then |and )?press \{retry\}[^.]*|Press \{retry\}[^.]*\.?", "", error.advice)
    advice = re.sub(r"(?: with)? \{go\.project\}", " with -n", advice).replace(":ctx or ", "")
    say(f"{_sentence(plain(error.message))} {plain(advice)}".rstrip())


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def write(text: str) -> None:
    """Write data to stdout. Raises `Closed`, and `OSError` where it cannot be written."""
    if not sys.stdout:
        raise Closed
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), _STDOUT)  # what is left in the buffer goes nowhere
        raise Closed from error
    except UnicodeEncodeError:
        write(text.encode("ascii", "backslashreplace").decode())


def tell(text: str) -> None:
    """Write data to stdout; what is under way goes on where its reader has gone."""
    with suppress(Closed):
        write(text)


async def _interruptible(work: Callable[[], Coroutine[Any, Any, int]]) -> int:
    task = asyncio.current_task()
    if task:  # a credential plugin ends with us
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    return await work()
