"""The models of the AIM Engine, the profiles by which they run, and the defaults of the services that serve them."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypedDict, TypeVar

from msgspec import convert
from msgspec.json import Decoder

from wbtui.cluster.connection import JSON, Connection
from wbtui.cluster.discovery import Discovery
from wbtui.cluster.objects import collection_of, list_all, path_to, why_not
from wbtui.cluster.readers import Identified
from wbtui.cluster.wire import Metadata, parse
from wbtui.domain.display_name import annotation, display_name_in
from wbtui.domain.models import (
    AIM_GROUP,
    DEFAULT_CONFIG,
    READY,
    TOKEN_VARIABLE,
    Catalog,
    Defaults,
    Gateway,
    Model,
    Profile,
    uses_profiles,
)
from wbtui.domain.reference_paths import Json
from wbtui.domain.references import KINDS_BY_NAME, Kind
from wbtui.errors import ClusterError, NotFound, NotServed

_MODEL_KINDS = (KINDS_BY_NAME["AIMModel"], KINDS_BY_NAME["AIMClusterModel"])
"""The engine looks for a model in the project first; so it does for profiles and for the runtime config."""
PROFILE_KINDS = (
    Kind("AIMProfile", f"{AIM_GROUP}/v1alpha2", "aimprofiles", ()),
    Kind("AIMClusterProfile", f"{AIM_GROUP}/v1alpha2", "aimclusterprofiles", (), cluster_wide=True),
)
_CONFIG_KINDS = (KINDS_BY_NAME["AIMRuntimeConfig"], KINDS_BY_NAME["AIMClusterRuntimeConfig"])
T = TypeVar("T", bound=Identified)


class _Facts(TypedDict, total=False):
    title: str
    canonicalName: str
    hfTokenRequired: bool


class _ImageMetadata(TypedDict, total=False):
    model: _Facts | None


class _ModelSource(TypedDict, total=False):
    modelId: str


class _Sources(_ModelSource, total=False):
    modelSources: list[_ModelSource] | None


class _Profiles(TypedDict, total=False):
    overrides: _Sources | None


class _ModelSpec(_Sources, total=False):
    profiles: _Profiles | None
    image: str
    aimId: str
    imageMetadata: _ImageMetadata | None


class _ModelStatus(TypedDict, total=False):
    status: str
    aimId: str
    imageMetadata: _ImageMetadata | None


class _Model(TypedDict, total=False):
    metadata: Metadata
    spec: _ModelSpec
    status: _ModelStatus


class _Name(TypedDict, total=False):
    name: str
    namespace: str


class _ProfileSpec(TypedDict, total=False):
    aimId: str
    metric: str
    precision: str
    acceleratorModel: str
    acceleratorCount: int


class _ProfileStatus(TypedDict, total=False):
    status: str
    deployable: bool
    sourceModel: _Name | None


class _Profile(TypedDict, total=False):
    metadata: Metadata
    spec: _ProfileSpec
    status: _ProfileStatus | None


class _Variable(TypedDict, total=False):
    name: str


class _Routing(TypedDict, total=False):
    enabled: bool | None
    gatewayRef: _Name | None


class _ConfigSpec(TypedDict, total=False):
    env: list[_Variable] | None
    routing: _Routing | None


class _Config(TypedDict, total=False):
    spec: _ConfigSpec | None


_CONFIG = Decoder(_Config)


class KubernetesModels:
    """The models and profiles of a project; `workbench_prefix` is that of the annotation with the display name."""

    def __init__(self, connection: Connection, discovery: Discovery, workbench_prefix: str) -> None:
        self._connection = connection
        self._discovery = discovery
        self._prefix = workbench_prefix

    async def catalog(self, namespace: str) -> Catalog:
        """Return what can be deployed in a project; see `repository.ModelStore`."""
        api = (await self._discovery.served(KINDS_BY_NAME["AIMService"])).api
        models, unread = await self._all(_MODEL_KINDS, namespace, partial(_model, self._prefix))
        profiles: list[Profile] = []
        unread_profiles: list[str] = []
        if uses_profiles(api):
            profiles, unread_profiles = await self._all(
                PROFILE_KINDS, namespace, lambda _, manifest: _profile(manifest)
            )
        by_name = {model.name: model for model in reversed(models)}
        return Catalog(
            api,
            tuple(
                sorted(
                    by_name.values(),
                    key=lambda model: model.order,
                )
            ),
            tuple(profiles) if uses_profiles(api) and not unread_profiles else None,
            (*unread, *unread_profiles),
            await self._defaults(namespace),
        )

    async def _all(
        self, kinds: tuple[Kind, ...], namespace: str, make: Callable[[Kind, Json], T]
    ) -> tuple[list[T], list[str]]:
        """Return the objects of some kinds, and a reason for each kind that could not be read."""
        found: list[T] = []
        unread: list[str] = []
        for kind in kinds:
            try:
                there = collection_of(await self._discovery.served(kind), namespace)
                found += await list_all(self._connection, there, partial(make, kind))
            except ClusterError as error:
                unread.append(f"{kind.kind}: {why_not(kind, error)}")
        return found, unread

    async def _defaults(self, namespace: str) -> Defaults:
        """Return what the runtime configs give: that of the project, where it says something, before the cluster's."""
        configs: list[tuple[str, _ConfigSpec]] = []
        unread: list[str] = []
        for kind in _CONFIG_KINDS:
            name = f"{kind.kind} {DEFAULT_CONFIG}"
            try:
                path = path_to(await self._discovery.served(kind), namespace, DEFAULT_CONFIG)
                config = parse(_CONFIG, await self._connection.get(path, accept=JSON))
                configs.append((name, config.get("spec") or _ConfigSpec()))
            except (NotFound, NotServed):
                pass
            except ClusterError:
                unread.append(name)
        routings = [spec.get("routing") or _Routing() for _, spec in configs]
        return Defaults(
            next((name for name, spec in configs if _has_token(spec)), ""),
            next((routing["enabled"] for routing in routings if routing.get("enabled") is not None), None),
            next(_gateways(routings), None),
            tuple(unread),
        )


