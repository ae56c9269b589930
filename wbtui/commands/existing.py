"""The secrets that get new values: those of one name in the projects that are meant, or why one cannot be written."""

from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from wbtui.arguments import Parser
from wbtui.batching import BatchTarget
from wbtui.commands.asking import agreed
from wbtui.commands.choosing import names_of
from wbtui.commands.filling import Misfit
from wbtui.commands.new_values import Extent, FilledValues, new_values, typed_values
from wbtui.commands.sources import Given, given_values
from wbtui.commands.targets import check_targets, projects_of
from wbtui.commands.writing import WritingPlace, can_ask
from wbtui.domain.credential import EnteredCredential
from wbtui.domain.form_matches import use_case_of
from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.errors import Conflict, Forbidden, NotFound
from wbtui.repository import Cluster
from wbtui.startup.streams import say

IMMUTABLE = "it is immutable: its values cannot change; wbtui rotate --new-name creates another one under a new name"


@dataclass(frozen=True, slots=True)
class Refused:
    """A target that cannot be written, and why: nothing is sent for it."""

    namespace: str
    name: str
    reason: str

    @property
    def names(self) -> str:
        """Return what the secret is called."""
        return self.name

    def refusal(self) -> str:
        """Return why it cannot be written."""
        return self.reason

    def consequences(self) -> str:
        """Return nothing: it is not written."""
        return ""

    async def send(self, cluster: Cluster, *, dry_run: bool) -> Secret:
        """Send nothing. Raises `Conflict`."""
        del cluster, dry_run
        raise Conflict(self.reason)

    async def after_conflict(self, cluster: Cluster, error: Conflict) -> tuple[BatchTarget | None, str]:
        """Return that it cannot be written."""
        del cluster, error
        return None, self.reason


@dataclass(frozen=True, slots=True)
class Existing:
    """What was found in each project, in their order."""

    found: dict[str, Secret] = field(default_factory=dict)
    writable: dict[str, FilledValues] = field(default_factory=dict)
    refused: dict[str, Refused] = field(default_factory=dict)
    projects: Sequence[str] = ()

    def targets(self, of_values: Callable[[FilledValues], BatchTarget]) -> Iterable[BatchTarget]:
        """Return the targets, in the order of the projects."""
        for project in self.projects:
            values = self.writable.get(project)
            yield of_values(values) if values else self.refused[project]


class Asked(NamedTuple):
    """What the command line asks for: new values, and for which keys. With `writes` not set, no value is written."""

    options: Namespace
    given: Given
    extent: Extent
    writes: bool


def asked_for(parser: Parser, options: Namespace, extent: Extent, *, writes: bool = True) -> Asked:
    """Return what the command line asks for; or exit with a sentence about a mistake."""
    if len(options.words) != 1:
        parser.error("it needs the name of one secret")
    options.words = list(names_of(parser, options.words))
    check_targets(parser, options)
    given = given_values(parser, options)
    if given.any and not writes:
        parser.error("--restart-only writes no values: leave out where they come from")
    if writes and not given.any and not can_ask():
        parser.error("no new value is given: add --FIELD-file, --from-file, --from-env-file or another source")
    return Asked(options, given, extent, writes)


async def find_existing(place: WritingPlace, asked: Asked) -> Existing:
    """Return the secrets with their new values, which are asked for where none is given. Raises any `ClusterError`."""
    projects = await projects_of(place, asked.options)
    existing = Existing(projects=projects)
    (name,) = asked.options.words
    for project in projects:
        secret = await _look_up(place, project, name)
        reason = secret if isinstance(secret, str) else _refusal(secret, asked)
        if reason or isinstance(secret, str):
            existing.refused[project] = Refused(project, name, reason)
        else:
            existing.found[project] = secret
    given = asked.given
    for project, secret in existing.found.items() if asked.writes else ():
        try:
            given = given if given.any else await typed_values(place, asked.options, secret, asked.extent)
            existing.writable[project] = new_values(asked.options, secret, given, asked.extent)
        except Misfit as error:
            existing.refused[project] = Refused(project, name, str(error))
    return existing


async def _look_up(place: WritingPlace, project: str, name: str) -> Secret | str:
    """Return a secret, or why there is none. Raises `ClusterError` where it is not known for any project."""
    try:
        return await place.cluster.named(project, name) or "there is no such secret"
    except (Forbidden, NotFound) as error:
        return error.titled


def _refusal(secret: Secret, asked: Asked) -> str:
    if not asked.writes:
        return ""
    return secret.refusal_to_change or (IMMUTABLE if secret.immutable and not asked.extent.new_secret else "")


async def may_be_sent(place: WritingPlace, existing: Existing, options: Namespace) -> bool:
    """Say what is wrong or odd about the values, try them where that is wanted, and return whether they may be sent."""
    if not await _are_right(existing, yes=options.yes):
        return False
    for values in existing.writable.values():
        for note in values.notes():
            say(plain(f"{values.secret.namespace}/{values.secret.name}: {note}"))
    first = next(iter(existing.writable.items()), None)
    if options.try_with is None or not first:
        return True
    from wbtui.commands.trial import tried  # noqa: PLC0415  few values are tried

    project, values = first
    credential = EnteredCredential(use_case_of(values.secret), values.form.entry_form, values.form.entries())
    return await tried(place, project, credential, options.try_with)


async def _are_right(existing: Existing, *, yes: bool) -> bool:
    """Say what is wrong or odd about the values, once for all projects, and return whether they may be sent."""
    many = len(existing.projects) > 1
    found = {
        (f"{title} in {project}" if many and title == "Keys" else title, problem.text): problem
        for project, values in existing.writable.items()
        for title, problem in values.problems()
    }
    return await agreed([(title, problem) for (title, _), problem in found.items()], yes=yes)
