"""Run wbtui, in a terminal or as the server of the demo, and return its exit code."""

import asyncio
import os
import sys
from argparse import Namespace

from wbtui.arguments import WRONG_USE, parse
from wbtui.startup import collector
from wbtui.startup.dump import forbid_core_dumps, forbid_core_files
from wbtui.startup.streams import unusable

_FLAGS = ("kubeconfig", "context", "namespace", "impersonate", "request_timeout", "read_only")
_FAILED = 1
"""The exit code of a session in which no cluster ever answered."""
_LEAKS = ("TEXTUAL", "TEXTUAL_LOG", "TEXTUAL_DEBUG", "TEXTUAL_DEVTOOLS_HOST", "TEXTUAL_DEVTOOLS_PORT")
"""Variables that make Textual write what is typed and pasted to a file or to another program."""


def main(arguments: list[str] | None = None) -> int:
    """Run wbtui, and return its exit code."""
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
    from wbtui.domain.projects import StartLocation  # noqa: PLC0415
    from wbtui.terminal.ending import end_on_signals, end_soon  # noqa: PLC0415

    flags = {name: getattr(options, name) for name in _FLAGS if getattr(options, name)}
    start = StartLocation(flags.get("context"), all_projects=options.all_namespaces, demo=options.demo)
    app = Assembly(flags, start).app
    ended = end_on_signals(app)
    await app.run_async(mouse=options.mouse)
    status = 128 + ended[0] if ended else app.return_code or (0 if app.worked else _FAILED)
    end_soon(app, status)
    return status
