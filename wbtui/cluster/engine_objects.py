"""The state of a service, and of the objects that the AIM Engine creates for it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypedDict

from msgspec import convert

from wbtui.cluster import wire
from wbtui.cluster.service_credentials import named_in
from wbtui.cluster.wire import CONDITION_STATUS, Metadata, moment
from wbtui.domain.display_name import annotation, display_name_in
from wbtui.domain.models import AIM_GROUP, DEFAULT_CONFIG
from wbtui.domain.reference_paths import Json
from wbtui.domain.service_credentials import in_effect
from wbtui.domain.service_state import Condition, Part, ServiceState

_OWN_LABELS = (f"{AIM_GROUP}/", "serving.kserve.io/")
"""Prefixes of the labels that name a service, or what was made for it."""


class _Waiting(TypedDict, total=False):
    reason: str
    message: str


class _ContainerState(TypedDict, total=False):
    waiting: _Waiting | None


class _Container(TypedDict, total=False):
    name: str
    state: _ContainerState | None


class _Named(TypedDict, total=False):
    name: str


class _Resolved(_Named, total=False):
    scope: str


class _CacheReferences(TypedDict, total=False):
    profileCacheRef: _Named | None
    templateCacheRef: _Named | None


class _Progress(TypedDict, total=False):
    displayPercentage: str
    message: str


class _Status(TypedDict, total=False):
    status: str
    phase: str
    conditions: list[wire.ConditionFields] | None
    containerStatuses: list[_Container] | None
    initContainerStatuses: list[_Container] | None
    cache: _CacheReferences | None
    artifacts: dict[str, _Named] | None
    resolvedProfile: _Resolved | None
    resolvedTemplate: _Resolved | None
    progress: _Progress | None
    download: _Progress | None


class _Spec(TypedDict, total=False):
    model: _Named | None
    profile: _Resolved | None
    runtimeConfigName: str


class _Object(TypedDict, total=False):
    apiVersion: str
    metadata: Metadata
    spec: _Spec | None
    status: _Status | None


@dataclass(frozen=True, slots=True)
class EngineObject:
    """An object with what it has to do with others: its labels, the uids of its owners, the names of what it uses."""

    uid: str
    name: str
    labels: Mapping[str, str]
    owners: frozenset[str]
    uses: frozenset[str]
    part: Part

    def belongs_to(self, service: str, owners: Iterable["EngineObject"]) -> bool:
        """Return whether it was made for a service, or for one of the objects that were made for that."""
        own = [value for label, value in self.labels.items() if label.startswith(_OWN_LABELS)]
        if any(_is_name_of(service, value) for value in own):
            return True
        return any(owner.uid in self.owners or self.name in owner.uses or owner.name in own for owner in owners)


def _is_name_of(service: str, value: str) -> bool:
    """Return whether a label names a service, or something with a name that was derived from its name."""
    return value == service or bool(re.fullmatch(rf"{re.escape(service)}-[0-9a-f]{{6,}}(-predictor)?", value))


def engine_object(kind: str, manifest: Json) -> EngineObject:
    """Return what an object of a kind says."""
    fields = convert(manifest, _Object)
    metadata, status = fields.get("metadata", Metadata()), fields.get("status") or _Status()
    cache = status.get("cache") or _CacheReferences()
    caches = (cache.get("profileCacheRef"), cache.get("templateCacheRef"))
    references = (*caches, *(status.get("artifacts") or {}).values())
    name = metadata.get("name", "")
    state = status.get("status") or status.get("phase", "")
    return EngineObject(
        metadata.get("uid", ""),
        name,
        metadata.get("labels") or {},
        frozenset(owner.get("uid", "") for owner in metadata.get("ownerReferences") or ()),
        frozenset(reference.get("name", "") for reference in references if reference),
        Part(kind, name, state, tuple(_conditions(status)), _progress(status)),
    )


def service_state(manifest: Json, workbench_prefix: str) -> ServiceState:
    """Return what a service says of itself."""
    fields = convert(manifest, _Object)
    metadata, status = fields.get("metadata", Metadata()), fields.get("status") or _Status()
    name, spec = metadata.get("name", ""), fields.get("spec") or _Spec()
    annotations = metadata.get("annotations") or {}
    named = named_in("AIMService", manifest)
    return ServiceState(
        name,
        status.get("status", ""),
        tuple(_conditions(status)),
        uid=metadata.get("uid", ""),
        display_name=display_name_in(annotations, annotation(workbench_prefix), name),
        model=(spec.get("model") or _Named()).get("name", ""),
        config=spec.get("runtimeConfigName") or DEFAULT_CONFIG,
        profile=_resolved(status.get("resolvedProfile") or spec.get("profile")),
        template=_resolved(status.get("resolvedTemplate")),
        credentials=in_effect((*named.sources, *named.rest)),
    )


def _resolved(reference: _Resolved | None) -> tuple[str, str]:
    """Return the name of a profile or template, and its scope."""
    return (reference or _Resolved()).get("name", ""), (reference or _Resolved()).get("scope", "")


def _conditions(status: _Status) -> Iterator[Condition]:
    for condition in status.get("conditions") or ():
        holds = CONDITION_STATUS.get(condition.get("status", ""))
        since = moment(condition.get("lastTransitionTime"))
        yield Condition(
            condition.get("type", ""), holds, condition.get("reason", ""), condition.get("message", ""), since
        )
    for container in (*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())):
        if waiting := (container.get("state") or _ContainerState()).get("waiting"):
            name = f"container {container.get('name', '')}"
            yield Condition(name, holds=False, reason=waiting.get("reason", ""), message=waiting.get("message", ""))


def _progress(status: _Status) -> str:
    progress, download = status.get("progress") or _Progress(), status.get("download") or _Progress()
    return " ".join(filter(None, (progress.get("displayPercentage"), progress.get("message"), download.get("message"))))
