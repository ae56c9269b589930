"""The models and services of the sample projects, and their ExternalSecrets."""

from typing import Any

from wbtui.demo.apiserver.wire import Json
from wbtui.demo.samples import profiles
from wbtui.demo.samples.parts import (
    AMARA,
    JONAS,
    MATEO,
    PREFIX,
    PRIYA,
    PROJECT,
    REGISTRY,
    SOFIA,
    Sample,
    from_secret,
    in_project,
    marks,
)


def _external(name: str, reason: str, message: str, *keys: str) -> Sample:
    ready = {"type": "Ready", "status": str(reason == "SecretSynced"), "reason": reason, "message": message}
    spec = {
        "refreshInterval": "1h0m0s",
        "secretStoreRef": {"name": "vault", "kind": "ClusterSecretStore"},
        "target": {"name": name, "creationPolicy": "Owner"},
        "data": [{"secretKey": key, "remoteRef": {"key": f"ai/{name}", "property": key}} for key in keys],
    }
    status = {"conditions": [ready | {"lastTransitionTime": "2026-10-30T04:00:00Z"}], "binding": {"name": name}}
    return in_project(name, "05-11T11:58", spec=spec, status=status, manager="kubectl-client-side-apply")


def _model(name: str, title: str, canonical: str, status: str = "Ready", *, token: bool) -> Sample:
    """Return a model for the whole cluster."""
    model = {"canonicalName": canonical, "title": title, "hfTokenRequired": token}
    body = {
        "metadata": {"name": name},
        "spec": {"image": f"docker.io/example/aim-{name}:0.8.4"},
        "status": {"status": status, "sourceType": "Image", "aimId": canonical, "imageMetadata": {"model": model}},
    }
    return Sample(body, "2026-01-20T09:00:00Z", "aim-engine")


def _service(name: str, created: str, model: str, person: str, status: Json, **spec: Any) -> Sample:
    metadata = marks("", person) | {"labels": {f"{PREFIX}/workload-type": "INFERENCE"}}
    replicas = spec.get("replicas", 1)
    counts = dict.fromkeys(("currentReplicas", "desiredReplicas", "minReplicas", "maxReplicas"), replicas)
    common = {
        "observedGeneration": 1,
        "resolvedModel": {"name": model},
        "resolvedTemplate": {"name": f"{model}-mi300x-1x-latency"},
        "runtime": {**counts, "replicas": str(replicas)},
    }
    return in_project(
        name,
        created,
        metadata=metadata,
        spec={"model": {"name": model}, "replicas": 1, **spec},
        status=common | status,
        manager="airm-api",
    )


def _hf_token(secret: str) -> list[Json]:
    return [from_secret("HF_TOKEN", secret, "token")]


def _conditions(reason: str, message: str) -> list[Json]:
    """Return the conditions of a service whose pods are not ready."""
    why = {"InferenceServicePodsReady": message, "Ready": f"Component InferenceServicePods is not ready: {message}"}
    common = {"status": "False", "reason": reason, "lastTransitionTime": "2026-10-29T13:00:00Z"}
    return [{"type": kind, "message": text, **common} for kind, text in why.items()]


_PULL = [{"name": "ghcr-pull"}]
_BACK_OFF = "Container kserve-container: back-off pulling the image"
_MISSING = f"couldn't find key hf_token in Secret {PROJECT}/hf-legacy"

OBJECTS: dict[str, list[Sample]] = {
    "ExternalSecret": [
        _external("vault-hf-token", "SecretSynced", "secret synced", "token"),
        _external(
            "vault-s3-archive",
            "SecretSyncedError",
            'could not get secret data from provider: cannot read secret "ai/vault-s3-archive": permission denied',
            "access-key",
            "secret-key",
        ),
    ],
    "AIMClusterModel": [
        _model("llama-3-1-8b", "Llama 3.1 8B Instruct", "meta-llama/Llama-3.1-8B-Instruct", token=True),
        _model("mistral-small-24b", "Mistral Small 24B", "mistralai/Mistral-Small-24B-Instruct-2501", token=True),
        _model("qwen3-32b", "Qwen3 32B", "Qwen/Qwen3-32B", token=False),
        _model("gpt-oss-120b", "gpt-oss 120B", "openai/gpt-oss-120b", "Progressing", token=False),
    ],
    "AIMModel": [
        in_project(
            "support-llama",
            "09-16T10:30",
            spec={
                "image": f"{REGISTRY}/aim-support-llama:1.2.0",
                "imagePullSecrets": _PULL,
                "env": _hf_token("hf-token-llama"),
            },
            status={
                "status": "Ready",
                "sourceType": "Image",
                "imageMetadata": {
                    "model": {
                        "canonicalName": "example/support-llama",
                        "title": "Support Llama",
                        "hfTokenRequired": True,
                    }
                },
            },
            manager="kubectl-client-side-apply",
        )
    ],
    "AIMService": [
        _service(
            "llama-chat",
            "02-03T10:20",
            "llama-3-1-8b",
            AMARA,
            {"status": "Running"},
            imagePullSecrets=_PULL,
            env=_hf_token("hf-token-llama"),
            replicas=2,
        ),
        _service(
            "mistral-batch",
            "10-30T15:12",
            "mistral-small-24b",
            JONAS,
            {
                "status": "Pending",
                "conditions": _conditions("FailedScheduling", "0/4 nodes are available: 4 Insufficient amd.com/gpu"),
            },
            env=_hf_token("hf-token-mistral"),
        ),
        _service(
            "qwen-chat",
            "10-29T12:57",
            "qwen3-32b",
            MATEO,
            {"status": "Failed", "conditions": _conditions("CreateContainerConfigError", _MISSING)},
            env=[from_secret("HF_TOKEN", "hf-legacy", "hf_token")],
        ),
        _service(
            "support-chat",
            "09-17T08:40",
            "support-llama",
            PRIYA,
            {"status": "Degraded", "conditions": _conditions("ImagePullBackOff", _BACK_OFF)},
            imagePullSecrets=_PULL,
        ),
        *profiles.SERVICES,
    ],
    "AIMRuntimeConfig": [
        in_project(
            "default",
            "01-26T14:00",
            metadata=marks("", SOFIA),
            spec={"env": _hf_token("vault-hf-token")},
            manager="airm-api",
        )
    ],
    **profiles.OBJECTS,
}
