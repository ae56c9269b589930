import sys
from collections.abc import Sequence
from pathlib import Path

from wbtui.arguments import WRONG_USE, Parser, number
from wbtui.startup.dump import forbid_core_dumps
from wbtui.startup.streams import say

_MOST_SECRETS = 1_000_000


def parser() -> Parser:
    """Return the parser of what follows the command."""
    parser = Parser.of("wbtui serve-demo", "Serve the demo cluster alone, for kubectl and for other sessions.")
    add = parser.add_argument
    add("--port", type=number(65_535), default=0, metavar="N", help="the port on 127.0.0.1; any free one by default")
    add("--kubeconfig", type=Path, metavar="FILE", help="where to write it")
    add("--secrets", type=number(_MOST_SECRETS), default=0, metavar="N", help="add N secrets to the first project")
    return parser


def run(arguments: Sequence[str]) -> int:
    """Serve the embedded cluster until interrupted, and return the exit code."""
    options = parser().parse(arguments)
    from wbtui.demo.serve import CannotServe, serve  # noqa: PLC0415  a mistake is told without waiting for it

    forbid_core_dumps()
    if not sys.stdout:
        say("wbtui serve-demo needs an output: there it says how to reach the cluster.")
        return WRONG_USE
    try:
        return serve(options.port, options.kubeconfig, options.secrets)
    except CannotServe as error:
        say(str(error))
        return error.status
