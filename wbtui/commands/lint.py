"""`wbtui lint`: print what is wrong with secrets and with what refers to them."""

import asyncio
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from wbtui.arguments import Parser, add_connection_flags, add_log_flags
from wbtui.commands.exit_codes import DONE, EXIT_CODES, FAILED, FOUND
from wbtui.startup.streams import say

if TYPE_CHECKING:
    from wbtui.commands.choosing import SecretChoice
    from wbtui.commands.place import Place
    from wbtui.domain.checks.model import Check, CheckedFacts, CheckReport, Needs, NotChecked
    from wbtui.domain.secret import Secret
    from wbtui.domain.usage import Usage

_FORMATS = ("table", "json", "sarif", "name")
_SEVERITIES = ("error", "warning", "note")
_SIDE_BY_SIDE = 6
_MOST_GAPS = 10
"""The most sentences about what could not be checked."""
_MOST_NAMED = 8
"""The most kinds or objects that such a sentence names."""
_EXAMPLES = """\
examples:
  wbtui lint                                  what is wrong in the project
  wbtui lint -A --fail=error                  in all projects, for a job that fails on errors
  wbtui lint --ignore old-value,expires-soon  without two of the checks
  wbtui lint -o sarif > secrets.sarif         for a viewer of findings

The checks are in docs/checks.md. What could not be checked is said on stderr and in JSON and SARIF.
"""


def parser() -> Parser:
    """Return the parser of what follows the command."""
    parser = Parser.of(
        "wbtui lint",
        "Print what is wrong with secrets and with what refers to them. Values are not asked for.",
        f"{_EXAMPLES}\n{EXIT_CODES}",
    )
    add = parser.add_argument
    add("-A", "--all-namespaces", action="store_true", help="in all projects")
    add("--filter", metavar="FILTER", default="", help="only of secrets that match, in the filter language of wbtui")
    add("--ignore", metavar="ID,...", action="append", default=[], help="leave out these checks")
    add("-o", "--output", choices=_FORMATS, default="table", help=f"the format: {', '.join(_FORMATS)}")
    add("--no-headers", dest="headers", action="store_false", help="no titles above the columns")
    add(
        "--fail",
        nargs="?",
        const=_SEVERITIES[-1],
        choices=_SEVERITIES,
        help="exit with 3 where something is found that is as bad as this, or worse; alone, where anything is found",
    )
    add_connection_flags(parser, several=True)
    add_log_flags(parser, "stderr")
    parser.set_defaults(helm=False)
    return parser


def run(arguments: Sequence[str]) -> int:
    """Print the findings, and return the exit code."""
    of_lint = parser()
    options = of_lint.parse(arguments)
    from wbtui.commands.choosing import choice_of  # noqa: PLC0415  a mistake is told without waiting for it
    from wbtui.commands.ending import logged_exit_code  # noqa: PLC0415
    from wbtui.domain.checks.table import BY_ID  # noqa: PLC0415

    choice = choice_of(of_lint, options)
    ignored = [one.strip() for flag in options.ignore for one in flag.split(",") if one.strip()]
    for one in ignored:
        if one not in BY_ID:
            of_lint.error(f"--ignore: {_no_such_check(one)}")
    return logged_exit_code(options, lambda: _lint(options, choice, ignored))


def _no_such_check(name: str) -> str:
    from wbtui.domain.checks.table import BY_ID  # noqa: PLC0415
    from wbtui.domain.suggestions import did_you_mean, quotable  # noqa: PLC0415

    return f'there is no check "{quotable(name)}"{did_you_mean(name, BY_ID)}'


async def _lint(options: Namespace, choice: "SecretChoice", ignored: Sequence[str]) -> int:
    from wbtui.commands.ending import tell  # noqa: PLC0415
    from wbtui.commands.finding_formats import FORMATS, FindingList  # noqa: PLC0415
    from wbtui.commands.place import connected, settings_of  # noqa: PLC0415
    from wbtui.domain.checks.model import Needs, Severity, at_least, report  # noqa: PLC0415
    from wbtui.domain.checks.table import CHECKS  # noqa: PLC0415

    left_out = {*ignored, *_set_aside(settings_of(options).ignored_checks)}
    checks = [check for check in CHECKS if check.id not in left_out]
    async with connected(options) as place:
        facts, gaps, unread = await _facts(options, place, choice, checks)
        projects = place.many
    found = report([check for check in checks if not (check.needs is Needs.ABSENCE and options.filter)], facts)
    found = found._replace(not_checked=(*gaps, *found.not_checked))
    if found.findings or options.output not in {"table", "name"}:
        tell(FORMATS[options.output](FindingList(found, tuple(checks), projects=projects, headers=options.headers)))
    for line in _in_words(found):
        say(line)
    if unread:
        return FAILED
    return FOUND if options.fail and at_least(Severity(options.fail), found.findings) else DONE


def _set_aside(names: Iterable[str]) -> Iterator[str]:
    """Yield the checks that the settings leave out; say which of them do not exist."""
    from wbtui.domain.checks.table import BY_ID  # noqa: PLC0415

    for name in names:
        if name in BY_ID:
            yield name
        else:
            say(f"The setting ignored_checks: {_no_such_check(name)}.")


