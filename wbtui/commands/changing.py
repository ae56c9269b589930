"""What attach and detach share: their flags, the workload that is meant, and a change that is shown, asked and sent."""

import asyncio
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from wbtui.arguments import Parser, add_writing_flags
from wbtui.commands.exit_codes import DONE, FAILED
from wbtui.domain.reference_paths import Json
from wbtui.domain.targets import Workload
from wbtui.domain.text import plain
from wbtui.domain.workload_names import WorkloadName, as_kubectl, workload_name
from wbtui.errors import AlreadyExists, Conflict, DryRunUnsupported
from wbtui.startup.streams import say

if TYPE_CHECKING:
    from wbtui.commands.writing import WritingPlace

_WORDS = 2


class SecretAndWorkload(NamedTuple):
    """The name of a secret, and the workload to change."""

    secret: str
    workload: WorkloadName


class WorkloadChange(NamedTuple):
    """A workload before and after a change, the names of its pods, and a question whether to change it."""

    workload: Workload
    before: Json
    after: Json
    pods: tuple[str, ...]
    question: str


def add_flags(parser: Parser) -> None:
    """Add the flags of a change."""
    add = parser.add_argument
    add("--diff", action="store_true", help="print what would differ in the workload, without values")
    add("--dry-run", nargs="?", const="server", choices=("server",), help="only ask the cluster whether it could be")
    add("-y", "--yes", action="store_true", help="do not ask; needed where there is no terminal")
    add_writing_flags(parser)


def secret_and_workload(parser: Parser, options: Namespace) -> SecretAndWorkload:
    """Return what the words mean; or exit with a sentence."""
    from wbtui.commands.choosing import names_of  # noqa: PLC0415  a mistake is told without waiting for it
    from wbtui.commands.writing import can_ask  # noqa: PLC0415

    if "," in (options.namespace or ""):
        parser.error("-n: a workload is in one project")
    if len(options.words) != _WORDS:
        parser.error("it needs the name of a secret, and then a workload, as in deployment/web")
    (secret,) = names_of(parser, options.words[:1])
    try:
        workload = workload_name(options.words[1])
    except ValueError as error:
        parser.error(str(error))
    if not (options.yes or options.dry_run or can_ask()):
        parser.error("there is no terminal to ask on: add --yes to change it without a question, or --dry-run=server")
    return SecretAndWorkload(secret, workload)


def only_project(place: "WritingPlace") -> str:
    """Return the project of the workload; empty, after a sentence, where several are named."""
    if len(place.namespaces) == 1:
        return place.namespaces[0]
    say("A workload is in one project: name one with -n.")
    return ""


def say_refusal(workload: Workload) -> bool:
    """Return whether a workload cannot be changed, after a sentence that says why."""
    if workload.refusal:
        say(plain(f"{workload}: {workload.refusal}."))
    return bool(workload.refusal)


async def carry_out(place: "WritingPlace", change: WorkloadChange, options: Namespace) -> int:
    """Show a change, ask, send it, and return the exit code. What was changed meanwhile is not written over."""
    from wbtui.changing import by_whom  # noqa: PLC0415
    from wbtui.commands.ending import tell  # noqa: PLC0415

    store, workload = place.cluster.workloads, change.workload
    name = plain(as_kubectl(workload))
    if change.after == change.before:
        tell(f"{name} unchanged\n")
        return DONE
    if options.diff:
        tell("".join(f"{plain(line)}\n" for line in _diff(change, name)))
    try:
        await _try_first(place, change, options)
        if options.dry_run:
            tell(f"{name} {_done(workload)} (server dry run)\n")
            return DONE
        say(plain(workload.target.consequence(change.before, change.pods)))
        if not options.yes and not await _agreed(place, change):
            say("Nothing was changed.")
            return FAILED
        await _write(place, change)
    except (Conflict, AlreadyExists):
        now = await store.read(replace(workload, exists=True))
        say(
            plain(f"{workload} has changed{by_whom(now)}: nothing was changed. Run it again to see the new difference.")
        )
        return FAILED
    tell(f"{name} {_done(workload)}\n")
    return DONE


def _done(workload: Workload) -> str:
    return "changed" if workload.exists else "created"


def _diff(change: WorkloadChange, name: str) -> Sequence[str]:
    from wbtui.domain.manifests import unified_differences  # noqa: PLC0415

    return unified_differences(change.before, change.after, name)


async def _try_first(place: "WritingPlace", change: WorkloadChange, options: Namespace) -> None:
    try:
        await place.cluster.workloads.write(change.before, change.after, dry_run=True)
    except DryRunUnsupported as error:
        if options.dry_run:
            raise
        say(f"{plain(str(error))}. It is changed without a dry run.")


async def _write(place: "WritingPlace", change: WorkloadChange) -> None:
    try:
        await place.cluster.workloads.write(change.before, change.after)
    except asyncio.CancelledError:
        say(plain(f"{as_kubectl(change.workload)}: it is not known whether it was {_done(change.workload)}."))
        raise


async def _agreed(place: "WritingPlace", change: WorkloadChange) -> bool:
    from wbtui.commands.writing import answer_to  # noqa: PLC0415

    context = plain(place.cluster.context)
    return await answer_to(f"{plain(change.question)}, in the cluster {context}? Type y to change it: ") == "y"
