"""The obstacles that keep a service from running: a missing model, secret or token."""

from collections.abc import Iterator
from typing import NamedTuple

from wbtui.demo.apiserver.kinds.table import BY_KIND, SECRETS
from wbtui.demo.apiserver.objects.store import ObjectStore
from wbtui.demo.apiserver.wire import Json, at

AUTH, CONFIGURATION = "AuthValid", "ConfigValid"
_PODS, _CACHE = "InferenceServicePods", "Cache"
_TOKEN = "HF_TOKEN"  # noqa: S105 - the name of a variable
_MODELS = (("AIMModel", "Namespace"), ("AIMClusterModel", "Cluster"))


class Obstacle(NamedTuple):
    """Something that is missing, and the component of the service that needs it."""

    component: str
    reason: str
    message: str
    concerns: str = ""  # the condition of the service that becomes False
    state: str = "Failed"


class ServedModel(NamedTuple):
    """The model of a service; empty where the service names an image instead."""

    body: Json
    kind: str = ""
    scope: str = ""


def model_of(store: ObjectStore, service: Json) -> ServedModel | None:
    """Return the model that a service names, in its namespace or the cluster; None where it does not exist."""
    reference = at(service, "spec.model", {})
    if "name" not in reference:
        return ServedModel({})
    for kind, scope in _MODELS:
        namespace = service["metadata"]["namespace"] if scope == "Namespace" else ""
        if stored := store.get(BY_KIND[kind], namespace, reference["name"]):
            return ServedModel(stored.body, kind, scope)
    return None


def missing_model(store: ObjectStore, service: Json) -> Obstacle | None:
    """Return the obstacle where the model is missing or not ready."""
    name, namespace = at(service, "spec.model.name"), service["metadata"]["namespace"]
    model = model_of(store, service)
    if model is None:
        message = f'model "{name}" not found in namespace {namespace} or cluster scope'
        return Obstacle("Model", "ModelNotFound", message, CONFIGURATION)
    if model.kind and at(model.body, "status.status") != "Ready":
        message = f"{model.kind} {name} is not ready yet"
        return Obstacle("Model", "ModelNotReady", message, state="Pending")
    return None


def obstacle(store: ObjectStore, service: Json) -> Obstacle | None:
    """Return the first thing that keeps an existing model from being served."""
    return next(_obstacles(store, service), None)


def _obstacles(store: ObjectStore, service: Json) -> Iterator[Obstacle]:
    model = (model_of(store, service) or ServedModel({})).body
    variables = _variables(store, service, model)
    yield from _refused_pulls(store, service)
    yield from _failed_caches(store, service)
    for variable in variables.values():
        if problem := _missing_key(store, service, variable):
            yield Obstacle(_PODS, "CreateContainerConfigError", problem)
    yield from _waiting_downloads(store, service)
    names = {*variables, *(variable["name"] for variable in _download_variables(service))}
    if at(model, "status.imageMetadata.model.hfTokenRequired", default=False) and _TOKEN not in names:
        name = at(model, "status.imageMetadata.model.canonicalName")
        message = f"Cache failed: {name} is gated on Hugging Face, and {_TOKEN} is not set"
        yield Obstacle(_CACHE, "CacheFailed", message)


def _refused_pulls(store: ObjectStore, service: Json) -> Iterator[Obstacle]:
    for entry in at(service, "spec.imagePullSecrets", ()):
        if store.get(SECRETS, service["metadata"]["namespace"], entry["name"]) is None:
            message = f'Container kserve-container: pull access denied, secret "{entry["name"]}" not found'
            yield Obstacle(_PODS, "ImagePullAuthFailure", message, AUTH)


def _waiting_downloads(store: ObjectStore, service: Json) -> Iterator[Obstacle]:
    """Yield the downloads that cannot start: the engine says no more of them than that they are not done."""
    if any(_missing_key(store, service, variable) for variable in _download_variables(service)):
        yield Obstacle(_CACHE, "CacheCreating", "Creating the cache", state="Pending")


def runs_by_profile(service: Json) -> bool:
    """Return whether a service runs by a profile, and not by a template."""
    pipeline = service["metadata"].get("annotations", {}).get("aim.eai.amd.com/reconciler-pipeline")
    return bool(pipeline == "profile" if pipeline else at(service, "spec.profile"))


def _failed_caches(store: ObjectStore, service: Json) -> Iterator[Obstacle]:
    """Yield the caches of a service whose download was refused."""
    name, namespace = service["metadata"]["name"], service["metadata"]["namespace"]
    for stored in store.collections[BY_KIND["AIMProfileCache"]].objects.values():
        metadata = stored.body["metadata"]
        is_its = metadata.get("labels", {}).get("aim.eai.amd.com/service") == name
        if is_its and metadata["namespace"] == namespace and at(stored.body, "status.status") == "Failed":
            yield Obstacle(_CACHE, "CacheFailed", "Profile cache failed")


def _download_variables(service: Json) -> list[Json]:
    """Return the environment of the download alone."""
    return list(at(service, "spec.caching.env", ()))


def _variables(store: ObjectStore, service: Json, model: Json) -> dict[str, Json]:
    """Return the environment of a service: the cluster's defaults, the namespace's, the model's and its own."""
    name, namespace = at(service, "spec.runtimeConfigName", "default"), service["metadata"]["namespace"]
    configs = (
        store.get(BY_KIND["AIMClusterRuntimeConfig"], "", name),
        store.get(BY_KIND["AIMRuntimeConfig"], namespace, name),
    )
    bodies = [*(config.body for config in configs if config), model, service]
    return {entry["name"]: entry for body in bodies for entry in at(body, "spec.env", ())}


def _missing_key(store: ObjectStore, service: Json, variable: Json) -> str:
    reference, namespace = at(variable, "valueFrom.secretKeyRef", {}), service["metadata"]["namespace"]
    if not reference or reference.get("optional"):
        return ""
    name, key = reference.get("name", ""), reference["key"]
    secret = store.get(SECRETS, namespace, name)
    if secret is None:
        return f'secret "{name}" not found'
    return "" if key in secret.body.get("data", {}) else f"couldn't find key {key} in Secret {namespace}/{name}"
