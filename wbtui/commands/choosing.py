"""The secrets that a command is about: by name or all, and those that a filter matches."""

import re
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from wbtui.arguments import Parser
from wbtui.cluster.secrets import secrets_of
from wbtui.commands.ending import code_of, say_error
from wbtui.commands.exit_codes import LOGIN_NEEDED
from wbtui.commands.place import Place
from wbtui.domain.expiry import Certificates, expiry_of
from wbtui.domain.projects import Scope
from wbtui.domain.query import Query
from wbtui.domain.search_texts import SearchTexts
from wbtui.domain.secret import Secret
from wbtui.domain.syncing import ExternalSources
from wbtui.errors import ClusterError, Expired
from wbtui.startup.streams import say

if TYPE_CHECKING:
    from wbtui.domain.usage import Usage

# What few lists need is imported where it is needed: kubectl starts fast.
_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([-.a-z0-9]*[a-z0-9])?")
"""Any name that Kubernetes allows; another one could select something else."""
_KINDS = ("secret/", "secrets/")


class FilterFacts:
    """What a filter needs apart from the secrets: who the user is, and who uses secrets."""

    def __init__(self) -> None:
        self.me = ""
        self.usage: Usage | None = None

    def query(self, text: str) -> Query:
        """Return a filter that takes these facts when it is applied. Raises `QueryError`."""
        from wbtui.domain.filter_fields import UseFacts  # noqa: PLC0415
        from wbtui.domain.filter_language import parse  # noqa: PLC0415

        return parse(text, uses=UseFacts.of(lambda: self.usage), me=lambda: self.me)

    async def learn(self, place: Place, query: Query) -> None:
        """Ask the cluster for what a filter needs. Raises any `ClusterError`."""
        if query.asks_account:
            from wbtui.cluster.access import account_of  # noqa: PLC0415

            self.me = (await account_of(place.connection, place.email))[0].creator
        if query.asks_uses:
            self.usage = await usage_of(place)
            for line in not_searched_in_words(self.usage):
                say(line)


class SecretChoice(NamedTuple):
    """Which secrets are meant: those with `names`, or all; of these, those that `query` matches."""

    names: tuple[str, ...]
    query: Query
    facts: FilterFacts
    helm: bool = False


def choice_by_name(*names: str) -> SecretChoice:
    """Return the choice of the secrets with these names, or of all where none is given."""
    return SecretChoice(names, Query(), FilterFacts())


def choice_of(parser: Parser, options: Namespace) -> SecretChoice:
    """Return which secrets the arguments mean; or exit with a sentence about a mistake."""
    facts = FilterFacts()
    query = _query(parser, facts, options.filter) if options.filter else Query()
    return SecretChoice(names_of(parser, options.words), query, facts, options.helm)


def _query(parser: Parser, facts: FilterFacts, text: str) -> Query:
    from wbtui.domain.filter_terms import QueryError  # noqa: PLC0415

    try:
        return facts.query(text)
    except QueryError as error:
        parser.error(f"--filter, {error}")


def names_of(parser: Parser, words: Iterable[str]) -> tuple[str, ...]:
    """Return the names of secrets, which may be as `-o name` prints them; or exit with a sentence."""
    names = dict.fromkeys(_without_kind(word) for word in words)
    for name in names:
        if not _NAME.fullmatch(name):
            from wbtui.domain.suggestions import quotable  # noqa: PLC0415

            parser.error(f'no secret can be called "{quotable(name)}"')
    return tuple(names)


def _without_kind(word: str) -> str:
    return next((word.removeprefix(kind) for kind in _KINDS if word.startswith(kind)), word)


async def secrets_in(place: Place, choice: SecretChoice) -> list[Secret]:
    """Return the secrets that are meant, without the filter, by what people call them. Raises any `ClusterError`."""
    found: list[Secret] = []
    for scope in place.scopes(helm=choice.helm):
        for name in choice.names or ("",):
            found += await _listed(place, scope, name)
    return sorted(found, key=_by_title)


def _by_title(secret: Secret) -> tuple[str, ...]:
    return secret.namespace, secret.title.casefold(), secret.name, secret.uid


class Readable(NamedTuple):
    """The secrets of the projects that can be read, these projects, and why others cannot be read."""

    secrets: list[Secret]
    place: Place
    unread: dict[str | None, ClusterError]

    def say_unread(self) -> bool:
        """Say of each project that cannot be read why, and return whether there is one."""
        for error in self.unread.values():
            say_error(error)
        return bool(self.unread)


