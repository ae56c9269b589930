"""The terminal: what it is, its size and colors, and how wbtui copies."""

import os
import sys

from wbtui.commands.doctor.report import DoctorReport
from wbtui.startup.streams import DUMB
from wbtui.terminal.clipboard import copies_through

_LEAST = (60, 20)
"""Columns and lines in which everything can be reached."""


def describe_terminal(report: DoctorReport) -> None:
    """Add the facts of the terminal; what wbtui cannot use of it is a finding."""
    facts, environ = report.section("terminal"), os.environ
    streams = {"stdin": sys.__stdin__, "stdout": sys.__stdout__, "stderr": sys.__stderr__}
    ours = [name for name, stream in streams.items() if stream and not stream.closed and stream.isatty()]
    facts["streams"] = f"{', '.join(ours)} lead to a terminal" if ours else "none leads to a terminal"
    for name in ("TERM", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "NO_COLOR", "COLORFGBG"):
        if name in environ:
            facts[name] = environ[name]
    facts["multiplexer"] = _multiplexer()
    facts["over SSH"] = "yes" if {"SSH_CONNECTION", "SSH_TTY"} & environ.keys() else "no"
    facts["colors"] = _colors()
    facts["clipboard"] = copies_through(environ)
    if not ours:
        return
    size = next((os.get_terminal_size(stream.fileno()) for name, stream in streams.items() if stream and name in ours))
    facts["size"] = f"{size.columns}x{size.lines}"
    if environ.get("TERM", "") in DUMB:
        report.find(
            f"TERM is {environ.get('TERM') or 'not set'}, so wbtui cannot be shown",
            "Set TERM to what the terminal is, such as xterm-256color",
        )
    if size.columns < _LEAST[0] or size.lines < _LEAST[1]:
        report.find(
            f"the terminal has {size.columns} columns and {size.lines} lines",
            f"Make it at least {_LEAST[0]} columns wide and {_LEAST[1]} lines high",
        )


def _multiplexer() -> str:
    if "TMUX" in os.environ:
        return "tmux"
    return "GNU screen" if "STY" in os.environ else "none"


def _colors() -> str:
    if os.environ.get("NO_COLOR"):
        return "none: NO_COLOR is set"
    from rich.console import Console  # noqa: PLC0415  only here

    system = Console(force_terminal=True).color_system
    return {"truecolor": "16 million", "256": "256", "standard": "16"}.get(system or "", "none")
