"""Parse the command line."""

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn, Self

from wbtui import __version__
from wbtui.command_table import COMMANDS
from wbtui.domain.durations import seconds
from wbtui.domain.projects import named_projects
from wbtui.domain.text import plain

_SHORT = len("-x")
WRONG_USE = 2
"""The exit code for wrong arguments."""
_SETTINGS = ("kubeconfig", "context", "namespace", "impersonate", "request_timeout", "read_only")
"""Settings that a flag overrides."""


class Parser(argparse.ArgumentParser):
    """A parser that reports a mistake in one sentence."""

    @classmethod
    def of(cls, prog: str, description: str, epilog: str | None = None, usage: str = "[flags]") -> Self:
        """Return a parser without flags; `usage` is what follows the program in its help."""
        if sys.argv[0].endswith("kubectl-wbtui"):  # kubectl runs it as a plugin of its own
            prog, description, epilog = f"kubectl {prog}", _as_plugin(description), _as_plugin(epilog or "")
        formatter = argparse.RawDescriptionHelpFormatter
        parser = cls(prog, f"{prog} {usage}", description, epilog, formatter_class=formatter, allow_abbrev=False)
        parser.add_argument("words", nargs="*", help=argparse.SUPPRESS)
        return parser

    def parse(self, arguments: Sequence[str], most_words: int = 0) -> argparse.Namespace:
        """Return the options, with up to `most_words` words; or exit with a sentence about the first mistake."""
        end = arguments.index("--") if "--" in arguments else len(arguments)
        options, unknown = self.parse_known_intermixed_args(self._with_defaults(arguments[:end]))
        options.words += arguments[end + 1 :]  # argparse would take flags out of them
        if unknown:
            flag = unknown[0].partition("=")[0]
            flag = flag if flag.startswith("--") else flag[:_SHORT]  # what is joined to it may be a value
            self.error(f'unknown flag "{plain(flag)}"{_hint(flag, self.format_help().replace(",", " ").split())}')
        for word in options.words[most_words:]:
            self._refuse(word)
        return options

    def followed_flags(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the flags that take the word after them, with the words that it can be; none where that is open."""
        for one in self._actions:
            if one.nargs is None:
                yield from ((flag, tuple(one.choices or ())) for flag in one.option_strings)

    def _with_defaults(self, arguments: Sequence[str]) -> list[str]:
        """Return the arguments with the value of each flag that may stand alone: it must not take the next word."""
        alone = {flag: one.const for one in self._actions if one.nargs == "?" for flag in one.option_strings}
        return [f"{flag}={alone[flag]}" if flag in alone else flag for flag in arguments]

    def _refuse(self, word: str) -> NoReturn:
        if word in COMMANDS:
            self.error(f"{word} has to come first")
        takes_commands = self.prog.endswith("wbtui")
        self.error(f'unknown command "{plain(word)}"{_hint(word, list(COMMANDS)) if takes_commands else ""}')

    def error(self, message: str) -> NoReturn:
        """Print what is wrong, and exit."""
        problem = message.removeprefix("argument ")
        if "ignored explicit argument" in problem:  # argparse's words for --read-only=maybe
            problem = f"{problem.partition(':')[0]} takes no value"
        self.exit(WRONG_USE, f"{self.prog}: {problem}. See {self.prog} --help.\n")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options of a session."""
    return session_parser().parse(arguments)


def session_parser() -> Parser:
    """Return the parser of the flags of a session."""
    width = max(map(len, COMMANDS)) + 2
    commands = "\n".join(f"  {name:<{width}}{command.meaning}" for name, command in COMMANDS.items())
    parser = Parser.of(
        "wbtui",
        "The credentials of AMD AI Workbench projects, in the terminal. Values are never shown.",
        f"commands:\n{commands}\n\nSee wbtui COMMAND --help.",
        "[flags] | COMMAND",
    )
    add = parser.add_argument
    add("--version", action="version", version=f"wbtui {__version__}")
    add("--demo", action="store_true", help="look around in a small cluster inside wbtui")
    add_connection_flags(parser)
    add("-A", "--all-namespaces", action="store_true", help="begin with the secrets of all projects")
    add("--read-only", action="store_true", default=None, help="send nothing that changes the cluster")
    add("--no-mouse", dest="mouse", action="store_false", help="leave the mouse to the terminal, to select text")
    add_log_flags(parser, "wbtui.log in the state folder")
    return parser


def add_connection_flags(parser: Parser, *, several: bool = False) -> None:
    """Add the flags that say which cluster to use, and how; -n may name `several` projects."""
    add = parser.add_argument
    add("--kubeconfig", metavar="FILE", help="the kubeconfig to use, in place of KUBECONFIG or ~/.kube/config")
    add("--context", metavar="NAME", help="the context to use")
    add(
        "-n",
        "--namespace",
        metavar="NAME",
        type=projects,
        help=f"the project (namespace) to use{', or several, as in a,b' if several else ''}",
    )
    add("--as", dest="impersonate", metavar="USER", help="act as this user, where you may")
    add(
        "--request-timeout",
        metavar="TIME",
        type=duration,
        help="give up on a request after this long, as in 30s or 1m30s; 0 is never",
    )


def add_writing_flags(parser: Parser, *, several: bool = False) -> None:
    """Add the flags that every command has which writes; -n may name `several` projects."""
    add_connection_flags(parser, several=several)
    parser.add_argument("--read-only", action="store_true", default=None, help="send nothing that changes the cluster")
    add_log_flags(parser, "stderr")


def settings_in(options: argparse.Namespace) -> dict[str, Any]:
    """Return what the flags set, by the names of the settings."""
    return {name: getattr(options, name) for name in _SETTINGS if getattr(options, name, None)}


def add_log_flags(parser: Parser, default: str) -> None:
    """Add the flags that ask for a log of requests; `default` is where -v alone writes it."""
    add = parser.add_argument
    add("-v", "--verbose", action="store_true", help=f"log each request, without bodies and tokens, to {default}")
    add("--log-file", metavar="FILE", type=Path, help="log each request to the end of this file")


def number(most: int) -> Callable[[str], int]:
    """Return a type for argparse: a number from 0 to `most`."""

    def parsed(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and int(text) <= most):
            raise argparse.ArgumentTypeError(f"it must be a number from 0 to {most}")
        return int(text)

    return parsed


def _as_plugin(text: str) -> str:
    """Return a text with the commands in it as a user of kubectl types them."""
    return re.sub(rf"(?<![-/\w])wbtui(?= (?:-|{'|'.join(COMMANDS)}|COMMAND))", "kubectl wbtui", text)


def projects(text: str) -> str:
    """Return the names of projects, each once, with commas between them: a type for argparse."""
    try:
        return ",".join(named_projects(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def duration(text: str) -> str:
    """Return a time as it is written, as in 1m30s: a type for argparse."""
    try:
        seconds(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def _hint(name: str, known: Sequence[str]) -> str:
    from wbtui.domain.suggestions import did_you_mean  # noqa: PLC0415  only a mistake needs it

    alike = (one for one in known if one.startswith("-") == name.startswith("-"))
    return did_you_mean(name, [one for one in alike if one.strip("-")])
