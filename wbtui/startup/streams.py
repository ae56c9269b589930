"""The standard streams: whether they lead to a terminal that wbtui can use, and sentences to them."""

import sys
from collections.abc import Mapping
from typing import TextIO

_DUMB = frozenset({"", "dumb", "unknown"})


def unusable(environ: Mapping[str, str]) -> str:
    """Return why wbtui cannot run in this terminal, as a sentence; empty where it can."""
    if not _leads_to_a_terminal(sys.stdin):
        return "wbtui needs a terminal for its input."
    if not any(map(_leads_to_a_terminal, (sys.stdout, sys.stderr))):
        return "wbtui needs a terminal for its output."
    if environ.get("TERM", "") in _DUMB:
        kind = environ.get("TERM") or "not set"
        return f"This terminal cannot show wbtui: TERM is {kind}. Set TERM to what it is, such as xterm-256color."
    return ""


def _leads_to_a_terminal(stream: TextIO | None) -> bool:
    return bool(stream and not stream.closed and stream.isatty())


def say(sentence: str) -> None:
    """Write a sentence to the first stream that is not closed, stderr before stdout."""
    for stream in filter(None, (sys.stderr, sys.stdout)):
        stream.write(f"{sentence}\n")
        return