async def readable_in(place: Place, choice: SecretChoice) -> Readable:
    """Return the secrets that are meant in all projects that can be read.

    Raises any `ClusterError` where that is none, or where a login is needed.
    """
    found: list[Secret] = []
    unread: dict[str | None, ClusterError] = {}
    for namespace in place.namespaces:
        try:
            found += await secrets_in(place._replace(namespaces=(namespace,)), choice)
        except ClusterError as error:
            if code_of(error) == LOGIN_NEEDED:
                raise
            if len(unread) + 1 == len(place.namespaces):
                for other in unread.values():
                    say_error(other)
                raise
            unread[namespace] = error
    read = tuple(namespace for namespace in place.namespaces if namespace not in unread)
    return Readable(sorted(found, key=_by_title), place._replace(namespaces=read), unread)


async def _listed(place: Place, scope: Scope, name: str) -> tuple[Secret, ...]:
    list_watch = secrets_of(place.connection, scope, place.prefixes, name=name)
    try:
        return await list_watch.items()
    except Expired:  # it took longer than the cluster keeps what was asked for: from the beginning
        return await list_watch.items()


def say_missing(names: Iterable[str], secrets: Iterable[Secret], place: Place) -> bool:
    """Say which of the named secrets were not found, and return whether there is one."""
    missing = sorted(set(names) - {secret.name for secret in secrets})
    for name in missing:
        say(f"There is no secret {name} in {place.in_words}.")
    return bool(missing)


def matching(secrets: Sequence[Secret], query: Query) -> list[Secret]:
    """Return the secrets that a filter matches, in their order."""
    kept = list(secrets)
    for condition in query.conditions:
        flags = condition.keeps(kept, SearchTexts.of(kept))
        kept = [secret for secret, keep in zip(kept, flags, strict=True) if keep]
    return kept


async def with_sources(place: Place, secrets: Sequence[Secret]) -> list[Secret]:
    """Return the secrets with the ExternalSecrets that write them, which their states tell of."""
    from wbtui.cluster.discovery import Discovery  # noqa: PLC0415
    from wbtui.cluster.external_secrets import EXTERNAL_SECRETS  # noqa: PLC0415

    sources = await EXTERNAL_SECRETS.list(place.connection, Discovery(place.connection), place.namespaces)
    return [_with_source(secret, sources) for secret in secrets]


def _with_source(secret: Secret, sources: ExternalSources) -> Secret:
    written_by = sources.of(secret.namespace, secret.name, marked=secret.is_marked_external)
    return secret if written_by is None else secret._replace(written_by=written_by)


async def with_certificates(place: Place, secrets: Sequence[Secret]) -> list[Secret]:
    """Return the secrets with the Certificates that write them; asked for only where one has a sign of one."""
    if not any(secret.is_marked_issued for secret in secrets):
        return list(secrets)
    from wbtui.cluster.certificates import CERTIFICATES  # noqa: PLC0415
    from wbtui.cluster.discovery import Discovery  # noqa: PLC0415

    certificates = await CERTIFICATES.list(place.connection, Discovery(place.connection), place.namespaces)
    return [_with_certificate(secret, certificates) for secret in secrets]


def _with_certificate(secret: Secret, certificates: Certificates) -> Secret:
    issued = certificates.of(secret.namespace, secret.name, marked=secret.is_marked_issued)
    return secret._replace(issued=issued, expiry=expiry_of(secret.annotations, issued))


async def usage_of(place: Place) -> "Usage":
    """Return who uses the secrets of a place. Raises any `ClusterError`."""
    from wbtui.cluster.discovery import Discovery  # noqa: PLC0415
    from wbtui.cluster.searchable_kinds import KindFinder  # noqa: PLC0415
    from wbtui.cluster.usage import UsageSearch  # noqa: PLC0415
    from wbtui.domain.display_name import annotation  # noqa: PLC0415
    from wbtui.storage.folders import cache_folder  # noqa: PLC0415

    finder = KindFinder(place.connection, Discovery(place.connection), cache_folder())
    return await UsageSearch(place.connection, finder, annotation(place.prefixes.workbench)).search(*place.namespaces)


def not_searched_in_words(usage: "Usage") -> Iterator[str]:
    """Yield a sentence for each reason why something could not be searched for users."""
    reasons: dict[str, list[str]] = {}
    for kind in usage.unsearched:
        reasons.setdefault(kind.reason, []).append(kind.kind)
    for reason, kinds in reasons.items():
        yield f"Not searched for users of secrets ({reason}): {', '.join(kinds)}."
