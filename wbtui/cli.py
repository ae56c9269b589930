"""Run a command of the command line, or wbtui in a terminal, and return the exit code."""

import asyncio
import os
import sys
from argparse import Namespace

from wbtui.arguments import WRONG_USE, parse, settings_in
from wbtui.command_table import COMMANDS, run_command
from wbtui.commands.log_flags import start_log
from wbtui.startup import collector, replaced
from wbtui.startup.dump import forbid_core_files
from wbtui.startup.streams import say, unusable

_FAILED = 1
"""The exit code of a session in which no cluster ever answered."""
_LEAKS = ("TEXTUAL", "TEXTUAL_LOG", "TEXTUAL_DEBUG", "TEXTUAL_DEVTOOLS_HOST", "TEXTUAL_DEVTOOLS_PORT")
"""Variables that make Textual write what is typed and pasted to a file or to another program."""


def main(arguments: list[str] | None = None) -> int:
    """Run wbtui, and return its exit code."""
    forbid_core_files()
    given = _without_words(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] in COMMANDS:
        return run_command(given[0], given[1:])
    options = parse(given)
    if reason := unusable(os.environ):
        say(reason)
        return WRONG_USE
    for name in _LEAKS:
        os.environ.pop(name, None)
    log_file = start_log(options, to_stderr=False)
    collector.pause()  # the application resumes it after its first frame
    status = asyncio.run(_run(options))
    if log_file:
        say(f"The log is {log_file}.")
    return status


def _without_words(given: list[str]) -> list[str]:
    """Return arguments with flags in place of the commands that other programs have for them."""
    match given:
        case ["help", *command]:
            return [*command, "--help"]
        case ["version"]:
            return ["--version"]
    return given


async def _run(options: Namespace) -> int:
    from wbtui.assembly import Assembly  # noqa: PLC0415  Textual reads its variables as it is imported
    from wbtui.domain.projects import StartLocation  # noqa: PLC0415
    from wbtui.terminal.ending import end_on_signals, end_soon  # noqa: PLC0415
    from wbtui.terminal.textual_internals import make_no_tracebacks  # noqa: PLC0415

    flags = settings_in(options)
    start = StartLocation(flags.get("context"), all_projects=options.all_namespaces, demo=options.demo)
    app = Assembly(flags, start).app
    ended = end_on_signals(app)
    replaced.watch()
    make_no_tracebacks()
    await app.run_async(mouse=options.mouse)
    status = 128 + ended[0] if ended else app.return_code or (0 if app.worked else _FAILED)
    end_soon(app, status)
    return status
