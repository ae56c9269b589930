"""The man page, from the parsers of the commands."""

import argparse
import re
from collections.abc import Iterable, Iterator
from textwrap import wrap

from tools.command_parsers import command_parsers, flag_names, shown_flags
from wbtui import __version__
from wbtui.arguments import session_parser
from wbtui.storage.settings_text import all_settings

_WIDTH = 72
_SEE_ALSO = "kubectl(1)"
_FILES = (
    ("~/.config/wbtui/config.toml", "The settings; wbtui config path prints where they are."),
    ("~/.local/state/wbtui/audit.log", "What was written from here: never a value, never a key."),
    ("~/.local/state/wbtui/choices.json", "What was chosen last: projects, columns, sort order, filters."),
    ("~/.cache/wbtui", "What was worked out from the schemas of clusters. It can be removed at any time."),
    ("~/.kube/config", "The kubeconfig, where KUBECONFIG names no other."),
)
_VARIABLES = (
    ("KUBECONFIG", "Kubeconfig files, separated by colons."),
    ("NO_COLOR", "Where it is set, no colors are sent."),
    ("HTTPS_PROXY, HTTP_PROXY, NO_PROXY, ALL_PROXY", "Proxies, as for kubectl."),
    ("EAI_APPS_METADATA_PREFIX, AIWB_METADATA_PREFIX", "Prefixes of the labels of the Workbench, where they differ."),
    ("XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_CACHE_HOME", "Where the files of wbtui belong."),
)
_STATUSES = (
    ("0", "Done; of the application: a session in which a cluster answered."),
    ("1", "Refused or failed."),
    ("2", "Wrong use."),
    ("3", "Found what was looked for, with --fail."),
    ("4", "The cluster wants a login."),
    ("130", "Interrupted."),
)


def man_page() -> str:
    """Return wbtui.1 in the language of man."""
    lines = [
        r".\" Made from the code by make docs.",
        f'.TH WBTUI 1 "" "wbtui {__version__}" "User Commands"',
        ".SH NAME",
        r"wbtui \- the credentials of AMD AI Workbench projects, in the terminal",
        ".SH SYNOPSIS",
        *_usage(session_parser()),
        ".SH DESCRIPTION",
        *_text(_DESCRIPTION),
        ".SH OPTIONS",
        *_flags(session_parser()),
        ".SH COMMANDS",
    ]
    for parser in command_parsers():
        lines += [f'.SS "{_escaped(parser.prog)}"', *_usage(parser), ".PP", *_text(parser.description or "")]
        lines += [*_flags(parser), *_verbatim(parser.epilog or "")]
    settings = [(f"WBTUI_{one.name.upper()}", one.meaning) for one in all_settings() if "." not in one.name]
    lines += [".SH EXIT STATUS", *_terms(_STATUSES), ".SH ENVIRONMENT", *_terms([*_VARIABLES, *settings])]
    lines += [".SH FILES", *_terms(_FILES), ".SH SEE ALSO", _escaped(_SEE_ALSO)]
    return "\n".join(lines) + "\n"


_DESCRIPTION = """\
wbtui alone opens the application: the secrets of a project as they are in the cluster now, to find, create, replace,
rotate, use and delete. With a command it prints what is asked for and ends: data goes to stdout, words to stderr.
Values of secrets are never shown, and no flag takes one.

kubectl wbtui is the same program. In the application, ? shows the keys."""


def _usage(parser: argparse.ArgumentParser) -> list[str]:
    return [f"\\fB{_escaped(parser.prog)}\\fR {_escaped((parser.usage or '').removeprefix(parser.prog).strip())}"]


def _flags(parser: argparse.ArgumentParser) -> Iterator[str]:
    return _terms((flag_names(action), action.help or "") for action in shown_flags(parser))


def _terms(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for term, meaning in rows:
        yield from (".TP", f"\\fB{_escaped(term)}\\fR", *_text(meaning))


def _text(text: str) -> Iterator[str]:
    """Yield lines that are filled; an empty one begins a paragraph."""
    for line in text.splitlines():
        yield from map(_escaped, wrap(line, _WIDTH)) if line else (".PP",)


def _verbatim(text: str) -> Iterator[str]:
    if text:
        yield from (".PP", ".nf", *map(_escaped, text.rstrip().splitlines()), ".fi")


def _escaped(text: str) -> str:
    """Return text as man prints it: a dash stays a dash, and no line is a request."""
    return re.sub(r"^(?=[.'])", r"\\&", text.replace("\\", r"\e").replace("-", r"\-"))
