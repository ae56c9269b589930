"""The projects in which a command writes, and writing there: first all are tried, then each is written once."""

import asyncio
from argparse import Namespace
from collections.abc import Iterable
from typing import NamedTuple

from wbtui.arguments import Parser
from wbtui.batching import Batch, BatchTarget, Stage, WriteReport
from wbtui.commands.ending import tell
from wbtui.commands.exit_codes import DONE, FAILED
from wbtui.commands.writing import WritingPlace
from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.errors import ClusterError, NotFound
from wbtui.startup.streams import say


class Words(NamedTuple):
    """What a write is called once it is done, and where it is only tried."""

    done: str
    possible: str


def check_targets(parser: Parser, options: Namespace) -> None:
    """Exit with a sentence where the flags name projects in two ways, or labels with nothing."""
    if options.projects is not None and options.namespace is not None:
        parser.error("--projects and -n name projects in two ways: leave one out")
    if options.projects == "":
        parser.error("--projects: a label selector is needed, as in team=a")


async def projects_of(place: WritingPlace, options: Namespace) -> tuple[str, ...]:
    """Return the projects that are meant. Raises any `ClusterError`, `NotFound` where labels select none."""
    if options.projects is None:
        return place.namespaces
    found = await place.cluster.projects(options.projects)
    for project in found:
        if project.terminating:
            say(f"Project {plain(project.namespace)} is left out: it is being deleted.")
    names = tuple(project.namespace for project in found if not project.terminating)
    if not names:
        raise NotFound(f"no project has labels that {plain(options.projects)} selects", advice="Check the selector.")
    return names


class Targets:
    """The targets of one command in one or several projects; outcomes go to stdout, reasons to stderr."""

    def __init__(self, place: WritingPlace, targets: Iterable[BatchTarget], words: Words, *, many: bool) -> None:
        self._batch = Batch(place.cluster, targets)
        self._words = words
        self._many = many

    @property
    def written(self) -> list[Secret]:
        """Return the secrets that were written, as the cluster answered."""
        return [report.secret for report in self._batch.done if report.secret]

    async def try_all(self) -> bool:
        """Try all, and return whether any can be written. Raises what keeps it from all."""
        async for report in self._batch.try_all():
            if report.stage in {Stage.REFUSED, Stage.CHANGED}:
                self._tell_failure(report)
        return any(report.stage is Stage.READY for report in self._batch.reports)

    def tell_possible(self) -> int:
        """Print what could be written, and return the exit code."""
        for report in self._batch.reports:
            if report.stage is Stage.READY and not report.untried:
                self._print(report, self._words.possible)
            elif report.untried:
                self._print(report, "not known")
                say(f"{_name(report)}: {report.detail}.")
        return DONE if all(one.stage is Stage.READY and not one.untried for one in self._batch.reports) else FAILED

    async def write(self) -> int:
        """Write what can be written, one after the other, and return the exit code. Raises what keeps it from all."""
        try:
            async for report in self._batch.write({Stage.READY}):
                self._tell(report)
        except (ClusterError, asyncio.CancelledError):
            self._tell_what_is_left()
            raise
        return DONE if len(self._batch.done) == len(self._batch.reports) else FAILED

    def _tell(self, report: WriteReport) -> None:
        if report.stage is Stage.DONE:
            self._print(report, self._words.done)
        elif report.stage is not Stage.WRITING:
            self._tell_failure(report)

    def _tell_failure(self, report: WriteReport) -> None:
        if self._many:
            self._print(report, f"{'perhaps' if report.stage is Stage.UNKNOWN else 'not'} {self._words.done}")
        said = report.detail.removesuffix("; another try replaces it anyway")
        say(plain(f"{_name(report)}: {said}").rstrip(".") + ".")

    def _tell_what_is_left(self) -> None:
        for report in self._batch.reports:
            if report.stage is Stage.WRITING:
                say(f"{_name(report)}: it is not known whether it was {self._words.done}.")
            elif report.stage is Stage.READY:
                say(f"{_name(report)}: not {self._words.done}.")

    def _print(self, report: WriteReport, outcome: str) -> None:
        name = report.target.name
        tell_outcome(f"secret/{name} {outcome}{f' in {report.target.namespace}' if self._many else ''}")


def tell_outcome(line: str) -> None:
    """Write a line of data to stdout; what is under way goes on where that cannot be written, and fails at the end."""
    try:
        tell(f"{plain(line)}\n")
    except OSError as error:
        say(f"The output cannot be written: {error.strerror}.")


def _name(report: WriteReport) -> str:
    return plain(f"{report.target.namespace}/{report.target.name}")


async def write_targets(targets: Targets, *, only_check: bool) -> int:
    """Try all targets, then write what can be written unless it is `only_check`; return the exit code."""
    possible = await targets.try_all()
    if only_check:
        return targets.tell_possible()
    return await targets.write() if possible else FAILED
