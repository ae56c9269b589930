"""The parsers of the command line, as the references read them."""

import argparse
from importlib import import_module

from wbtui.arguments import Parser
from wbtui.command_table import COMMANDS


def command_parsers() -> list[Parser]:
    """Return the parser of each command, in the order of the help."""
    return [import_module(f"wbtui.commands.{command.module}").parser() for command in COMMANDS.values()]


def shown_flags(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return what the help of a parser lists."""
    return [action for action in parser._actions if action.help != argparse.SUPPRESS]  # noqa: SLF001  no other way


def flag_names(action: argparse.Action) -> str:
    """Return a flag as it is typed, with what it takes."""
    names = ", ".join(action.option_strings)
    value = "|".join(action.choices) if action.choices else action.metavar
    if action.nargs == "?" and value:
        return f"{names}[={value}]"
    return f"{names} {value}" if action.nargs != 0 and value else names
