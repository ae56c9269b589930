"""`wbtui get`: print the metadata of secrets. Their values are not asked for."""

import sys
from collections.abc import Sequence

from wbtui.arguments import Parser, add_connection_flags, add_log_flags
from wbtui.commands.exit_codes import EXIT_CODES
from wbtui.startup import collector

_FORMATS = ("table", "wide", "name", "json", "yaml", "csv")
_EXAMPLES = """\
examples:
  wbtui get                                   the secrets of the project
  wbtui get hf-token -o yaml                  the metadata of one secret
  wbtui get -A --filter 'use:s3 is:unused'    those of all projects that nothing uses
  wbtui get --filter by:me -o name            names for other commands, as secret/NAME

--filter takes what the filter of wbtui takes: press ? in wbtui to see it.
In CSV, what a spreadsheet would take for a formula (it begins with =, +, - or @) has a ' before it.
"""


def parser() -> Parser:
    """Return the parser of what follows the command."""
    parser = Parser.of(
        "wbtui get",
        "Print secrets: all of a project, or those with the given names. Values are not asked for, and not printed.",
        f"{_EXAMPLES}\n{EXIT_CODES}",
        "[NAME...] [flags]",
    )
    add = parser.add_argument
    add("-A", "--all-namespaces", action="store_true", help="the secrets of all projects")
    add("--filter", metavar="FILTER", default="", help="only those that match, in the filter language of wbtui")
    add("-o", "--output", choices=_FORMATS, default="table", help=f"the format: {', '.join(_FORMATS)}")
    add("--no-headers", dest="headers", action="store_false", help="no titles above the columns")
    add("--helm", action="store_true", help="with the secrets that Helm keeps its releases in")
    add("-w", "--watch", action="store_true", help="then print every change, until interrupted")
    add("--fail", action="store_true", help="exit with 3 where there are such secrets")
    add_connection_flags(parser, several=True)
    add_log_flags(parser, "stderr")
    return parser


def run(arguments: Sequence[str]) -> int:
    """Print what is asked for, and return the exit code."""
    of_get = parser()
    options = of_get.parse(arguments, most_words=sys.maxsize)
    from wbtui.commands.choosing import choice_of  # noqa: PLC0415  a mistake is told without waiting for it
    from wbtui.commands.ending import logged_exit_code  # noqa: PLC0415
    from wbtui.commands.printing import print_changes, print_once  # noqa: PLC0415

    choice = choice_of(of_get, options)
    if options.watch and options.fail:
        of_get.error("--fail does not go with --watch, which does not end by itself")
    if options.watch and options.output in {"yaml", "csv"}:
        of_get.error(f"--watch prints no {options.output}: choose another format with -o")
    if options.watch and choice.query.asks_uses:
        of_get.error("--watch does not follow who uses secrets: leave out is:unused, is:stale and used:")
    if options.watch and choice.query.asks_expiry:
        of_get.error("--watch does not follow what expires: leave out is:expiring, is:expired and expires:")
    if options.watch:
        return logged_exit_code(options, lambda: print_changes(options, choice))
    with collector.paused():  # of a list, nothing is garbage before the end
        return logged_exit_code(options, lambda: print_once(options, choice))
