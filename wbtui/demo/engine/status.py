"""The status of an AIMService as the AIM Engine writes it, at each step of its life."""

from collections.abc import Iterator
from typing import NamedTuple

from wbtui.demo.apiserver.wire import Json, at
from wbtui.demo.engine.obstacles import AUTH, CONFIGURATION, Model, Obstacle

Condition = tuple[str, bool, str, str]  # type, status, reason, message

_MODEL = ("ModelReady", True, "ModelResolved", "The model is ready")
_TEMPLATE = ("TemplateReady", True, "Resolved", "The template is ready")
_CACHE = ("CacheReady", True, "CacheReady", "Template cache is ready")
_STEPS: dict[str, tuple[Condition, ...]] = {
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
_WHOLE: dict[str, Condition] = {
    "Running": ("Ready", True, "AllComponentsReady", "All components are ready"),
    "Pending": ("Ready", False, "Progressing", "Waiting for components to become ready"),
    "Starting": ("Ready", False, "Progressing", "Waiting for components to become ready"),
}
_BROKEN = {
    AUTH: ("AuthError", "Authentication or authorization failure"),
    CONFIGURATION: ("ReferenceNotFound", "Referenced resource not found"),
}
_MENDED = {
    AUTH: ("AuthenticationValid", "Authentication and authorization successful"),
    CONFIGURATION: ("ConfigurationValid", "Configuration is valid"),
}


class Progress(NamedTuple):
    """How far a service has come, and what is in its way."""

    state: str
    model: Model | None
    obstacle: Obstacle | None = None


def status(service: Json, progress: Progress, time: str) -> Json:
    """Return the status to write; a condition that has not changed keeps its time."""
    before = {entry["type"]: entry for entry in at(service, "status.conditions", ())}
    conditions = [*_components(progress), *_validity(progress.obstacle, before), _ready(progress)]
    new: Json = {
        "observedGeneration": service["metadata"]["generation"],
        "status": progress.state,
        "conditions": [_entry(condition, before.get(condition[0], {}), time) for condition in conditions],
        "runtime": _replicas(service["spec"]),
    }
    if progress.model and progress.model.kind and progress.state != "Pending":
        new |= _resolved(progress.model, at(service, "spec.overrides.metric", "latency"))
    return {**at(service, "status", {}), **new}


def _components(progress: Progress) -> Iterator[Condition]:
    found = progress.obstacle
    if found:
        yield (f"{found.component}Ready", False, found.reason, found.message)
    if found is None or found.component != "Model":
        yield from (one for one in _STEPS[progress.state] if found is None or one[0] != f"{found.component}Ready")


def _validity(found: Obstacle | None, before: dict[str, Json]) -> Iterator[Condition]:
    """Yield the conditions about credentials and references that are broken, or were."""
    for concern, broken in _BROKEN.items():
        if found and found.concerns == concern:
            yield (concern, False, *broken)
        elif concern in before:
            yield (concern, True, *_MENDED[concern])


def _ready(progress: Progress) -> Condition:
    found = progress.obstacle
    if found is None or progress.state in _WHOLE:
        return _WHOLE[progress.state]
    message = f"Component {found.component} is not ready: {found.message}"
    return ("Ready", False, *_BROKEN.get(found.concerns, (found.reason, message)))


def _entry(condition: Condition, before: Json, time: str) -> Json:
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


def _resolved(model: Model, metric: str) -> Json:
    name, uid = model.body["metadata"]["name"], model.body["metadata"]["uid"]
    return {
        "resolvedModel": {"name": name, "scope": model.scope, "uid": uid},
        "resolvedTemplate": {"name": f"{name}-mi300x-1x-{metric}", "scope": model.scope},
    }
