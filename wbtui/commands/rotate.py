"""`wbtui rotate`: give a secret new values, and have everything that runs with the old ones take the new ones."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wbtui.arguments import Parser, add_writing_flags, duration
from wbtui.commands.exit_codes import EXIT_CODES, FAILED
from wbtui.commands.value_flags import VALUE_HELP, add_value_flags, add_write_flags, all_field_names
from wbtui.startup.dump import forbid_core_dumps

if TYPE_CHECKING:
    from wbtui.commands.existing import Asked

_ABOUT = """\
Replace values of a secret, restart the workloads whose running containers hold the old ones, one after the other, and
follow them until none does. What will happen is said first; on a terminal, it asks. With --new-name, another secret is
created under a new name, and what names the old one is pointed to it: the way for immutable secrets, and to go back.
The old secret is kept. Exit code 1 also where something still holds an old value at the end."""


def parser() -> Parser:
    """Return the parser of what follows the command."""
    parser = Parser.of(
        "wbtui rotate",
        _ABOUT,
        f"fields are those of wbtui create.\n\n{VALUE_HELP}\n\n{EXIT_CODES}",
        "NAME [--FIELD-file FILE | --FIELD-env VARIABLE | --FIELD-stdin] [flags]",
    )
    add_value_flags(parser, all_field_names())
    add = parser.add_argument
    add(
        "--new-name",
        metavar="=NAME",
        nargs="?",
        const="",
        help="write the values into a new secret; NAME-v2 and so on where no name is given",
    )
    add("--display-name", metavar="TEXT", default="", help="with --new-name: what people call the new secret")
    add("--immutable", action="store_true", help="with --new-name: its values can never change")
    add("--prune", action="store_true", help="delete the keys that get no new value")
    add("--no-restart", dest="restart", action="store_false", help="write the values, and restart nothing")
    add("--restart-only", action="store_true", help="write nothing: restart what holds an old value since before")
    add(
        "--timeout", metavar="TIME", type=duration, default="10m", help="follow for this long at most; 0 is without end"
    )
    add_write_flags(parser, "rotated", "do not ask, and write it although a value looks odd; needed off a terminal")
    add_writing_flags(parser, several=True)
    return parser


def run(arguments: Sequence[str]) -> int:
    """Rotate the secret, and return the exit code."""
    of_rotate = parser()
    options = of_rotate.parse(arguments, most_words=sys.maxsize)  # what is too much may be a value: it is not quoted
    from wbtui.commands.ending import logged_exit_code  # noqa: PLC0415  a mistake is told without waiting for it
    from wbtui.commands.existing import asked_for  # noqa: PLC0415
    from wbtui.commands.new_values import Extent  # noqa: PLC0415

    _check(of_rotate, options)
    forbid_core_dumps()
    extent = Extent(options.prune, options.new_name is not None, options.expires)
    asked = asked_for(of_rotate, options, extent, writes=not options.restart_only)
    return logged_exit_code(options, lambda: _rotate(options, asked))


def _check(parser: Parser, options: Namespace) -> None:
    from wbtui.commands.writing import can_ask  # noqa: PLC0415
    from wbtui.domain.display_name import display_name_problem, kubernetes_name_problem  # noqa: PLC0415

    renames, asks = options.new_name is not None, options.restart and not options.dry_run and not options.yes
    for wrong, why in (
        (options.display_name and not renames, "--display-name goes with --new-name"),
        (options.immutable and not renames, "--immutable goes with --new-name"),
        (options.prune and renames, "--prune does not go with --new-name: a new secret has no other keys"),
        (options.restart_only and renames, "--restart-only does not go with --new-name"),
        (options.restart_only and not options.restart, "--restart-only does not go with --no-restart"),
        (options.restart_only and options.expires, "--restart-only does not go with --expires"),
        (options.restart_only and options.try_with is not None, "--restart-only does not go with --try"),
        (asks and not can_ask(), "there is no terminal to ask on: add --yes to go on without a question"),
    ):
        if wrong:
            parser.error(why)
    problem = kubernetes_name_problem(options.new_name) if options.new_name else ""
    if problem := problem or (display_name_problem(options.display_name) if options.display_name else ""):
        parser.error(problem)


async def _rotate(options: Namespace, asked: "Asked") -> int:
    from wbtui.commands.existing import find_existing, may_be_sent  # noqa: PLC0415
    from wbtui.commands.renaming import rotate_under_new_name  # noqa: PLC0415
    from wbtui.commands.rotating import restart_only, rotate_in_place  # noqa: PLC0415
    from wbtui.commands.writing import writing  # noqa: PLC0415

    async with writing(options) as place:
        existing = await find_existing(place, asked)
        if options.restart_only:
            return await restart_only(place, existing, options)
        if not await may_be_sent(place, existing, options):
            return FAILED
        rotate = rotate_in_place if options.new_name is None else rotate_under_new_name
        return await rotate(place, existing, options)
