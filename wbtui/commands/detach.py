"""`wbtui detach`: remove a secret from a workload."""

import sys
from argparse import Namespace
from collections.abc import Sequence

from wbtui.arguments import Parser
from wbtui.commands.changing import (
    SecretAndWorkload,
    WorkloadChange,
    add_flags,
    carry_out,
    only_project,
    say_refusal,
    secret_and_workload,
)
from wbtui.commands.exit_codes import EXIT_CODES, FAILED
from wbtui.domain.text import plain
from wbtui.startup.streams import say


def parser() -> Parser:
    """Return the parser of what follows the command."""
    parser = Parser.of(
        "wbtui detach",
        "Remove a secret from a workload, everywhere that wbtui attach can put it. The secret itself need not exist.\n"
        "The workload is as kubectl names it, as in deployment/web. What would change is tried with a dry run first;\n"
        "on a terminal, it asks before it changes anything.",
        EXIT_CODES,
        "NAME WORKLOAD [flags]",
    )
    add_flags(parser)
    return parser


def run(arguments: Sequence[str]) -> int:
    """Change the workload, and return the exit code."""
    of_detach = parser()
    options = of_detach.parse(arguments, most_words=sys.maxsize)
    from wbtui.commands.ending import logged_exit_code  # noqa: PLC0415  a mistake is told without waiting for it

    what = secret_and_workload(of_detach, options)
    return logged_exit_code(options, lambda: _detach(options, what))


async def _detach(options: Namespace, what: SecretAndWorkload) -> int:
    from wbtui.changing import read_to_change  # noqa: PLC0415
    from wbtui.commands.writing import writing  # noqa: PLC0415
    from wbtui.domain.placements import detached, still_named  # noqa: PLC0415

    async with writing(options) as place:
        if not (namespace := only_project(place)):
            return FAILED
        workload = await place.cluster.workloads.named(what.workload.kind, namespace, what.workload.name)
        if say_refusal(workload):
            return FAILED
        before, pods = await read_to_change(place.cluster.workloads, workload)
        after = detached(workload.target, before, what.secret)
        left = still_named(workload.target, after, what.secret)
        if left:
            say(plain(f"Not removed here: {', '.join(left)}."))
        question = f"Remove {what.secret} from {workload} in {namespace}"
        code = await carry_out(place, WorkloadChange(workload, before, after, pods, question), options)
    return FAILED if left else code
