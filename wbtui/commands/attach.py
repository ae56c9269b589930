"""`wbtui attach`: have a workload use a secret."""

import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

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

if TYPE_CHECKING:
    from wbtui.domain.placements import Attachment, Placement
    from wbtui.domain.reference_paths import Json
    from wbtui.domain.secret import Secret
    from wbtui.domain.targets import Workload

_PLACEMENTS = {
    "variables": "variables",
    "keys": "all keys",
    "files": "files",
    "pull-secret": "pull secret",
    "download": "download variables",
}
"""The names of placements by what --how takes."""
_FLAGS = {"container": "containers", "variable": "variables", "prefix": "prefix", "folder": "folder"}
"""What a placement asks for, by the flag that says it."""
_EXAMPLES = """\
examples:
  wbtui attach hf-token deployment/chat --diff
  wbtui attach s3-data deploy/loader --how variables --variable AWS_ACCESS_KEY_ID=access-key
  wbtui attach tls-files sts/db --how files --folder /etc/tls --container db --yes
  wbtui attach registry sa/default --how pull-secret --dry-run=server

--how says how the workload gets the secret, by default as is usual for its use case: as variables, with all keys as
variables, as files, as a pull secret, or as variables of the download of a model.
"""


def parser() -> Parser:
    """Return the parser of what follows the command."""
    parser = Parser.of(
        "wbtui attach",
        "Have a workload use a secret. The workload is as kubectl names it, as in deployment/web. What would change\n"
        "is tried with a dry run first; on a terminal, it asks before it changes anything.",
        f"{_EXAMPLES}\n{EXIT_CODES}",
        "NAME WORKLOAD [flags]",
    )
    add = parser.add_argument
    add("--how", choices=tuple(_PLACEMENTS), help=f"how the workload gets it: {', '.join(_PLACEMENTS)}")
    add("--container", metavar="NAME", action="append", default=[], help="only this container; may be repeated")
    add(
        "--variable",
        metavar="VARIABLE=KEY",
        action="append",
        default=[],
        help="a variable, and the key that it gets; may be repeated. By default every key, under its usual name",
    )
    add("--prefix", metavar="TEXT", default="", help="what the names of the variables begin with, for --how keys")
    add("--folder", metavar="PATH", default="", help="where the files are, for --how files")
    add_flags(parser)
    return parser


def run(arguments: Sequence[str]) -> int:
    """Change the workload, and return the exit code."""
    of_attach = parser()
    options = of_attach.parse(arguments, most_words=sys.maxsize)
    from wbtui.commands.ending import logged_exit_code  # noqa: PLC0415  a mistake is told without waiting for it

    what = secret_and_workload(of_attach, options)
    variables = _variables(of_attach, options.variable)
    for problem in _mistakes(options, variables):
        of_attach.error(problem)
    return logged_exit_code(options, lambda: _attach(options, what, variables))


def _variables(parser: Parser, pairs: Sequence[str]) -> dict[str, str]:
    """Return the keys by the variables that get them; or exit with a sentence."""
    found: dict[str, str] = {}
    for pair in pairs:
        variable, equals, key = pair.partition("=")
        if not (equals and key):
            parser.error("--variable takes the name of a variable, = and a key, as in TOKEN=token")
        if variable in found:
            parser.error(f"--variable: {plain(variable)} is there twice")
        found[variable] = key
    return found


def _mistakes(options: Namespace, variables: Mapping[str, str]) -> Iterator[str]:
    from wbtui.domain.placements import folder_problem, variable_problem  # noqa: PLC0415

    names = (*variables, *([options.prefix] if options.prefix else []))
    yield from (plain(problem) for name in names if (problem := variable_problem(name)))
    if options.folder and (problem := folder_problem(options.folder)):
        yield f"--folder: {problem}"


class _Wanted(NamedTuple):
    """What is asked for: a secret in a workload as it is now, by the flags; `variables` maps variables to keys."""

    secret: "Secret"
    workload: "Workload"
    before: "Json"
    options: Namespace
    variables: Mapping[str, str]


