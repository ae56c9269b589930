"""The workloads and storage ConfigMaps that use the secrets of the first sample project."""

from typing import Any

from wbtui.demo.apiserver.wire import Json
from wbtui.demo.samples.parts import PREFIX, PROJECT, REGISTRY, Sample, from_secret, in_project


def _reference(kind: str, name: str, api_version: str = "apps/v1") -> Json:
    owner = {"apiVersion": api_version, "kind": kind, "name": name, "controller": True}
    return {"ownerReferences": [owner | {"blockOwnerDeletion": True}]}


def _container(name: str, image: str, *env: Json, **more: Any) -> Json:
    return {"name": name, "image": f"{REGISTRY}/{image}", **({"env": list(env)} if env else {}), **more}


_GATEWAY: Json = {
    "imagePullSecrets": [{"name": "ghcr-pull"}],
    "serviceAccountName": "model-runner",
    "containers": [
        _container(
            "gateway",
            "llm-gateway:1.8.2",
            from_secret("SLACK_WEBHOOK_URL", "slack-webhook", "url"),
            from_secret("DATABASE_URL", "pg-evaluations", "uri"),
            envFrom=[{"secretRef": {"name": "gateway-api-keys"}}],
            ports=[{"containerPort": 8080}],
            volumeMounts=[{"name": "tls", "mountPath": "/etc/tls", "readOnly": True}],
        )
    ],
    "volumes": [{"name": "tls", "secret": {"secretName": "gateway-tls"}}],
}
_DASHBOARD: Json = {
    "imagePullSecrets": [{"name": "ghcr-pull"}],
    "initContainers": [_container("migrate", "dashboard:0.9.0", from_secret("PGURI", "pg-evaluations", "uri"))],
    "containers": [_container("web", "dashboard:0.9.0", from_secret("DB_PASSWORD", "pg-feature-store", "password"))],
}
_VECTORS: Json = {
    "imagePullSecrets": [{"name": "rocm-registry"}],
    "containers": [
        _container(
            "vectors",
            "vector-db:2.4.1",
            from_secret("S3_KEY", "s3-checkpoints", "ACCESS_KEY_ID"),
            from_secret("S3_SECRET", "s3-checkpoints", "SECRET_ACCESS_KEY"),
            volumeMounts=[{"name": "artifacts", "mountPath": "/artifacts"}],
        )
    ],
    "volumes": [{"name": "artifacts", "projected": {"sources": [{"secret": {"name": "minio-artifacts"}}]}}],
}
_EVALUATION: Json = {
    "restartPolicy": "OnFailure",
    "containers": [
        _container(
            "eval",
            "evaluate:3.1.0",
            from_secret("HF_TOKEN", "hf-token-eval", "token"),
            from_secret("DATABASE_URL", "pg-evaluations", "uri"),
            from_secret("WANDB_API_KEY", "wandb-api-key", "WANDB_API_KEY"),
        )
    ],
}
_IMPORT: Json = {
    "restartPolicy": "Never",
    "containers": [_container("copy", "s3-copy:1.0.3", envFrom=[{"secretRef": {"name": "s3-model-weights"}}])],
}


def _deployment(name: str, created: str, replicas: int, pod: Json, manager: str = "helm") -> Sample:
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": _template(name, pod)}
    counts = dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas", "availableReplicas"), replicas)
    status = {"observedGeneration": 1, **counts}
    return in_project(name, created, metadata={"labels": {"app": name}}, spec=spec, status=status, manager=manager)


def _template(app: str, pod: Json) -> Json:
    return {"metadata": {"labels": {"app": app}}, "spec": pod}


def _replica_set(app: str, suffix: str, created: str, replicas: int, pod: Json) -> Sample:
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": app}}, "template": _template(app, pod)}
    status = dict.fromkeys(("replicas", "readyReplicas", "availableReplicas"), replicas)
    metadata = _reference("Deployment", app) | {"labels": {"app": app}}
    name = f"{app}-{suffix}"
    return in_project(name, created, metadata=metadata, spec=spec, status=status, manager="kube-controller-manager")


def _pod(name: str, created: str, owner: Json, pod: Json, waiting: str = "") -> Sample:
    app = owner["ownerReferences"][0]["name"].rpartition("-")[0] or name
    state = {"waiting": {"reason": waiting}} if waiting else {"running": {"startedAt": f"2026-{created}:09Z"}}
    seen = {"ready": not waiting, "restartCount": 0, "state": state}
    status = {
        "phase": "Pending" if waiting else "Running",
        "podIP": f"10.42.{len(name)}.{sum(name.encode()) % 250 + 2}",
        "startTime": f"2026-{created}:02Z",
        "containerStatuses": [{"name": item["name"], "image": item["image"], **seen} for item in pod["containers"]],
    }
    spec = pod | {"nodeName": f"mi300x-{sum(name.encode()) % 4}"}
    metadata = owner | {"labels": {"app": app}}
    return in_project(name, created, metadata=metadata, spec=spec, status=status, manager="kube-controller-manager")