def _has_token(spec: _ConfigSpec) -> bool:
    return any(variable.get("name") == TOKEN_VARIABLE for variable in spec.get("env") or ())


def _gateways(routings: list[_Routing]) -> Iterator[Gateway]:
    for routing in routings:
        if reference := routing.get("gatewayRef"):
            yield Gateway(reference.get("name", ""), reference.get("namespace", ""))


def _model(prefix: str, kind: Kind, manifest: Json) -> Model:
    model = convert(manifest, _Model)
    metadata, spec, status = model.get("metadata", Metadata()), model.get("spec"), model.get("status")
    facts = _facts(spec) or _facts(status) or _Facts()  # the facts in the spec come first
    name, labels = metadata.get("name", ""), metadata.get("labels") or {}
    key, label = annotation(prefix), f"{prefix}/model-name"
    written = display_name_in(metadata.get("annotations") or {}, key, name) or display_name_in(labels, label, name)
    return Model(
        kind.kind,
        name,
        metadata.get("namespace", ""),
        status=(status or _ModelStatus()).get("status", ""),
        title=facts.get("title", ""),
        display_name=written,
        canonical_name=facts.get("canonicalName", "") or _model_id(spec or _ModelSpec()),
        needs_token=facts.get("hfTokenRequired", False),
        image=(spec or _ModelSpec()).get("image", ""),
        uid=metadata.get("uid", ""),
        aim_id=(status or _ModelStatus()).get("aimId") or (spec or _ModelSpec()).get("aimId", ""),
        imported=labels.get(f"{prefix}/model-source-type") == "custom",
    )


def _model_id(spec: _ModelSpec) -> str:
    """Return the name of a model of a project at the source of its weights."""
    overrides = (spec.get("profiles") or _Profiles()).get("overrides") or _Sources()
    sources = [*(spec.get("modelSources") or ()), *(overrides.get("modelSources") or ())]
    return overrides.get("modelId") or next((source.get("modelId", "") for source in sources), "")


def _facts(part: _ModelSpec | _ModelStatus | None) -> _Facts | None:
    return ((part or _ModelSpec()).get("imageMetadata") or _ImageMetadata()).get("model")


def _profile(manifest: Json) -> Profile:
    profile = convert(manifest, _Profile)
    metadata, spec, status = (
        profile.get("metadata", Metadata()),
        profile.get("spec", _ProfileSpec()),
        profile.get("status"),
    )
    status = status or _ProfileStatus()
    return Profile(
        metadata.get("name", ""),
        metadata.get("uid", ""),
        (status.get("sourceModel") or _Name()).get("name", ""),
        spec.get("aimId", ""),
        usable=status.get("status") == READY and status.get("deployable", False),
        metric=spec.get("metric", ""),
        precision=spec.get("precision", ""),
        accelerator=spec.get("acceleratorModel", ""),
        accelerators=spec.get("acceleratorCount", 0),
    )
