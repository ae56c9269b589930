"""The status that the AIM Engine writes to an AIMService at each step."""

from collections.abc import Iterator
from typing import NamedTuple

from wbtui.demo.apiserver.wire import Json, at
from wbtui.demo.engine.obstacles import AUTH, CONFIGURATION, Obstacle, ServedModel, runs_by_profile

ConditionParts = tuple[str, bool, str, str]  # type, status, reason, message

_MODEL = ("ModelReady", True, "ModelResolved", "The model is ready")
_TEMPLATE = ("TemplateReady", True, "Resolved", "The template is ready")
_CACHE = ("CacheReady", True, "CacheReady", "Template cache is ready")
_STEPS: dict[str, tuple[ConditionParts, ...]] = {
    "Pending": (
        _MODEL,
        ("TemplateReady", False, "TemplateNotReady", "Templates exist but are not ready yet"),
        ("CacheReady", False, "CacheCreating", "Creating template cache"),
    ),
    "Starting": (
        _MODEL,
        _TEMPLATE,
        _CACHE,
        ("InferenceServiceReady", False, "CreatingRuntime", "InferenceService is not ready"),
        ("InferenceServicePodsReady", False, "PodsStarting", "Pods are running, waiting for readiness"),
    ),
    "Running": (
        _MODEL,
        _TEMPLATE,
        _CACHE,
        ("InferenceServiceReady", True, "RuntimeReady", "InferenceService is ready"),
        ("InferenceServicePodsReady", True, "PodsReady", "Pods are ready"),
    ),
    "Failed": (_MODEL, _TEMPLATE),
}
_PROFILE_CONDITIONS = {"TemplateReady": "ProfileReady", "CacheReady": "ProfileCacheReady"}
_READY: dict[str, ConditionParts] = {
    "Running": ("Ready", True, "AllComponentsReady", "All components are ready"),
    "Pending": ("Ready", False, "Progressing", "Waiting for components to become ready"),
    "Starting": ("Ready", False, "Progressing", "Waiting for components to become ready"),
}
_BROKEN = {
    AUTH: ("AuthError", "Authentication or authorization failure"),
    CONFIGURATION: ("ReferenceNotFound", "Referenced resource not found"),
}
_VALID = {
    AUTH: ("AuthenticationValid", "Authentication and authorization successful"),
    CONFIGURATION: ("ConfigurationValid", "Configuration is valid"),
}


class ServiceProgress(NamedTuple):
    """The state of a service, and the obstacle that blocks it, if there is one."""

    state: str
    model: ServedModel | None
    obstacle: Obstacle | None = None


def status(service: Json, progress: ServiceProgress, time: str) -> Json:
    """Return the status to write; a condition that has not changed keeps its time."""
    before = {entry["type"]: entry for entry in at(service, "status.conditions", ())}
    profile = runs_by_profile(service)
    components = (_by_profile(one) if profile else one for one in _components(progress))
    conditions = [*components, *_validity(progress.obstacle, before), _ready(progress)]
    new: Json = {
        "observedGeneration": service["metadata"]["generation"],
        "status": progress.state,
        "conditions": [_entry(condition, before.get(condition[0], {}), time) for condition in conditions],
        "runtime": _replicas(service["spec"]),
    }
    if progress.model and progress.model.kind and progress.state != "Pending":
        new |= _resolved(progress.model, service)
    return {**at(service, "status", {}), **new}


def _components(progress: ServiceProgress) -> Iterator[ConditionParts]:
    obstacle = progress.obstacle
    if obstacle:
        yield (f"{obstacle.component}Ready", False, obstacle.reason, obstacle.message)
    if obstacle is None or obstacle.component != "Model":
        blocked = f"{obstacle.component}Ready" if obstacle else ""
        yield from (condition for condition in _STEPS[progress.state] if condition[0] != blocked)


def _validity(obstacle: Obstacle | None, before: dict[str, Json]) -> Iterator[ConditionParts]:
    """Yield the conditions about credentials and references that are False, or were before."""
    for concern, broken in _BROKEN.items():
        if obstacle and obstacle.concerns == concern:
            yield (concern, False, *broken)
        elif concern in before:
            yield (concern, True, *_VALID[concern])


def _ready(progress: ServiceProgress) -> ConditionParts:
    obstacle = progress.obstacle
    if obstacle is None or progress.state in _READY:
        return _READY[progress.state]
    message = f"Component {obstacle.component} is not ready: {obstacle.message}"
    return ("Ready", False, *_BROKEN.get(obstacle.concerns, (obstacle.reason, message)))


def _entry(condition: ConditionParts, before: Json, time: str) -> Json:
    kind, holds, reason, message = condition
    same = before.get("status") == str(holds) and before.get("reason") == reason
    since = before["lastTransitionTime"] if same else time
    return {"type": kind, "status": str(holds), "reason": reason, "message": message, "lastTransitionTime": since}


def _replicas(spec: Json) -> Json:
    least = spec.get("minReplicas", spec.get("replicas", 1))
    most = spec.get("maxReplicas", least)
    shown = str(least) if least == most else f"{least}/{least} ({least}-{most})"
    return {
        "currentReplicas": least,
        "desiredReplicas": least,
        "minReplicas": least,
        "maxReplicas": most,
        "replicas": shown,
    }


def _resolved(model: ServedModel, service: Json) -> Json:
    name, uid = model.body["metadata"]["name"], model.body["metadata"]["uid"]
    found = {"resolvedModel": {"name": name, "scope": model.scope, "uid": uid}}
    if runs_by_profile(service):
        metric = at(service, "spec.profile.selector.metric", "latency")
        profile = at(service, "spec.profile.name") or f"{name}-mi300x-fp8-{metric}"
        return {**found, "resolvedProfile": {"name": profile, "scope": model.scope}}
    metric = at(service, "spec.overrides.metric", "latency")
    return {**found, "resolvedTemplate": {"name": f"{name}-mi300x-1x-{metric}", "scope": model.scope}}


def _by_profile(condition: ConditionParts) -> ConditionParts:
    """Return a condition of a service that runs by a template as one that runs by a profile has it."""
    kind, holds, reason, message = condition
    reason = {"Resolved": "ProfileResolved", "TemplateNotReady": "ProfileNotReady"}.get(reason, reason)
    message = message.replace("Template", "Profile").replace("template", "profile")
    return _PROFILE_CONDITIONS.get(kind, kind), holds, reason, message