async def _attach(options: Namespace, what: SecretAndWorkload, variables: Mapping[str, str]) -> int:
    from wbtui.changing import read_to_change  # noqa: PLC0415
    from wbtui.commands.writing import writing  # noqa: PLC0415
    from wbtui.domain.placements import attached  # noqa: PLC0415

    async with writing(options) as place:
        if not (namespace := only_project(place)):
            return FAILED
        secret = await place.cluster.named(namespace, what.secret)
        if not secret or secret.deleted:
            why = "is being deleted: pods could not start with it" if secret else f"does not exist in {namespace}"
            say(f"Secret {what.secret} {why}.")
            return FAILED
        workload = await place.cluster.workloads.named(what.workload.kind, namespace, what.workload.name)
        if say_refusal(workload):
            return FAILED
        before, pods = await read_to_change(place.cluster.workloads, workload)
        if not (attachment := _attachment(_Wanted(secret, workload, before, options, variables))):
            return FAILED
        after = attached(workload.target, before, attachment)
        question = f"Attach {secret.names} to {workload} in {namespace}"
        return await carry_out(place, WorkloadChange(workload, before, after, pods, question), options)


def _attachment(wanted: _Wanted) -> "Attachment | None":
    """Return how to attach the secret; None, after a sentence, where it cannot be attached so."""
    from wbtui.domain.placements import Attachment, clashes, variables_for  # noqa: PLC0415

    secret, workload, before, options, variables = wanted
    if not (placement := _placement(wanted)):
        return None
    usual = {variable: key for key, variable in variables_for(secret).items()}
    attachment = Attachment(
        secret.name,
        placement,
        containers=options.container or workload.target.container_names(before),
        variables=variables or usual,
        prefix=options.prefix,
        folder=options.folder.rstrip("/") or f"/etc/secrets/{secret.name}",
    )
    wrong = list(_wrong(wanted, attachment))
    in_use = clashes(workload.target, before, attachment) if not wrong else []
    for problem in (*wrong, *in_use):
        say(plain(f"{problem}."))
    return None if wrong or (in_use and placement.clashes_block) else attachment


def _placement(wanted: _Wanted) -> "Placement | None":
    """Return how the workload gets the secret; None, after a sentence, where it cannot."""
    from wbtui.domain.placements import placements_on  # noqa: PLC0415

    secret, workload, how = wanted.secret, wanted.workload, wanted.options.how
    possible = {one.name: one for one in placements_on(secret, workload.target, wanted.before)}
    name = _PLACEMENTS[how] if how else next(iter(possible), "")
    if name in possible:
        return possible[name]
    flags = " or ".join(flag for flag, placement in _PLACEMENTS.items() if placement in possible)
    what = f"a secret of use case {secret.use_case}" if secret.use_case else "a secret without a use case"
    takes = f"takes {what} with --how {flags}" if flags else f"takes {what} in no way"
    say(plain(f"{secret.names} is not attached{f' as {how}' if how else ''}: {workload} {takes}."))
    return None


def _wrong(wanted: _Wanted, attachment: "Attachment") -> Iterator[str]:
    """Yield what is wrong with the flags for the secret and the workload as they are."""
    secret, asks = wanted.secret, attachment.placement.asks
    for flag, field in _FLAGS.items():
        if getattr(wanted.options, flag) and field not in asks:
            yield f"--{flag} is not for {attachment.placement.title}: choose another way with --how"
    if "variables" in asks and not attachment.variables:
        yield f"the keys of {secret.names} are not known: choose keys or files with --how"
    keys, containers = secret.keys, wanted.workload.target.container_names(wanted.before)
    if "variables" in asks and not wanted.variables:
        yield from _clashing_names(secret)
    yield from _unknown("key", wanted.variables.values(), keys, secret.names)
    yield from _unknown("container", wanted.options.container, containers, str(wanted.workload))


def _clashing_names(secret: "Secret") -> Iterator[str]:
    """Yield a sentence for each variable that several keys have by default."""
    from wbtui.domain.placements import variables_for  # noqa: PLC0415

    keys: dict[str, list[str]] = {}
    for key, variable in variables_for(secret).items():
        keys.setdefault(variable, []).append(key)
    for variable, same in keys.items():
        if len(same) > 1:
            yield f"{variable} would be the variable of keys {' and '.join(same)}: name others with --variable"


def _unknown(what: str, named: Iterable[str], known: Sequence[str] | None, of: str) -> Iterator[str]:
    """Yield a sentence for each name that is not known, where it is known what there is."""
    for name in named:
        if known is not None and name not in known:
            yield f"{of} has no {what} {name}; it has {', '.join(known) or 'none'}"
