"""The profiles of the sample models, and the services that run by them, as the AI Workbench of today makes them."""

from typing import Any

from wbtui.demo.apiserver.wire import Json
from wbtui.demo.samples.parts import (
    AMARA,
    PREFIX,
    PRIYA,
    PROJECT,
    Sample,
    from_secret,
    in_project,
    marks,
)

WORKBENCH = "aiwb.apps.eai.amd.com"
ENGINE = "aim.eai.amd.com"
_MANAGER = "aim-engine"
_GATEWAY = {"name": "https", "namespace": "envoy-gateway-system"}
_SINCE = "2026-10-29T13:00:00Z"
_GATED = (
    "Cannot access gated repo for url https://huggingface.co/mistralai/Mistral-Small-24B-Instruct-2501: 401 Client"
    " Error. Access to this model is restricted: please log in."
)


def _profile(
    model: str, aim_id: str, precision: str, metric: str, status: str = "Ready", *, kind: str = "AIMClusterModel"
) -> Json:
    """Return spec and status of a profile."""
    return {
        "spec": {
            "aimId": aim_id,
            "modelId": aim_id,
            "engine": "vllm",
            "metric": metric,
            "precision": precision,
            "type": "optimized",
            "primary": metric == "latency",
            "acceleratorModel": "MI300X",
            "acceleratorVendor": "amd",
            "acceleratorType": "gpu",
            "acceleratorCount": 1,
            "image": f"docker.io/example/aim-{model}:0.10.0",
            "modelSources": [{"modelId": aim_id, "sourceUri": f"hf://{aim_id}"}],
        },
        "status": {
            "status": status,
            "deployable": True,
            "origin": "discovered",
            "sourceModel": {"name": model, "kind": kind},
            "hardwareSummary": "1 x MI300X",
        },
    }


def _cluster_profile(model: str, aim_id: str, precision: str, metric: str, status: str = "Ready") -> Sample:
    body = {
        "metadata": {"name": f"{model}-mi300x-{precision}-{metric}"},
        **_profile(model, aim_id, precision, metric, status),
    }
    return Sample(body, "2026-10-02T09:00:00Z", _MANAGER)


def _ready(reason: str, message: str, kind: str = "Ready") -> Json:
    status = "True" if reason in {"AllComponentsReady", "RuntimeReady", "Verified"} else "False"
    return {"type": kind, "status": status, "reason": reason, "message": message, "lastTransitionTime": _SINCE}


def _service(name: str, created: str, display_name: str, person: str, **parts: Any) -> Sample:
    """Return a service as the Workbench makes it."""
    written = marks("", person)["annotations"]
    model, secret, status = parts["model"], parts["reads"], parts["status"]
    profile = parts["profile"]
    return in_project(
        name,
        created,
        metadata={
            "labels": {f"{PREFIX}/workload-type": "INFERENCE"},
            "annotations": {
                **written,
                f"{ENGINE}/reconciler-pipeline": "profile",
                f"{WORKBENCH}/display-name": display_name,
            },
        },
        spec={
            "model": {"name": model},
            "replicas": 1,
            "routing": {"enabled": True, "gatewayRef": _GATEWAY},
            "runtimeConfigName": "default",
            "caching": {"mode": "Shared", "env": [from_secret("HF_TOKEN", secret, "token")]},
            "profile": {"selector": {"minimumType": "any"}},
            "env": [],
            "imagePullSecrets": [],
        },
        status={
            "observedGeneration": 1,
            "resolvedModel": {"name": model, "scope": "Cluster"},
            "resolvedProfile": {"name": profile, "scope": "Cluster"},
            "cache": {"profileCacheRef": {"name": f"{name}-cache", "namespace": PROJECT, "scope": "Namespace"}},
            **status,
        },
        manager="aiwb-api",
    )


def _cache(service: str, profile: str, token: str, status: str, *conditions: Json) -> Sample:
    return in_project(
        f"{service}-cache",
        "10-29T12:58",
        metadata={"labels": {f"{ENGINE}/service": service}},
        spec={
            "profileName": profile,
            "profileScope": "Cluster",
            "env": [from_secret("HF_TOKEN", token, "token")],
            "mode": "Shared",
        },
        status={"status": status, "conditions": list(conditions)},
        manager=_MANAGER,
    )


def _artifact(service: str, model_id: str, token: str, status: str, *conditions: Json) -> Sample:
    return in_project(
        f"{service}-weights",
        "10-29T12:58",
        metadata={"labels": {f"{ENGINE}/profile-cache.name": f"{service}-cache"}},
        spec={
            "sourceUri": f"hf://{model_id}",
            "modelId": model_id,
            "env": [from_secret("HF_TOKEN", token, "token")],
        },
        status={"status": status, "conditions": list(conditions)},
        manager=_MANAGER,
    )


_LLAMA, _MISTRAL = "meta-llama/Llama-3.1-8B-Instruct", "mistralai/Mistral-Small-24B-Instruct-2501"
_CHAT, _DRAFTS = "wb-aim-4c1d80fe", "wb-aim-9b27e3a5"
_WELL = _ready("AllComponentsReady", "All components are ready")
_REFUSED = "Authentication or authorization failure"
_BROKEN = (_ready("AuthError", _REFUSED, "AuthValid"), _ready("AuthError", _GATED))

SERVICES = [
    _service(
        _CHAT,
        "10-28T09:15",
        "Llama for the handbook",
        AMARA,
        model="llama-3-1-8b",
        reads="vault-hf-token",
        profile="llama-3-1-8b-mi300x-fp8-latency",
        status={"status": "Running", "conditions": [_WELL]},
    ),
    _service(
        _DRAFTS,
        "10-29T12:57",
        "Mistral drafts",
        PRIYA,
        model="mistral-small-24b",
        reads="vault-hf-token",
        profile="mistral-small-24b-mi300x-fp8-latency",
        status={
            "status": "Failed",
            "conditions": [
                _ready("CacheFailed", "Profile cache failed", "ProfileCacheReady"),
                _ready("CacheFailed", "Component ProfileCache is not ready: Profile cache failed"),
            ],
        },
    ),
]
OBJECTS: dict[str, list[Sample]] = {
    "AIMClusterProfile": [
        _cluster_profile("llama-3-1-8b", _LLAMA, "fp8", "latency"),
        _cluster_profile("llama-3-1-8b", _LLAMA, "fp16", "throughput"),
        _cluster_profile("mistral-small-24b", _MISTRAL, "fp8", "latency"),
        _cluster_profile("qwen3-32b", "Qwen/Qwen3-32B", "bf16", "throughput"),
        _cluster_profile("gpt-oss-120b", "openai/gpt-oss-120b", "fp4", "latency", "NotAvailable"),
    ],
    "AIMProfile": [
        in_project(
            "support-llama-mi300x-fp16-latency",
            "09-16T10:31",
            **_profile("support-llama", "example/support-llama", "fp16", "latency", kind="AIMModel"),
            manager=_MANAGER,
        )
    ],
    "AIMProfileCache": [
        _cache(_CHAT, "llama-3-1-8b-mi300x-fp8-latency", "vault-hf-token", "Ready", _WELL),
        _cache(_DRAFTS, "mistral-small-24b-mi300x-fp8-latency", "vault-hf-token", "Failed", *_BROKEN),
    ],
    "AIMArtifact": [
        _artifact(_CHAT, _LLAMA, "vault-hf-token", "Ready", _WELL),
        _artifact(_DRAFTS, _MISTRAL, "vault-hf-token", "Failed", *_BROKEN),
    ],
}
