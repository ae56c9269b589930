"""`wbtui create`: create a secret of a use case. No flag takes a value: each comes from a file, a variable or stdin."""

import sys
from argparse import SUPPRESS, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wbtui.arguments import Parser, add_connection_flags, add_log_flags
from wbtui.commands.exit_codes import DONE, EXIT_CODES, FAILED
from wbtui.commands.log_flags import start_log
from wbtui.domain.suggestions import did_you_mean, shown
from wbtui.domain.text import plain
from wbtui.domain.use_cases.model import UseCase
from wbtui.domain.use_cases.table import USE_CASES, find_use_case
from wbtui.startup.dump import forbid_core_dumps
from wbtui.startup.streams import say

if TYPE_CHECKING:
    from wbtui.commands.writing import WritingPlace
    from wbtui.domain.draft import Draft

SOURCES = {"file": "FILE", "env": "VARIABLE", "stdin": ""}
"""Where the value of a field may come from, and what the flag takes."""
_WORDS = 2


def parser(use_case: UseCase | None = None) -> Parser:
    """Return the parser of what follows the command, with the flags of the fields of a use case."""
    names = ", ".join(one.value for one in USE_CASES)
    parser = Parser.of(
        "wbtui create",
        "Create a secret. No flag takes a value: a field is read from a file, from an environment variable or from\n"
        "stdin; on a terminal, what is missing is asked for. One line end at the end of a value is left out, unless\n"
        "the field may have several lines.",
        f"use cases: {names}\nfields:\n{_fields()}\n\n{EXIT_CODES}",
        "USE_CASE NAME [--FIELD-file FILE | --FIELD-env VARIABLE | --FIELD-stdin] [flags]",
    )
    add = parser.add_argument
    for name in field_names(use_case) if use_case else ():
        for source, takes in SOURCES.items():
            flag = f"--{name.replace('_', '-')}-{source}"
            more = {"metavar": takes} if takes else {"action": "store_true"}
            add(flag, dest=f"{name}.{source}", default=None, help=SUPPRESS, **more)  # type: ignore[arg-type]
    add("--from-file", metavar="KEY=FILE", action="append", default=[], help="a key of a secret whose keys are named")
    add("--display-name", metavar="TEXT", default="", help="what people call it")
    add("--preset", metavar="TITLE", default="", help="the convention for the names of the keys")
    add("--immutable", action="store_true", help="its values can never change")
    add("--dry-run", action="store_true", help="only ask the cluster whether it could be created")
    add("-y", "--yes", action="store_true", help="create it although a value looks odd")
    add_connection_flags(parser)
    add("--read-only", action="store_true", default=None, help="send nothing that changes the cluster")
    add_log_flags(parser, "stderr")
    return parser


def _fields() -> str:
    return "\n".join(f"  {one.value}: {', '.join(field_names(one)).replace('_', '-')}" for one in USE_CASES)


def field_names(use_case: UseCase) -> list[str]:
    """Return the names of the fields of a use case that have flags, in all of its forms."""
    forms = (form for form in use_case.entry_forms if not form.rows_name_keys)
    return list(dict.fromkeys(field.name for form in forms for field in form.fields))


def _named(word: str) -> UseCase | None:
    return find_use_case(word) or next((one for one in USE_CASES if word.casefold() in one.aliases), None)


def run(arguments: Sequence[str]) -> int:
    """Create the secret, and return the exit code."""
    first = arguments[0] if arguments else ""
    use_case = _named(first)
    of_create = parser(use_case)
    if first and not first.startswith("-") and not use_case:
        hint = did_you_mean(first, [one.value for one in USE_CASES])
        of_create.error(f'there is no use case "{shown(first)}"{hint}')
    options = of_create.parse(arguments, most_words=sys.maxsize)  # what is too much may be a value: it is not quoted
    if len(options.words) != _WORDS or not use_case:
        of_create.error("it needs a use case, and then the name of the secret")
    from wbtui.commands.ending import ended  # noqa: PLC0415  a mistake is told without waiting for it
    from wbtui.commands.entering import entered  # noqa: PLC0415

    forbid_core_dumps()
    draft = entered(of_create, options, use_case)
    if draft is None:
        return FAILED
    start_log(options, to_stderr=True)
    return ended(lambda: _create(options, draft))


async def _create(options: Namespace, draft: "Draft") -> int:
    from wbtui.commands.writing import writing  # noqa: PLC0415

    code = DONE
    async with writing(options) as place:
        for namespace in place.namespaces:
            code = max(code, await _create_in(place, namespace, draft, only_check=options.dry_run))
    return code


async def _create_in(place: "WritingPlace", namespace: str, draft: "Draft", *, only_check: bool) -> int:
    from dataclasses import replace  # noqa: PLC0415

    from wbtui.commands.ending import code_of, say_error, write  # noqa: PLC0415
    from wbtui.errors import ClusterError, DryRunUnsupported  # noqa: PLC0415

    meant = replace(draft, namespace=namespace, creator=place.account.creator)
    try:
        try:
            await place.cluster.create(meant, dry_run=True)
        except DryRunUnsupported as error:
            if only_check:
                raise
            say(f"{plain(str(error))}. It is created without a dry run.")
        if not only_check:
            await place.cluster.create(meant)
    except ClusterError as error:
        sys.stderr.write(f"{plain(namespace)}/{plain(meant.name)}: ")
        say_error(error)
        return code_of(error)
    write(f"secret/{meant.name} {'could be created' if only_check else 'created'}\n")
    return DONE
