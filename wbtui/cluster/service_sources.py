"""The sources of the state of a service: the service, what the engine made for it, and what it inherits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias

from wbtui.cluster.engine_objects import EngineObject, engine_object, service_state
from wbtui.cluster.known_objects import KnownObjects
from wbtui.cluster.models import PROFILE_KINDS
from wbtui.cluster.service_credentials import Named, named_in
from wbtui.domain.reference_paths import Json
from wbtui.domain.references import KINDS_BY_NAME, Kind
from wbtui.domain.service_credentials import in_effect
from wbtui.domain.service_state import Part, ServiceState
from wbtui.domain.targets import PROFILE_CACHE
from wbtui.domain.usage import ABSENT

SERVICE = KINDS_BY_NAME["AIMService"]
PARTS = (
    PROFILE_CACHE,
    *(KINDS_BY_NAME[kind] for kind in ("AIMTemplateCache", "AIMArtifact", "Job", "Pod")),
)
"""Kinds that the engine makes for a service, or for an object of one of the kinds before them."""
_CONFIGS = (KINDS_BY_NAME["AIMRuntimeConfig"], KINDS_BY_NAME["AIMClusterRuntimeConfig"])
_TEMPLATES = (KINDS_BY_NAME["AIMServiceTemplate"], KINDS_BY_NAME["AIMClusterServiceTemplate"])
_SCOPES = {"Namespace": 0, "Cluster": 1}
ObjectName: TypeAlias = "tuple[Kind, str]"
"""A kind, and the name of an object of it."""


@dataclass(frozen=True, slots=True)
class SourceObject:
    """A service, a part of one, or an object from which one inherits credentials."""

    uid: str
    engine_object: EngineObject
    named: Named
    state: ServiceState | None = None


Source: TypeAlias = KnownObjects[SourceObject]


def source_object(kind: Kind, manifest: Json, workbench_prefix: str) -> SourceObject:
    """Return the source object in a manifest."""
    found = engine_object(kind.kind, manifest)
    state = service_state(manifest, workbench_prefix) if kind is SERVICE else None
    return SourceObject(found.uid, found, named_in(kind.kind, manifest), state)


def inherited_by(service: Source) -> tuple[ObjectName, ...]:
    """Return the places of all that a service inherits credentials from, what wins first."""
    state = next((known.state for known in service.known.values() if known.state), None)
    return tuple(place for places in _inheritance(state) for place in places) if state else ()


def _inheritance(state: ServiceState) -> Iterator[tuple[ObjectName, ...]]:
    """Yield the places of a profile or a template, of which the first that exists counts, and each runtime config."""
    for kinds, (name, scope) in ((PROFILE_KINDS, state.profile), (_TEMPLATES, state.template)):
        if name:
            yield tuple((kind, name) for kind in ((kinds[_SCOPES[scope]],) if scope in _SCOPES else kinds))
    for kind in _CONFIGS:
        yield ((kind, state.config),)


def state_of(name: str, service: Source, parts: list[Source], inherited: "dict[ObjectName, Source]") -> ServiceState:
    """Return the state of a service as far as its sources are known."""
    found = next(iter(service.known.values()), None)
    if not found or not found.state:
        return ServiceState(name, gone=True)
    unseen = (
        f"{one.kind.kind}: {one.unseen}" for one in (*parts, *inherited.values()) if one.unseen not in {"", ABSENT}
    )
    named = [found.named, *_inherited(found.state, inherited)]
    sources, rest = ([one.sources for one in named], [one.rest for one in named])
    storage = next((one.storage for one in named if one.storage is not None), ())
    return replace(
        found.state,
        credentials=in_effect(chain(*sources, *rest, storage)),
        parts=tuple(_parts(name, found.engine_object, parts)),
        unseen=tuple(unseen),
    )


def _inherited(state: ServiceState, inherited: "dict[ObjectName, Source]") -> Iterator[Named]:
    for places in _inheritance(state):
        known = (known for place in places if place in inherited for known in inherited[place].known.values())
        if first := next(known, None):
            yield first.named


def _parts(name: str, service: EngineObject, sources: Iterable[Source]) -> Iterator[Part]:
    """Yield what was made for a service, and what was made for that."""
    owners = [service]
    for source in sources:
        made = [known.engine_object for known in source.known.values() if known.engine_object.belongs_to(name, owners)]
        owners += made
        yield from (one.part for one in sorted(made, key=lambda one: one.name))
