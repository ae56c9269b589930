"""`wbtui replace`: give a secret new values. The present ones are not read."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wbtui.arguments import Parser, add_writing_flags
from wbtui.commands.exit_codes import EXIT_CODES, FAILED
from wbtui.commands.value_flags import VALUE_HELP, add_value_flags, add_write_flags, all_field_names
from wbtui.startup.dump import forbid_core_dumps

if TYPE_CHECKING:
    from wbtui.commands.existing import Asked


def parser() -> Parser:
    """Return the parser of what follows the command."""
    parser = Parser.of(
        "wbtui replace",
        "Replace values of a secret. Keys that get no new value stay as they are. What runs with the old values is\n"
        "not restarted: wbtui rotate does that, too. No flag takes a value; on a terminal, values are asked for where\n"
        "none is given. It is written only while nobody else has changed the secret.",
        f"fields are those of wbtui create.\n\n{VALUE_HELP}\n\n{EXIT_CODES}",
        "NAME [--FIELD-file FILE | --FIELD-env VARIABLE | --FIELD-stdin] [flags]",
    )
    add_value_flags(parser, all_field_names())
    parser.add_argument("--prune", action="store_true", help="delete the keys that get no new value")
    add_write_flags(parser, "replaced")
    add_writing_flags(parser, several=True)
    return parser


def run(arguments: Sequence[str]) -> int:
    """Replace the values, and return the exit code."""
    of_replace = parser()
    options = of_replace.parse(arguments, most_words=sys.maxsize)  # what is too much may be a value: it is not quoted
    from wbtui.commands.ending import logged_exit_code  # noqa: PLC0415  a mistake is told without waiting for it
    from wbtui.commands.existing import asked_for  # noqa: PLC0415
    from wbtui.commands.new_values import Extent  # noqa: PLC0415

    forbid_core_dumps()
    asked = asked_for(of_replace, options, Extent(options.prune, expires=options.expires))
    return logged_exit_code(options, lambda: _replace(options, asked))


async def _replace(options: Namespace, asked: "Asked") -> int:
    from wbtui.batching import Renewal  # noqa: PLC0415
    from wbtui.commands.existing import find_existing, may_be_sent  # noqa: PLC0415
    from wbtui.commands.targets import Targets, Words, write_targets  # noqa: PLC0415
    from wbtui.commands.writing import writing  # noqa: PLC0415

    async with writing(options) as place:
        existing = await find_existing(place, asked)
        if not await may_be_sent(place, existing, options):
            return FAILED
        chosen = existing.targets(lambda values: Renewal(values.replacement))
        targets = Targets(place, chosen, Words("replaced", "could be replaced"), many=len(existing.projects) > 1)
        return await write_targets(targets, only_check=options.dry_run is not None)
