"""`wbtui uses`: print what refers to secrets, and what could not be searched for them."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from wbtui.arguments import Parser, add_connection_flags, add_log_flags
from wbtui.commands.exit_codes import DONE, EXIT_CODES, FAILED, FOUND
from wbtui.startup.streams import say

if TYPE_CHECKING:
    from wbtui.domain.secret import Secret
    from wbtui.domain.usage import Usage


def parser() -> Parser:
    """Return the parser of what follows the command."""
    parser = Parser.of(
        "wbtui uses",
        "Print what uses a secret: the workloads and other objects that refer to it, each with the place.",
        EXIT_CODES,
        "NAME... [flags]",
    )
    add = parser.add_argument
    add("-o", "--output", choices=("text", "json"), default="text", help="the format: text or json")
    add("--fail", action="store_true", help="exit with 3 where something uses one of them")
    add_connection_flags(parser, several=True)
    add_log_flags(parser, "stderr")
    return parser


def run(arguments: Sequence[str]) -> int:
    """Print the uses, and return the exit code."""
    of_uses = parser()
    options = of_uses.parse(arguments, most_words=sys.maxsize)
    from wbtui.commands.choosing import names_of  # noqa: PLC0415  a mistake is told without waiting for it
    from wbtui.commands.ending import logged_exit_code  # noqa: PLC0415

    names = names_of(of_uses, options.words)
    if not names:
        of_uses.error("it needs the name of a secret")
    return logged_exit_code(options, lambda: _uses(options, names))


async def _uses(options: Namespace, names: tuple[str, ...]) -> int:
    from wbtui.commands.choosing import choice_by_name, readable_in, say_missing, usage_of  # noqa: PLC0415
    from wbtui.commands.ending import tell  # noqa: PLC0415
    from wbtui.commands.place import connected  # noqa: PLC0415

    async with connected(options) as meant:
        readable = await readable_in(meant, choice_by_name(*names))
        secrets, place, _ = readable
        usage = await usage_of(place) if secrets else None
    if usage:
        lines = _lines(secrets, usage, projects=meant.many)
        tell(_json(secrets, usage) if options.output == "json" else "".join(lines))
    failed = readable.say_unread()
    if say_missing(names, secrets, place) or failed:
        return FAILED
    return FOUND if options.fail and usage and any(map(usage.of, secrets)) else DONE


def _lines(secrets: Sequence["Secret"], usage: "Usage", *, projects: bool) -> Iterator[str]:
    from wbtui.domain.text import plain  # noqa: PLC0415
    from wbtui.domain.usage import by_topmost_owner, missing_keys  # noqa: PLC0415
    from wbtui.domain.usage_words import gaps_in_words, nothing_found, place_in_words  # noqa: PLC0415

    for secret in secrets:
        uses = usage.of(secret)
        name = plain(f"secret/{secret.name}{f' in {secret.namespace}' if projects else ''}")
        yield f"{name}\n" if projects or len(secrets) > 1 else ""
        for top, spots in by_topmost_owner(uses):
            yield f"{plain(str(top))}\n"
            for spot in spots:
                missing = " — no such key in the secret" if missing_keys(secret, [spot.use]) else ""
                yield f"  {''.join(place_in_words(spot))}{missing}\n"
        if not uses:
            say(f"{name}: {nothing_found(usage)}" if projects or len(secrets) > 1 else nothing_found(usage))
    for line in gaps_in_words(usage.unsearched):
        say(plain(line))


def _json(secrets: Sequence["Secret"], usage: "Usage") -> str:
    from wbtui.commands.secret_formats import API_VERSION  # noqa: PLC0415

    document = {
        "apiVersion": API_VERSION,
        "kind": "SecretUses",
        "notSearched": [{"kind": kind.kind, "reason": kind.reason} for kind in usage.unsearched],
        "items": [_record(secret, usage) for secret in secrets],
    }
    return json.dumps(document, indent=2) + "\n"


def _record(secret: "Secret", usage: "Usage") -> dict[str, Any]:
    (used,) = usage.used([secret])
    return {
        "name": secret.name,
        "project": secret.namespace,
        "used": used,
        "uses": [
            {
                "kind": use.user.kind,
                "name": use.user.name,
                "project": use.user.namespace,
                "owner": {"kind": use.top.kind, "name": use.top.name},
                "path": use.reference.path,
                "key": use.reference.key,
                "optional": use.reference.optional,
                "needsRestart": use.needs_restart,
            }
            for use in usage.of(secret)
        ],
    }