async def _facts(
    options: Namespace, place: "Place", choice: "SecretChoice", checks: Sequence["Check"]
) -> "tuple[CheckedFacts, list[NotChecked], bool]":
    """Return what the checks look at, what of that could not be read, and whether that are whole projects."""
    from wbtui.commands.choosing import matching, readable_in, usage_of  # noqa: PLC0415
    from wbtui.domain.checks.model import CheckedFacts, Needs, NotChecked  # noqa: PLC0415
    from wbtui.domain.clock import utc_now  # noqa: PLC0415
    from wbtui.domain.usage import Usage  # noqa: PLC0415

    secrets, place, unread = await readable_in(place, choice)
    ids = tuple(check.id for check in checks)
    gaps = [NotChecked(ids, f"project {name}", str(why)) for name, why in unread.items()]
    if _needing(checks, Needs.WRITERS) or options.filter:
        secrets = await _with_writers(place, secrets)
    await choice.facts.learn(place, choice.query)
    usage, missing = choice.facts.usage or Usage((), (), ()), set[tuple[str, str]]()
    if _needing(checks, Needs.PODS, Needs.USERS, Needs.ABSENCE) and place.namespaces:
        usage = choice.facts.usage or await usage_of(place)
        gaps += _gaps_of(usage, checks)
    needing = _needing(checks, Needs.ABSENCE)
    if needing and options.filter:
        gaps.append(NotChecked(needing, "secrets that do not exist", "a filter matches none of them"))
    elif needing:
        missing, unknown = await _missing(place, secrets, usage)
        gaps += (NotChecked(needing, f"secret {namespace}/{name}", why) for (namespace, name), why in unknown.items())
    return CheckedFacts(secrets, matching(secrets, choice.query), usage, missing, utc_now()), gaps, bool(unread)


async def _with_writers(place: "Place", secrets: "list[Secret]") -> "list[Secret]":
    from wbtui.commands.choosing import with_certificates, with_sources  # noqa: PLC0415

    return await with_certificates(place, await with_sources(place, secrets)) if secrets else []


def _gaps_of(usage: "Usage", checks: Sequence["Check"]) -> "Iterator[NotChecked]":
    from wbtui.domain.checks.model import Needs, NotChecked  # noqa: PLC0415
    from wbtui.domain.checks.of_users import nowhere_in_particular  # noqa: PLC0415

    for kind in usage.unsearched:
        needs = (Needs.USERS, Needs.ABSENCE, *([Needs.PODS] if kind.kind == "Pod" else []))
        if needing := _needing(checks, *needs):
            yield NotChecked(needing, kind.kind, kind.reason)
    needing = _needing(checks, Needs.ABSENCE)
    for name in nowhere_in_particular(usage) if needing else ():
        yield NotChecked(needing, name, "it does not say in which project the secrets are that it refers to")


def _needing(checks: Sequence["Check"], *needs: "Needs") -> tuple[str, ...]:
    return tuple(check.id for check in checks if check.needs in needs)


async def _missing(
    place: "Place", secrets: Sequence["Secret"], usage: "Usage"
) -> "tuple[set[tuple[str, str]], dict[tuple[str, str], str]]":
    """Return which secrets that are referred to do not exist, and why that is not known of others.

    The cluster is asked once more for each: it may have been created since the list, or be of a type that is not
    listed, or in another project.
    """
    from wbtui.commands.choosing import choice_by_name, secrets_in  # noqa: PLC0415
    from wbtui.domain.checks.of_users import names_to_confirm  # noqa: PLC0415
    from wbtui.errors import ClusterError, NotFound  # noqa: PLC0415

    slots = asyncio.Semaphore(_SIDE_BY_SIDE)
    missing: set[tuple[str, str]] = set()
    unknown: dict[tuple[str, str], str] = {}

    async def ask(namespace: str, name: str) -> None:
        try:
            async with slots:
                there = await secrets_in(place._replace(namespaces=(namespace,)), choice_by_name(name))
        except NotFound:
            there = []
        except ClusterError as error:
            unknown[namespace, name] = str(error)
            return
        if not there:
            missing.add((namespace, name))

    await asyncio.gather(*(ask(*one) for one in names_to_confirm(secrets, usage, place.namespaces)))
    return missing, unknown


def _in_words(found: "CheckReport") -> Iterator[str]:
    """Yield what to do about the findings, once for each check, and what could not be checked."""
    if not found.findings:
        yield "No findings in what was checked." if found.not_checked else "No findings."
    for check in dict.fromkeys(finding.check for finding in found.findings):
        yield f"{check.id}: {check.advice}"
    gaps = list(_gaps_in_words(found))
    yield from gaps[:_MOST_GAPS]
    if len(gaps) > _MOST_GAPS:
        yield f"Not checked: {len(gaps) - _MOST_GAPS} more, which -o json prints."


def _gaps_in_words(found: "CheckReport") -> Iterator[str]:
    from wbtui.commands.finding_formats import in_words  # noqa: PLC0415
    from wbtui.domain.text import plain  # noqa: PLC0415

    same: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for one in found.not_checked:
        same.setdefault((one.checks, one.reason), []).append(one.what)
    for (checks, reason), what in same.items():
        more = f" and {len(what) - _MOST_NAMED} more, which -o json names" if len(what) > _MOST_NAMED else ""
        yield plain(in_words(checks, f"{', '.join(what[:_MOST_NAMED])}{more}", reason))
