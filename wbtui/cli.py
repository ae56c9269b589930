"""Running wbtui in a terminal or as the demo's server, until it ends; the exit code."""

import asyncio
import os
import signal
import sys
from argparse import Namespace
from threading import Timer
from typing import TYPE_CHECKING

from wbtui.arguments import WRONG_USE, parse
from wbtui.startup import collector
from wbtui.startup.dump import forbid_core_dumps, forbid_core_files
from wbtui.startup.streams import unusable
from wbtui.terminal.leaving import GRACE, leave, must_wait

if TYPE_CHECKING:
    from wbtui.app import Workbench

_FLAGS = ("kubeconfig", "context", "namespace", "impersonate", "request_timeout", "read_only")
_PARTING_SECONDS = 3.0
"""How long a session may take to end after its line was dropped, when nothing is half done."""
_FAILED = 1
"""The exit code of a session in which no cluster has answered."""
_LEAKS = ("TEXTUAL", "TEXTUAL_LOG", "TEXTUAL_DEBUG", "TEXTUAL_DEVTOOLS_HOST", "TEXTUAL_DEVTOOLS_PORT")
"""Variables that make Textual write what is typed and pasted to a file or to another program."""


def main(arguments: list[str] | None = None) -> int:
    """Run wbtui, and return its exit status."""
    forbid_core_files()
    options = parse(sys.argv[1:] if arguments is None else arguments)
    if options.serve_demo:
        from wbtui.demo.serve import CannotServe, serve  # noqa: PLC0415  its server is not needed otherwise

        forbid_core_dumps()
        if not sys.stdout:
            _say("wbtui serve-demo needs an output: there it says how to reach the cluster.")
            return WRONG_USE
        try:
            return serve(options.port, options.demo_kubeconfig, options.secrets)
        except CannotServe as error:
            _say(str(error))
            return error.status
    if reason := unusable(os.environ):
        _say(reason)
        return WRONG_USE
    for name in _LEAKS:
        os.environ.pop(name, None)
    collector.pause()  # the application resumes it after its first frame
    return asyncio.run(_run(options))


def _say(sentence: str) -> None:
    """Write a sentence to the first stream that is not closed."""
    for stream in filter(None, (sys.stderr, sys.stdout)):
        stream.write(f"{sentence}\n")
        return


async def _run(options: Namespace) -> int:
    from wbtui.assembly import Assembly  # noqa: PLC0415  Textual reads its variables as it is imported
    from wbtui.repository import Start  # noqa: PLC0415

    flags = {name: getattr(options, name) for name in _FLAGS if getattr(options, name)}
    start = Start(flags.get("context"), all_projects=options.all_namespaces, demo=options.demo)
    app = Assembly(flags, start).app
    ended = _end_on_signals(app)
    await app.run_async(mouse=options.mouse)
    if ended:
        return 128 + ended[0]
    return app.return_code or (0 if app.worked else _FAILED)


def _end_on_signals(app: "Workbench") -> list[int]:
    ended: list[int] = []
    loop = asyncio.get_running_loop()

    def end(number: int) -> None:
        ended.append(number)
        leave(app)

    def hang_up(number: int, _: object) -> None:
        # With the line the terminal has gone. Textual would take it up again on the SIGCONT that follows, and wait for
        # ever for a thread that died writing to it: so that is ignored, and waiting ends in any case.
        signal.signal(signal.SIGCONT, lambda *_: None)
        seconds = _PARTING_SECONDS + (GRACE if must_wait(app) else 0)
        last = Timer(seconds, os._exit, (128 + number,))
        last.daemon = True
        last.start()
        loop.call_soon_threadsafe(end, number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end, number)
    signal.signal(signal.SIGHUP, hang_up)
    return ended
