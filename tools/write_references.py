"""Write what docs/ says of settings, keys, commands and checks, from the code: `python -m tools.write_references`."""

import argparse
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import wbtui.app  # noqa: F401  its keys are among all
from tools.command_parsers import command_parsers, flag_names, shown_flags
from tools.man_page import man_page
from wbtui.arguments import session_parser
from wbtui.command_table import COMMANDS
from wbtui.domain.checks.table import CHECKS
from wbtui.domain.filter_fields import HELP, STATE_WORDS, USED_WORDS
from wbtui.screens.keys import key_rows
from wbtui.storage.settings_text import all_settings, commented_file

DOCS = Path(__file__).parents[1] / "docs"
_TITLES = {
    "app": "wbtui",
    "list": "List of secrets",
    "go": "Projects",
    "secret": "Secrets: the one under the cursor, or those that are marked",
    "model": "Models and services",
    "sort": "Sorting",
    "cursor": "Cursor in the list",
    "filter": "Filter",
    "form": "Forms",
}
"""Titles by the first part of an id; others are the part itself."""


def references() -> dict[str, str]:
    """Return the text of each reference by the name of its file."""
    return {
        "settings.md": _settings(),
        "keys.md": _keys(),
        "commands.md": _commands(),
        "checks.md": _checks(),
        "filter.md": _filter(),
        "wbtui.1": man_page(),
    }


def _settings() -> str:
    rows = [
        (f"`{one.name}`", one.kind, f"`{one.default}`" if one.default else "", _flag(one.flag), one.meaning)
        for one in all_settings()
    ]
    return (
        "# Settings\n\n<!-- Made from the code by `make docs`. -->\n\n"
        "Settings are in `config.toml` in the user's configuration folder (`wbtui config path` prints where). `wbtui\n"
        "config init` writes the file below, and `wbtui config show` prints what is set, and where.\n\n"
        "A setting can also be an environment variable: `WBTUI_` and its name in capitals, such as `WBTUI_THEME`;\n"
        "tables are JSON. Flags take precedence over variables, and those over the file.\n\n"
        f"{_table(('setting', 'kind', 'default', 'flag', 'meaning'), rows)}\n"
        f"## The file that `wbtui config init` writes\n\n```toml\n{commented_file()}```\n"
    )


def _flag(flag: str) -> str:
    return f"`{flag}`" if flag else ""


def _keys() -> str:
    text = (
        "# Keys\n\n<!-- Made from the code by `make docs`. -->\n\n"
        "The keys of each action, by the id with which `[keys]` in the settings changes them:\n\n"
        '```toml\n[keys]\n"secret.details" = "enter,i"\n```\n\n'
        "Several keys are separated by commas. `shift+`, `ctrl+` and `alt+` come before a key; a terminal decides\n"
        "which of these it can send.\n"
    )
    for part, rows in groupby(key_rows(), key=lambda row: row[0].partition(".")[0]):
        title = _TITLES.get(part, part.replace("_", " ").capitalize())
        cells = [(f"`{id_}`", ", ".join(f"`{key}`" for key in keys), meaning) for id_, keys, meaning in rows]
        text += f"\n## {title}\n\n{_table(('id', 'keys', 'does'), cells)}"
    return text


def _commands() -> str:
    rows = [(f"[`{name}`](#wbtui-{name})", command.meaning) for name, command in COMMANDS.items()]
    return (
        "# Commands\n\n<!-- Made from the code by `make docs`. -->\n\n"
        "`wbtui` alone opens the application; with a command it prints what is asked for and ends. Data goes to\n"
        "stdout, messages to stderr, and no value of a secret to either: values are not asked for.\n\n"
        f"{_table(('command', 'does'), rows)}\n" + "\n".join(map(_command, [session_parser(), *command_parsers()]))
    )


def _command(parser: argparse.ArgumentParser) -> str:
    rows = [(f"`{flag_names(action)}`", action.help or "") for action in shown_flags(parser)]
    text = (
        f"## {parser.prog}\n\n```\n{parser.usage}\n```\n\n{parser.description}\n\n{_table(('flag', 'meaning'), rows)}"
    )
    return text + (f"\n```\n{parser.epilog.strip()}\n```\n" if parser.epilog else "")


def _checks() -> str:
    rows = [(f"`{check.id}`", check.severity.value, f"{check.title}.", check.advice) for check in CHECKS]
    return (
        "# Checks\n\n<!-- Made from the code by `make docs`. -->\n\n"
        "What `wbtui lint` looks for. `--ignore ID` leaves a check out, as does `ignored_checks` in the settings.\n\n"
        "A finding has the id of the check, its severity, the object that it is about, a sentence, and what to do.\n"
        "`-o json` and `-o sarif` (SARIF 2.1.0) have all of it; the table has what to do on stderr, once for a check.\n"
        "What could not be checked is never left out: kinds of objects that you may not list, for example, are named\n"
        "on stderr, in `notChecked` of the JSON, and in the notifications of SARIF.\n\n"
        f"{_table(('check', 'severity', 'what is wrong', 'what to do'), rows)}"
    )


def _filter() -> str:
    rows = [(f"`{example}`", meaning) for example, meaning in HELP]
    return (
        "# Filter language\n\n<!-- Made from the code by `make docs`. -->\n\n"
        "`/` in the list takes it, and so does `--filter` of the commands, such as\n"
        "`wbtui get --filter 'use:hf age:>30d'`. All terms must match. Upper and lower case\n"
        "are the same. In wbtui, Tab completes fields and their words.\n\n"
        f"{_table(('what to type', 'what it matches'), rows)}\n"
        "## States\n\n"
        f"`is:` takes {_codes(STATE_WORDS)}; `used:` takes {_codes(USED_WORDS)}.\n\n"
        "What is not known matches neither a term nor its negation: `is:unused` and `-is:unused` both leave out a\n"
        "secret whose uses are not known, and `used:unknown` finds it. See [Who uses a secret](uses.md).\n\n"
        "## Regular expressions\n\n"
        "They are those of RE2: they always answer in time, and have no lookahead.\n"
    )


def _codes(words: Iterable[str]) -> str:
    *most, last = (f"`{word}`" for word in words)
    return f"{', '.join(most)} and {last}"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [tuple(head)]
    lines += [("---",) * len(lines[0]), *(tuple(row) for row in rows)]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


if __name__ == "__main__":
    DOCS.mkdir(exist_ok=True)
    for name, text in references().items():
        (DOCS / name).write_text(text)
