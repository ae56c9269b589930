"""The models of the AIM Engine, and the services that serve them."""

from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from functools import partial

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from wbtui.cluster.connection import JSON, Connection
from wbtui.cluster.discovery import Discovery
from wbtui.cluster.list_watch import ListWatch
from wbtui.cluster.objects import collection_of, list_all, path_to, why_not
from wbtui.cluster.readers import ObjectReader
from wbtui.cluster.wire import Metadata, Moment, read
from wbtui.domain.models import DEFAULT_CONFIG, TOKEN_VARIABLE, Catalog, Condition, Model, ServiceState
from wbtui.domain.references import KINDS, Json, Kind
from wbtui.errors import ClusterError
from wbtui.news import Changes, Complete, Interrupted, Page

_KINDS = {kind.kind: kind for kind in KINDS}
_MODEL_KINDS = (_KINDS["AIMModel"], _KINDS["AIMClusterModel"])
"""The engine looks for a model in the project first."""
_HOLDS = {"True": True, "False": False}


class _Facts(TypedDict, total=False):
    title: str
    canonicalName: str
    hfTokenRequired: bool


class _ImageMetadata(TypedDict, total=False):
    model: _Facts | None


class _ModelSpec(TypedDict, total=False):
    image: str
    imageMetadata: _ImageMetadata | None


class _ModelStatus(TypedDict, total=False):
    status: str
    imageMetadata: _ImageMetadata | None


class _Model(TypedDict, total=False):
    metadata: Metadata
    spec: _ModelSpec
    status: _ModelStatus


class _Variable(TypedDict, total=False):
    name: str


class _ConfigSpec(TypedDict, total=False):
    env: list[_Variable] | None


class _Config(TypedDict, total=False):
    spec: _ConfigSpec


class _Condition(TypedDict, total=False):
    type: str
    status: str
    reason: str
    message: str
    lastTransitionTime: Moment


class _ServiceStatus(TypedDict, total=False):
    status: str
    conditions: list[_Condition] | None


class _Service(TypedDict, total=False):
    metadata: Metadata
    status: _ServiceStatus | None


_MODEL = TypeAdapter(_Model)
_SERVICE = TypeAdapter(_Service)
_CONFIG = TypeAdapter(_Config)


class ModelStore:
    """What can be deployed, and how what was deployed is getting on."""

    def __init__(self, connection: Connection, discovery: Discovery) -> None:
        self._connection = connection
        self._discovery = discovery

    async def catalog(self, namespace: str) -> Catalog:
        """Return the models that can be deployed in a project; see `repository.ModelStore`."""
        found: dict[str, Model] = {}
        not_searched: list[str] = []
        for kind in _MODEL_KINDS:
            try:
                there = collection_of(await self._discovery.served(kind), namespace)
                for model in await list_all(self._connection, there, partial(_model, kind)):
                    found.setdefault(model.name, model)
            except ClusterError as error:
                not_searched.append(f"{kind.kind}: {why_not(kind, error)}")
        models = sorted(found.values(), key=lambda model: (not model.ready, model.name))
        return Catalog(tuple(models), tuple(not_searched), await self._has_default_token(namespace))

    async def follow(self, namespace: str, name: str) -> AsyncGenerator[ServiceState | Interrupted, None]:
        """Yield the state of a service, and again whenever it changes; see `repository.ModelStore`."""
        kind = await self._discovery.served(_KINDS["AIMService"])
        services = collection_of(kind, namespace, fieldSelector=f"metadata.name={name}")
        async with aclosing(ListWatch(self._connection, services, partial(ObjectReader, _service)).follow()) as news:
            async for one in news:
                match one:
                    case Page(items=(*_, state)) | Changes(changed=(*_, state)):
                        yield state
                    case Interrupted():
                        yield one
                    case Changes():
                        yield ServiceState(name, gone=True)
                    case Complete(uids=uids) if not uids:
                        yield ServiceState(name, gone=True)

    async def _has_default_token(self, namespace: str) -> bool:
        config: _Config = {}
        with suppress(ClusterError):  # without it the form asks for a token, which does no harm
            path = path_to(await self._discovery.served(_KINDS["AIMRuntimeConfig"]), namespace, DEFAULT_CONFIG)
            config = read(_CONFIG, await self._connection.get(path, accept=JSON))
        variables = config.get("spec", _ConfigSpec()).get("env") or ()
        return any(variable.get("name") == TOKEN_VARIABLE for variable in variables)


def _model(kind: Kind, thing: Json) -> Model:
    said = _MODEL.validate_python(thing)
    metadata, spec, status = said.get("metadata", Metadata()), said.get("spec"), said.get("status")
    facts = _facts(spec) or _facts(status) or _Facts()  # what is said in the spec is not looked for in the image
    return Model(
        kind.kind,
        metadata.get("name", ""),
        metadata.get("namespace", ""),
        status=(status or _ModelStatus()).get("status", ""),
        title=facts.get("title", ""),
        canonical_name=facts.get("canonicalName", ""),
        needs_token=facts.get("hfTokenRequired", False),
        image=(spec or _ModelSpec()).get("image", ""),
        uid=metadata.get("uid", ""),
    )


def _facts(part: _ModelSpec | _ModelStatus | None) -> _Facts | None:
    return ((part or _ModelSpec()).get("imageMetadata") or _ImageMetadata()).get("model")


def _service(thing: Json) -> ServiceState:
    said = _SERVICE.validate_python(thing)
    metadata, status = said.get("metadata", Metadata()), said.get("status") or _ServiceStatus()
    conditions = tuple(map(_condition, status.get("conditions") or ()))
    return ServiceState(metadata.get("name", ""), status.get("status", ""), conditions, uid=metadata.get("uid", ""))


def _condition(said: _Condition) -> Condition:
    return Condition(
        said.get("type", ""),
        _HOLDS.get(said.get("status", "")),
        said.get("reason", ""),
        said.get("message", ""),
        said.get("lastTransitionTime"),
    )
