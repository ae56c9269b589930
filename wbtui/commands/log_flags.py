"""The flags -v and --log-file, of sessions and of commands."""

import sys
from argparse import Namespace
from pathlib import Path

from wbtui import __version__
from wbtui.arguments import WRONG_USE
from wbtui.startup.streams import say

_STDERR = 2


def start_log(options: Namespace, *, to_stderr: bool) -> Path | None:
    """Start the log that the flags ask for, and return its file.

    -v alone logs to stderr with `to_stderr`, and else to a file in the state folder. Exits with a sentence where the
    file cannot be used.
    """
    if not (options.verbose or options.log_file):
        return None
    import platform  # noqa: PLC0415  most sessions keep no log

    from wbtui.storage.files import StorageError  # noqa: PLC0415
    from wbtui.storage.log_file import log_to, log_to_file  # noqa: PLC0415

    about = f"wbtui {__version__}, Python {platform.python_version()}, {sys.platform}"
    if to_stderr and not options.log_file:
        log_to(_STDERR, about)
        return None
    try:
        return log_to_file(options.log_file, about)
    except StorageError as error:
        say(f"wbtui: no log is written: {error}.")
        raise SystemExit(WRONG_USE) from error
