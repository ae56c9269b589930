"""THE table of the commands of the command line: one module each in `wbtui/commands/`, imported when it is run.

A module has a function `run(arguments) -> int` that takes what follows the command and returns the exit code.
"""

from importlib import import_module
from typing import NamedTuple


class Command(NamedTuple):
    """A command of the command line: what it is for, and its module in `wbtui/commands/`.

    For the completion: `takes` is what each word after it can be, which is `secrets`, `workloads`, `use cases`, or the
    words themselves; with `repeats`, any number of the last. With `values`, it has the flags of the fields' values.
    """

    meaning: str
    module: str
    takes: tuple[str, ...] = ()
    repeats: bool = False
    values: bool = False


COMMANDS: dict[str, Command] = {
    "get": Command(
        "print secrets: as a table, as names, or as JSON, YAML or CSV of their metadata",
        "get",
        ("secrets",),
        repeats=True,
    ),
    "uses": Command("print what uses a secret", "uses", ("secrets",), repeats=True),
    "stale": Command(
        "print the running containers that hold an old value of a secret", "stale", ("secrets",), repeats=True
    ),
    "lint": Command("print what is wrong with secrets and with what refers to them", "lint"),
    "create": Command(
        "create a secret of a use case, with values from files, variables, stdin or a question",
        "create",
        ("use cases",),
        values=True,
    ),
    "replace": Command("replace values of a secret", "replace", ("secrets",), repeats=True, values=True),
    "rotate": Command(
        "replace values of a secret, and restart what holds the old ones",
        "rotate",
        ("secrets",),
        repeats=True,
        values=True,
    ),
    "delete": Command("delete secrets, after saying what uses them", "delete", ("secrets",), repeats=True),
    "attach": Command("have a workload use a secret", "attach", ("secrets", "workloads")),
    "detach": Command("remove a secret from a workload", "detach", ("secrets", "workloads")),
    "config": Command(
        "write the configuration file; say where it is and what is set", "config", ("init path show keys",)
    ),
    "completion": Command(
        "print a script that completes for bash, zsh or fish", "completion", ("bash zsh fish kubectl",)
    ),
    "doctor": Command("say what a bug report needs, and what is wrong", "doctor"),
    "serve-demo": Command("serve the demo cluster alone, for kubectl and other sessions", "serve_demo"),
}
"""By name, in the order of the help."""


def run_command(name: str, arguments: list[str]) -> int:
    """Run a command and return its exit code."""
    run = import_module(f"wbtui.commands.{COMMANDS[name].module}").run
    return int(run(arguments))