def _account(namespace: str, name: str, **more: Any) -> Sample:
    return Sample(
        {"metadata": {"name": name, "namespace": namespace}, **more}, "2026-01-22T11:33:00Z", "kubectl-create"
    )


_PULL = [{"name": "ghcr-pull"}]
_STORAGE = {
    "BUCKET_URL": "https://s3.example.com/models",
    "SECRET_NAME": "s3-model-weights",
    "ACCESS_KEY_NAME": "access-key",
    "SECRET_KEY_NAME": "secret-key",
}
_CLUSTER_SET = _reference("ReplicaSet", "llm-gateway-6c9d8f7b54")
_FAILED_POD = {
    "containers": [_container("predictor", "aim-qwen3-32b:0.8.4", from_secret("HF_TOKEN", "hf-legacy", "hf_token"))]
}
_FAILED_SET = _reference("ReplicaSet", "qwen-chat-predictor-5f6b7c8d99")

OBJECTS: dict[str, list[Sample]] = {
    "Deployment": [
        _deployment("llm-gateway", "02-11T10:00", 2, _GATEWAY),
        _deployment("eval-dashboard", "03-12T09:21", 1, _DASHBOARD, "kubectl-client-side-apply"),
    ],
    "ReplicaSet": [
        _replica_set("llm-gateway", "6c9d8f7b54", "09-29T09:58", 2, _GATEWAY),
        _replica_set("eval-dashboard", "7b5d4c6f8c", "08-03T12:16", 1, _DASHBOARD),
    ],
    "StatefulSet": [
        in_project(
            "vector-db",
            "06-08T05:44",
            spec={
                "serviceName": "vector-db",
                "replicas": 1,
                "selector": {"matchLabels": {"app": "vector-db"}},
                "template": _template("vector-db", _VECTORS),
            },
            status={"replicas": 1, "readyReplicas": 1, "availableReplicas": 1},
        )
    ],
    "CronJob": [
        in_project(
            "nightly-eval",
            "08-12T07:00",
            spec={"schedule": "30 2 * * *", "jobTemplate": {"spec": {"template": {"spec": _EVALUATION}}}},
            status={"lastScheduleTime": "2026-10-31T02:30:00Z", "lastSuccessfulTime": "2026-10-31T02:51:00Z"},
        )
    ],
    "Job": [
        in_project(
            "import-weights",
            "02-10T13:20",
            spec={"template": _template("import-weights", _IMPORT)},
            status={
                "succeeded": 1,
                "startTime": "2026-02-10T13:20:00Z",
                "completionTime": "2026-02-10T13:44:00Z",
                "conditions": [{"type": "Complete", "status": "True"}],
            },
            manager="kubectl-create",
        )
    ],
    "Pod": [
        _pod("llm-gateway-6c9d8f7b54-8kq2n", "09-29T09:58", _CLUSTER_SET, _GATEWAY),
        _pod("llm-gateway-6c9d8f7b54-zt7wd", "09-29T09:58", _CLUSTER_SET, _GATEWAY),
        _pod(
            "eval-dashboard-7b5d4c6f8c-m4x9p",
            "08-03T12:16",
            _reference("ReplicaSet", "eval-dashboard-7b5d4c6f8c"),
            _DASHBOARD,
        ),
        _pod("vector-db-0", "08-19T14:12", _reference("StatefulSet", "vector-db"), _VECTORS),
        _pod(
            "qwen-chat-predictor-5f6b7c8d99-hx2lv",
            "10-29T12:58",
            _FAILED_SET,
            _FAILED_POD,
            "CreateContainerConfigError",
        ),
    ],
    "ServiceAccount": [
        *(_account(namespace, "default") for namespace in ("default", "training", "research")),
        _account(PROJECT, "default", imagePullSecrets=[{"name": "docker-hub-pull"}]),
        _account(PROJECT, "model-runner", imagePullSecrets=_PULL, secrets=[{"name": "model-runner-token"}]),
    ],
    "ConfigMap": [
        in_project(
            "model-storage",
            "02-10T13:06",
            metadata={"labels": {f"{PREFIX}/project-storage-id": "c2a4f6f0-9f4e-4f0b-8f3d-7f2f8f0d1a55"}},
            data=_STORAGE,
            manager="airm-api",
        )
    ],
}
