"""`wbtui stale`: print the running containers that hold an old value of a secret."""

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wbtui.arguments import Parser, add_connection_flags, add_log_flags
from wbtui.commands.exit_codes import DONE, EXIT_CODES, FAILED, FOUND
from wbtui.startup.streams import say

if TYPE_CHECKING:
    from wbtui.domain.held_values import HeldValue
    from wbtui.domain.secret import Secret


def parser() -> Parser:
    """Return the parser of what follows the command."""
    parser = Parser.of(
        "wbtui stale",
        "Print the running containers that hold an old value: of the given secrets, or of all in the project.\n"
        "A container is compared by when it was started and when the value was last written.",
        EXIT_CODES,
        "[NAME...] [flags]",
    )
    add = parser.add_argument
    add("-A", "--all-namespaces", action="store_true", help="in all projects")
    add("-o", "--output", choices=("table", "json"), default="table", help="the format: table or json")
    add("--no-headers", dest="headers", action="store_false", help="no titles above the columns")
    add("--fail", action="store_true", help="exit with 3 where there is one")
    add_connection_flags(parser, several=True)
    add_log_flags(parser, "stderr")
    return parser


def run(arguments: Sequence[str]) -> int:
    """Print the containers, and return the exit code."""
    of_stale = parser()
    options = of_stale.parse(arguments, most_words=sys.maxsize)
    from wbtui.commands.choosing import names_of  # noqa: PLC0415  a mistake is told without waiting for it
    from wbtui.commands.ending import logged_exit_code  # noqa: PLC0415

    names = names_of(of_stale, options.words)
    return logged_exit_code(options, lambda: _stale(options, names))


async def _stale(options: Namespace, names: tuple[str, ...]) -> int:
    from wbtui.commands.choosing import choice_by_name, not_searched_in_words, readable_in, say_missing, usage_of  # noqa: PLC0415
    from wbtui.commands.ending import tell  # noqa: PLC0415
    from wbtui.commands.place import connected  # noqa: PLC0415
    from wbtui.domain.held_values import HeldVerdict, held_values  # noqa: PLC0415

    async with connected(options) as meant:
        readable = await readable_in(meant, choice_by_name(*names))
        secrets, place, _ = readable
        usage = await usage_of(place) if secrets else None
    held = [(secret, one) for secret in secrets if usage for one in held_values(secret, usage.of(secret))]
    old = [pair for pair in held if pair[1].verdict is HeldVerdict.OLD]
    if old or options.output == "json":
        tell(_json(old) if options.output == "json" else _table(old, headers=options.headers))
    whole = not readable.unread and bool(secrets or not names)
    _say_what_is_not_known(held, [] if usage is None else list(not_searched_in_words(usage)), whole=whole)
    failed = readable.say_unread()
    if say_missing(names, secrets, place) or failed:
        return FAILED
    return FOUND if old and options.fail else DONE


def _say_what_is_not_known(held: Sequence[tuple["Secret", "HeldValue"]], gaps: Sequence[str], *, whole: bool) -> None:
    from wbtui.domain.held_values import HeldVerdict  # noqa: PLC0415
    from wbtui.domain.text import plain  # noqa: PLC0415

    for secret, one in held:
        if one.verdict is HeldVerdict.UNKNOWN:
            say(plain(f"Cannot tell for {secret.name} in pod {one.pod.name}, {one.container.name}: {one.reason}."))
    for line in gaps:
        say(line)
    if not any(one.verdict is not HeldVerdict.NEW for _, one in held) and not gaps and whole:
        say("No running container holds an old value.")


def _table(old: Sequence[tuple["Secret", "HeldValue"]], *, headers: bool) -> str:
    from wbtui.commands.secret_formats import aligned  # noqa: PLC0415
    from wbtui.domain.text import plain  # noqa: PLC0415

    rows = [[secret.namespace, secret.name, one.pod.name, one.container.name, plain(one.reason)] for secret, one in old]
    return aligned([["PROJECT", "SECRET", "POD", "CONTAINER", "WHY"], *rows] if headers else rows)


def _json(old: Sequence[tuple["Secret", "HeldValue"]]) -> str:
    from wbtui.commands.secret_formats import API_VERSION  # noqa: PLC0415

    items = [
        {
            "project": secret.namespace,
            "secret": secret.name,
            "pod": one.pod.name,
            "container": one.container.name,
            "reason": one.reason,
        }
        for secret, one in old
    ]
    return json.dumps({"apiVersion": API_VERSION, "kind": "StaleContainers", "items": items}, indent=2) + "\n"
