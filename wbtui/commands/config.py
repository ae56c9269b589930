"""`wbtui config`: write a commented configuration file, and say where it is and what is set."""

import os
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from wbtui.arguments import WRONG_USE, Parser
from wbtui.domain.suggestions import did_you_mean
from wbtui.domain.text import plain
from wbtui.startup.streams import say, write_output

_FAILED = 1


def parser() -> Parser:
    """Return the parser of what follows the command."""
    parser = Parser.of(
        "wbtui config",
        "Write the configuration file, and say where it is and what is set.",
        "commands:\n"
        "  init  write a file with every setting, explained and commented out\n"
        "  path  print the path of the file\n"
        "  show  print every setting, and where it comes from\n"
        "  keys  print the id of each action, its keys, and what it does",
        "init|path|show|keys [flags]",
    )
    parser.add_argument("--force", action="store_true", help="init: overwrite the file that is there")
    return parser


def run(arguments: Sequence[str]) -> int:
    """Run one of the commands, and return the exit code."""
    from wbtui.storage.folders import settings_file  # noqa: PLC0415  a mistake is told without waiting for it

    of_config = parser()
    options = of_config.parse(arguments, most_words=1)
    name = options.words[0] if options.words else ""
    if name not in _COMMANDS:
        hint = did_you_mean(name, _COMMANDS)
        of_config.error(
            f'unknown command "{plain(name)}"{hint}' if name else "it needs a command: init, path, show or keys"
        )
    path = settings_file()
    if not path:
        say("HOME is not set: there is no place for a configuration file.")
        return _FAILED
    return _COMMANDS[name](path, options)


def _init(path: Path, options: Namespace) -> int:
    from wbtui.storage.files import PrivateFile, StorageError  # noqa: PLC0415
    from wbtui.storage.settings_text import commented_file  # noqa: PLC0415

    if os.path.lexists(path) and not options.force:
        say(f"{path} is there already. Add --force to overwrite it.")
        return WRONG_USE
    try:
        PrivateFile(path).replace(commented_file().encode())
    except StorageError as error:
        say(f"{error}.")
        return _FAILED
    return 0 if write_output(f"{path}\n") else _FAILED


def _path(path: Path, _: Namespace) -> int:
    return 0 if write_output(f"{path}\n") else _FAILED


def _show(path: Path, _: Namespace) -> int:
    from wbtui.errors import SettingsError  # noqa: PLC0415
    from wbtui.storage.settings import read_settings  # noqa: PLC0415
    from wbtui.storage.settings_text import as_toml, plain_values  # noqa: PLC0415

    try:
        settings = read_settings({})
    except SettingsError as error:
        say(f"{error}.")
        return _FAILED
    rows = [
        (name, as_toml(value) if value or value is False else "", _source(name, path, settings.given))
        for name, value in plain_values(settings).items()
    ]
    return _write_rows(rows)


def _source(name: str, path: Path, set_names: frozenset[str]) -> str:
    variable = f"WBTUI_{name.upper()}"
    if os.environ.get(variable):
        return variable
    if name in set_names:
        return str(path)
    from wbtui.storage.settings_table import SETTINGS  # noqa: PLC0415

    other = SETTINGS[name].variable
    return other if os.environ.get(other) else "default"


def _keys(*_: object) -> int:
    import wbtui.app  # noqa: F401, PLC0415  its keys are among all
    from wbtui.screens.keys import key_rows  # noqa: PLC0415  it loads all screens

    return _write_rows([(id_, ", ".join(keys), meaning) for id_, keys, meaning in key_rows()])


def _write_rows(rows: Sequence[tuple[str, str, str]]) -> int:
    first, second = (max(len(row[column]) for row in rows) for column in range(2))
    lines = [plain(f"{one:<{first}}  {two:<{second}}  {three}") for one, two, three in rows]
    return 0 if write_output("".join(f"{line}\n" for line in lines)) else _FAILED


_COMMANDS: dict[str, Callable[[Path, Namespace], int]] = {"init": _init, "path": _path, "show": _show, "keys": _keys}
