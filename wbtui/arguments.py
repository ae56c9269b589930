"""Parse the command line."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from wbtui import __version__
from wbtui.domain.durations import seconds
from wbtui.domain.text import plain

SERVE_DEMO = "serve-demo"
WRONG_USE = 2
"""The exit code for wrong arguments."""
_MOST_SECRETS = 1_000_000


class _Parser(argparse.ArgumentParser):
    """A parser that reports a mistake in one sentence."""

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Return the options, or exit with a sentence about the first mistake."""
        options, unknown = self.parse_known_args(arguments)
        if unknown:
            flag = unknown[0].partition("=")[0]
            self.error(f'unknown flag "{plain(flag)}"{_hint(flag, self.format_help().replace(",", " ").split())}')
        if SERVE_DEMO in options.words:
            self.error(f"{SERVE_DEMO} has to come first")
        if options.words:
            word = options.words[0]
            self.error(f'unknown command "{plain(word)}"{_hint(word, [SERVE_DEMO])}')
        return options

    def error(self, message: str) -> NoReturn:
        """Print what is wrong, and exit."""
        problem = message.removeprefix("argument ")
        if "ignored explicit argument" in problem:  # argparse's words for --read-only=maybe
            problem = f"{problem.partition(':')[0]} takes no value"
        if "ignored explicit argument" in problem:  # argparse's words for --read-only=maybe
            problem = f"{problem.partition(':')[0]} takes no value"
        self.exit(WRONG_USE, f"{self.prog}: {problem}. See {self.prog} --help.\n")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options; `serve_demo` is True for `wbtui serve-demo`."""
    if list(arguments[:1]) == [SERVE_DEMO]:
        return _demo_parser().parse(arguments[1:])
    return _session_parser().parse(arguments)


def _parser(prog: str, description: str, epilog: str | None = None) -> _Parser:
    formatter = argparse.RawDescriptionHelpFormatter
    usage = f"{prog} [flags]"
    parser = _Parser(prog, usage, description, epilog, formatter_class=formatter, allow_abbrev=False)
    parser.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    return parser


def _session_parser() -> _Parser:
    parser = _parser(
        "wbtui",
        "The credentials of AMD AI Workbench projects, in the terminal. Values are never shown.",
        f"commands:\n  {SERVE_DEMO}            serve the demo cluster alone, for kubectl and other sessions",
    )
    parser.set_defaults(serve_demo=False)
    add = parser.add_argument
    add("--version", action="version", version=f"wbtui {__version__}")
    add("--demo", action="store_true", help="look around in a small cluster inside wbtui")
    add("--kubeconfig", metavar="FILE", help="the kubeconfig to use, in place of KUBECONFIG or ~/.kube/config")
    add("--context", metavar="NAME", help="the context to begin with")
    add("-n", "--namespace", metavar="NAME", help="the project (namespace) to begin with")
    add("-A", "--all-namespaces", action="store_true", help="begin with the secrets of all projects")
    add("--as", dest="impersonate", metavar="USER", help="act as this user, where you may")
    add(
        "--request-timeout",
        metavar="TIME",
        type=_duration,
        help="give up on a request after this long, as in 30s or 1m30s; 0 is never",
    )
    add("--read-only", action="store_true", default=None, help="send nothing that changes the cluster")
    add("--no-mouse", dest="mouse", action="store_false", help="leave the mouse to the terminal, to select text")
    return parser


def _demo_parser() -> _Parser:
    parser = _parser(f"wbtui {SERVE_DEMO}", "Serve the demo cluster alone, for kubectl and for other sessions.")
    parser.set_defaults(serve_demo=True)
    add = parser.add_argument
    add("--port", type=_number(65_535), default=0, metavar="N", help="the port on 127.0.0.1; any free one by default")
    add("--kubeconfig", dest="demo_kubeconfig", type=Path, metavar="FILE", help="where to write it")
    add("--secrets", type=_number(_MOST_SECRETS), default=0, metavar="N", help="add N secrets to the first project")
    return parser


def _duration(text: str) -> str:
    try:
        seconds(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def _number(most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and int(text) <= most):
            raise argparse.ArgumentTypeError(f"it must be a number from 0 to {most}")
        return int(text)

    return number


def _hint(name: str, known: Sequence[str]) -> str:
    from wbtui.domain.suggestions import did_you_mean  # noqa: PLC0415  only a mistake needs it

    return did_you_mean(name, [one for one in known if one.startswith("-") == name.startswith("-")])
