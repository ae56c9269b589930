"""Which kinds of a cluster can name secrets, and where: built-in kinds by a table, all others by their schemas."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path as File
from typing import TypeAlias

from wbtui.cluster.access import rights_in
from wbtui.cluster.connection import Connection
from wbtui.cluster.discovery import Discovery
from wbtui.cluster.schema_fields import Fields, KindFields, SchemaFields
from wbtui.cluster.search_progress import ProgressCounter
from wbtui.domain.models import AIM_GROUP
from wbtui.domain.references import KINDS, MORE_PATHS, Kind
from wbtui.domain.rights import Rights
from wbtui.domain.served_kinds import ServedKind, ServedKinds
from wbtui.domain.usage import ABSENT, BEING_SEARCHED, NotSearched, SearchStep
from wbtui.errors import ClusterError

_BUILT_IN = frozenset(
    {
        *("", "apps", "autoscaling", "batch", "extensions", "policy"),
        *("admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io"),
        *("authentication.k8s.io", "authorization.k8s.io", "certificates.k8s.io", "coordination.k8s.io"),
        *("discovery.k8s.io", "events.k8s.io", "flowcontrol.apiserver.k8s.io", "internal.apiserver.k8s.io"),
        *("metrics.k8s.io", "networking.k8s.io", "node.k8s.io", "rbac.authorization.k8s.io", "resource.k8s.io"),
        *("scheduling.k8s.io", "storage.k8s.io", "storagemigration.k8s.io"),
    }
)
"""Groups of Kubernetes itself: the table has those of their kinds that can name a secret."""
_SIDE_BY_SIDE = 6
_UNDISCOVERED_SECONDS = 3.0
MAY_NOT_LIST = "you may not list them"

FieldsByApi: TypeAlias = tuple[Mapping[str, Fields], list[NotSearched]]
FindFields: TypeAlias = Callable[[list[str]], Awaitable[FieldsByApi]]


@dataclass(frozen=True, slots=True)
class SearchableKinds:
    """The kinds to search: those that are watched, and those that are listed from time to time; and what is missing.

    The cluster should be asked again after `valid` seconds: at once where its schemas were not read yet, and soon where
    it did not say which kinds it has.
    """

    watched: tuple[Kind, ...]
    listed: tuple[Kind, ...] = ()
    not_searched: tuple[NotSearched, ...] = ()
    valid: float = 120.0


class KindFinder:
    """Finds the kinds of a cluster that can name secrets; fields found in schemas are kept in the folder `cache`."""

    def __init__(self, connection: Connection, discovery: Discovery, cache: File | None) -> None:
        self._connection = connection
        self._discovery = discovery
        self._schemas = SchemaFields(connection, cache)

    async def find(self, namespace: str | None, progress: ProgressCounter | None = None) -> SearchableKinds:
        """Return the kinds that can name secrets of a namespace, or with None of all."""
        return await self._find(namespace, partial(self._fields, progress or ProgressCounter(lambda _: None)))

    async def find_known(self, namespace: str | None) -> SearchableKinds:
        """Return the kinds that can be searched at once: those of the table, which need no schemas."""
        found = await self._find(namespace, _fields_to_come)
        return replace(found, valid=0.0) if found.valid > _UNDISCOVERED_SECONDS else found

    async def _find(self, namespace: str | None, fields_of: FindFields) -> SearchableKinds:
        self._discovery.forget()  # something may have been installed
        rights = await self._rights(namespace)
        try:
            served = await self._discovery.kinds()
        except ClusterError as error:
            missing = NotSearched("kinds that wbtui does not know", str(error))
            return SearchableKinds(KINDS, (), (missing,), _UNDISCOVERED_SECONDS)
        apis = sorted({kind.api for kind in served.preferred() if kind.group not in _BUILT_IN})
        fields, not_searched = await fields_of(apis)
        not_searched += [NotSearched(group, "its API server does not answer") for group in sorted(served.unknown)]
        return _searchable(served, fields, rights, not_searched)

    async def _rights(self, namespace: str | None) -> Rights | None:
        with suppress(ClusterError):
            return await rights_in(self._connection, self._discovery, namespace) if namespace else None
        return None

    async def _fields(self, progress: ProgressCounter, apis: list[str]) -> FieldsByApi:
        """Return the fields of each API version, and the versions whose schema cannot be read."""
        try:
            index = await self._schemas.index()
        except ClusterError as error:
            return {}, [NotSearched(api, f"its schema cannot be read: {error}") for api in apis]
        slots = asyncio.Semaphore(_SIDE_BY_SIDE)

        async def fields(api: str) -> Fields | NotSearched:
            if api not in index:
                return NotSearched(api, "the cluster has no schema of it")
            try:
                async with slots:
                    return await self._schemas.of(api, index[api])
            except ClusterError as error:
                return NotSearched(api, f"its schema cannot be read: {error}")

        answers = dict(zip(apis, await progress.each(SearchStep.SCHEMAS, fields, apis), strict=True))
        return (
            {api: answer for api, answer in answers.items() if isinstance(answer, dict)},
            [answer for answer in answers.values() if isinstance(answer, NotSearched)],
        )


async def _fields_to_come(apis: list[str]) -> FieldsByApi:
    return {}, [NotSearched(api, BEING_SEARCHED) for api in apis]


def _searchable(
    served: ServedKinds, fields: Mapping[str, Fields], rights: Rights | None, not_searched: list[NotSearched]
) -> SearchableKinds:
    watched: list[Kind] = []
    listed: list[Kind] = []
    missing = list(not_searched)
    for kind in _kinds(served, fields):
        if rights and rights.refusal("list", resources=(kind.resource,)):
            missing.append(NotSearched(kind.kind, MAY_NOT_LIST))
        else:
            (watched if _is_watched(kind) else listed).append(kind)
    lacking = [NotSearched(kind.kind, ABSENT) for kind in KINDS if not _served(served, kind)]
    return SearchableKinds(tuple(watched), tuple(listed), (*missing, *lacking))


def _is_watched(kind: Kind) -> bool:
    return kind.resource.group in _BUILT_IN | {AIM_GROUP}


def _served(served: ServedKinds, kind: Kind) -> bool:
    group = kind.resource.group
    return group in served.unknown or served.find(*kind.group_kind) is not None


def _kinds(served: ServedKinds, fields: Mapping[str, Fields]) -> Iterator[Kind]:
    table = {kind.group_kind: kind for kind in KINDS}
    for one in served.preferred():
        known = table.get((one.group, one.kind))
        by_schema = fields.get(one.api, {}).get(one.kind) if one.group not in _BUILT_IN else None
        kind = _merged(one, known, by_schema)
        if kind.paths and "list" in one.verbs:
            yield kind


def _merged(served: ServedKind, known: Kind | None, fields: KindFields | None) -> Kind:
    """Return a kind as the table and its schema know it, in the version that the cluster prefers."""
    kind = known or Kind(served.kind, served.api, served.plural, (), account_default="")
    paths, account = fields or KindFields(())
    return replace(
        kind,
        api=served.api,
        plural=served.plural,
        cluster_wide=not served.namespaced,
        paths=tuple(dict.fromkeys((*kind.paths, *paths, *MORE_PATHS.get((served.group, served.kind), ())))),
        account=kind.account or account,
    )
