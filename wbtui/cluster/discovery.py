"""Discover which kinds a cluster serves: in two requests, or where it has no aggregated discovery, one per version."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypedDict

from msgspec.json import Decoder

from wbtui.cluster.connection import JSON, Connection
from wbtui.cluster.wire import parse
from wbtui.domain.references import Kind
from wbtui.domain.served_kinds import ServedKind, ServedKinds, group_of
from wbtui.errors import ClusterError, Forbidden, NotServed

_NOT_INSTALLED = "Its CustomResourceDefinition may be missing or incomplete: ask an administrator of the cluster."
_ALL_AT_ONCE = ",".join(
    [f"{JSON};g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList" for version in ("v2", "v2beta1")] + [JSON]
)
_PARALLEL = 6


class _GroupVersionKind(TypedDict, total=False):
    kind: str


class _Resource(TypedDict, total=False):
    resource: str
    responseKind: _GroupVersionKind
    scope: str
    verbs: frozenset[str]


class _Version(TypedDict, total=False):
    version: str
    resources: list[_Resource] | None
    freshness: str


class _GroupName(TypedDict, total=False):
    name: str


class _GroupVersion(TypedDict, total=False):
    groupVersion: str


class _Group(TypedDict, total=False):
    metadata: _GroupName
    versions: list[_Version]


class _Groups(TypedDict, total=False):
    kind: str
    items: list[_Group]


class _NamedGroup(TypedDict, total=False):
    name: str
    versions: list[_GroupVersion]
    preferredVersion: _GroupVersion


class _GroupList(TypedDict, total=False):
    kind: str
    groups: list[_NamedGroup]


class _ListedResource(TypedDict, total=False):
    name: str
    kind: str
    namespaced: bool
    verbs: frozenset[str]


class _ResourceList(TypedDict, total=False):
    resources: list[_ListedResource]


_GROUPS = Decoder(_Groups)
_GROUP_LIST = Decoder(_GroupList)
_RESOURCE_LIST = Decoder(_ResourceList)


class Discovery:
    """The kinds that a cluster serves, requested once, and again after a failure or `forget`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._request: asyncio.Task[ServedKinds] | None = None

    async def kinds(self) -> ServedKinds:
        """Return the kinds that the cluster serves. Raises any `ClusterError` where the cluster cannot be asked."""
        if not self._request:
            self._request = asyncio.create_task(served_kinds(self._connection))
            self._request.add_done_callback(self._drop_failed)
        return await asyncio.shield(self._request)

    async def served(self, kind: Kind) -> Kind:
        """Return a kind with the `api` in which the cluster serves it, the preferred one where there are several.

        Where the user may not ask, `kind` is returned unchanged. Raises `NotServed` where the cluster does not have
        it.
        """
        try:
            kinds = await self.kinds()
        except Forbidden:
            return kind
        found = kinds.find(*kind.group_kind)
        if not found and kind.resource.group not in kinds.unknown:
            raise NotServed(f"the cluster has no {kind.kind}", advice=_NOT_INSTALLED)
        return replace(kind, api=found.api) if found else kind

    def forget(self) -> None:
        """Request them again next time: something may have been installed."""
        self._request = None

    def close(self) -> None:
        """Cancel the request."""
        if self._request:
            self._request.cancel()

    def _drop_failed(self, request: "asyncio.Task[ServedKinds]") -> None:
        if (request.cancelled() or request.exception()) and self._request is request:
            self._request = None


async def served_kinds(connection: Connection) -> ServedKinds:
    """Return the kinds that the cluster serves. Raises any `ClusterError` where the cluster cannot be asked."""
    core = _core(await connection.get("/api/v1", accept=JSON))
    body = await connection.get("/apis", accept=_ALL_AT_ONCE)
    groups = parse(_GROUPS, body)
    if groups.get("kind") == "APIGroupDiscoveryList":
        return _aggregated(core, groups.get("items", []))
    return await _one_by_one(connection, core, parse(_GROUP_LIST, body).get("groups", []))


def _core(body: bytes) -> tuple[ServedKind, ...]:
    return tuple(_listed("v1", parse(_RESOURCE_LIST, body)))


def _aggregated(core: tuple[ServedKind, ...], groups: list[_Group]) -> ServedKinds:
    kinds, unknown = list(core), set()
    for group in groups:
        name = group.get("metadata", _GroupName()).get("name", "")
        for version in group.get("versions", []):
            # Of an aggregated API server that does not answer, the last known resources are listed, or none.
            if version.get("freshness") == "Stale":
                unknown.add(name)
            kinds += _discovered(f"{name}/{version.get('version', '')}", version.get("resources") or ())
    return ServedKinds(tuple(kinds), frozenset(unknown))


def _discovered(api: str, resources: Iterable[_Resource]) -> Iterator[ServedKind]:
    for resource in resources:
        kind = resource.get("responseKind", _GroupVersionKind()).get("kind", "")
        plural = resource.get("resource", "")
        if kind and plural:
            namespaced = resource.get("scope") == "Namespaced"
            yield ServedKind(api, kind, plural, namespaced, resource.get("verbs", frozenset()))


async def _one_by_one(connection: Connection, core: tuple[ServedKind, ...], groups: list[_NamedGroup]) -> ServedKinds:
    slots = asyncio.Semaphore(_PARALLEL)

    async def resources(api: str) -> tuple[ServedKind, ...] | None:
        try:
            async with slots:
                return tuple(_listed(api, parse(_RESOURCE_LIST, await connection.get(f"/apis/{api}", accept=JSON))))
        except ClusterError:
            return None

    apis = [api for group in groups for api in _versions(group)]
    answers = dict(zip(apis, await asyncio.gather(*map(resources, apis)), strict=True))
    unknown = frozenset(group_of(api) for api, kinds in answers.items() if kinds is None)
    return ServedKinds((*core, *(kind for kinds in answers.values() for kind in kinds or ())), unknown)


def _versions(group: _NamedGroup) -> list[str]:
    """Return the versions of a group, the preferred one first."""
    preferred = group.get("preferredVersion", _GroupVersion())
    versions = [preferred, *(one for one in group.get("versions", []) if one != preferred)]
    return [version["groupVersion"] for version in versions if "groupVersion" in version]


def _listed(api: str, answer: _ResourceList) -> Iterator[ServedKind]:
    for resource in answer.get("resources", []):
        plural, kind = resource.get("name", ""), resource.get("kind", "")
        if plural and kind and "/" not in plural:  # no subresource, such as pods/log
            verbs = resource.get("verbs", frozenset())
            yield ServedKind(api, kind, plural, resource.get("namespaced", False), verbs)
