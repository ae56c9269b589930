"""`wbtui create`: create a secret of a use case. No flag takes a value: each comes from a file, a variable or stdin."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wbtui.arguments import Parser, add_writing_flags
from wbtui.commands.exit_codes import EXIT_CODES, FAILED
from wbtui.commands.value_flags import VALUE_HELP, add_value_flags, add_write_flags, all_field_names, field_names
from wbtui.domain.suggestions import did_you_mean, quotable
from wbtui.domain.use_cases.model import UseCase
from wbtui.domain.use_cases.table import USE_CASES, find_use_case
from wbtui.startup.dump import forbid_core_dumps

if TYPE_CHECKING:
    from wbtui.commands.filling import FilledForm

_WORDS = 2


def parser() -> Parser:
    """Return the parser of what follows the command."""
    names = ", ".join(one.value for one in USE_CASES)
    parser = Parser.of(
        "wbtui create",
        "Create a secret. No flag takes a value: it is read from a file, from an environment variable or from stdin;\n"
        "on a terminal, what is missing is asked for. With several projects, all are tried before any is written.",
        f"use cases: {names}\nfields:\n{_fields()}\n\n{VALUE_HELP}\n\n{EXIT_CODES}",
        "USE_CASE NAME [--FIELD-file FILE | --FIELD-env VARIABLE | --FIELD-stdin] [flags]",
    )
    add_value_flags(parser, all_field_names())
    add = parser.add_argument
    add("--display-name", metavar="TEXT", default="", help="what people call it")
    add("--immutable", action="store_true", help="its values can never change")
    add_write_flags(parser, "created")
    add_writing_flags(parser, several=True)
    return parser


def _fields() -> str:
    named = {one.value: ", ".join(field_names(one)).replace("_", "-") for one in USE_CASES}
    return "\n".join(f"  {name}: {fields or 'none; --from-file names its keys'}" for name, fields in named.items())


def _named(word: str) -> UseCase | None:
    return find_use_case(word) or next((one for one in USE_CASES if word.casefold() in one.aliases), None)


def run(arguments: Sequence[str]) -> int:
    """Create the secret, and return the exit code."""
    of_create = parser()
    options = of_create.parse(arguments, most_words=sys.maxsize)  # what is too much may be a value: it is not quoted
    first = options.words[0] if options.words else ""
    use_case = _named(first)
    if first and not use_case:
        hint = did_you_mean(first, [one.value for one in USE_CASES])
        of_create.error(f'there is no use case "{quotable(first)}"{hint}')
    if len(options.words) != _WORDS or not use_case:
        of_create.error("it needs a use case, and then the name of the secret")
    from wbtui.commands.ending import logged_exit_code  # noqa: PLC0415  a mistake is told without waiting for it
    from wbtui.commands.entering import check_names, form_of  # noqa: PLC0415
    from wbtui.commands.sources import given_values  # noqa: PLC0415
    from wbtui.commands.targets import check_targets  # noqa: PLC0415

    check_names(of_create, options.words[1], options.display_name)
    check_targets(of_create, options)
    forbid_core_dumps()
    form = form_of(of_create, options, use_case, given_values(of_create, options))
    return logged_exit_code(options, lambda: _create(options, use_case, form))


async def _create(options: Namespace, use_case: UseCase, form: "FilledForm") -> int:
    from dataclasses import replace  # noqa: PLC0415

    from wbtui.batching import Creation  # noqa: PLC0415
    from wbtui.commands.asking import agreed, ask_for  # noqa: PLC0415
    from wbtui.commands.entering import credential_of, draft_of  # noqa: PLC0415
    from wbtui.commands.targets import Targets, Words, projects_of, write_targets  # noqa: PLC0415
    from wbtui.commands.writing import writing  # noqa: PLC0415

    async with writing(options) as place:
        projects = await projects_of(place, options)
        await ask_for(form, [name for name, _ in form.missing()])
        if not await agreed(list(form.problems()), yes=options.yes):
            return FAILED
        draft = replace(draft_of(options, use_case, form), creator=place.account.creator)
        if options.try_with is not None:
            from wbtui.commands.trial import tried  # noqa: PLC0415  few values are tried

            if not await tried(place, projects[0], credential_of(use_case, form), options.try_with):
                return FAILED
        drafts = [replace(draft, namespace=project) for project in projects]
        words = Words("created", "could be created")
        targets = Targets(place, map(Creation, drafts), words, many=len(projects) > 1)
        return await write_targets(targets, only_check=options.dry_run is not None)
