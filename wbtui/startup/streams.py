"""The standard streams: whether they lead to a terminal that wbtui can use, and sentences to them."""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TextIO

_STDOUT = 1
DUMB = frozenset({"", "dumb", "unknown"})
"""Values of TERM that say that a terminal can show nothing but lines."""


def unusable(environ: Mapping[str, str]) -> str:
    """Return why wbtui cannot run in this terminal, as a sentence; empty where it can."""
    if not _leads_to_a_terminal(sys.stdin):
        return "wbtui needs a terminal for its input."
    if not any(map(_leads_to_a_terminal, (sys.stdout, sys.stderr))):
        return "wbtui needs a terminal for its output."
    if environ.get("TERM", "") in DUMB:
        kind = environ.get("TERM") or "not set"
        return f"This terminal cannot show wbtui: TERM is {kind}. Set TERM to what it is, such as xterm-256color."
    return ""


def _leads_to_a_terminal(stream: TextIO | None) -> bool:
    return bool(stream and not stream.closed and stream.isatty())


def say(sentence: str) -> None:
    """Write a sentence to the first stream that is not closed, stderr before stdout; nowhere where both have gone."""
    for stream in filter(None, (sys.stderr, sys.stdout)):
        with suppress(OSError):
            stream.write(f"{sentence}\n")
            return


def as_encodable(text: str) -> str:
    """Return a text for stdout, with escapes in place of what its encoding does not have."""
    if text.isascii():
        return text
    encoding = sys.stdout.encoding or "ascii"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def write_output(text: str) -> bool:
    """Write to stdout, and tell whether nothing is wrong with that; where something is, say so."""
    try:
        sys.stdout.write(as_encodable(text))
        sys.stdout.flush()
    except BrokenPipeError:  # as of `| head`: the reader has what it wants
        os.dup2(os.open(os.devnull, os.O_WRONLY), _STDOUT)  # what is left in the buffer goes nowhere
    except OSError as error:
        say(f"The output cannot be written: {error.strerror}.")
        return False
    return True
