"""The secrets of the sample projects. Every value says that it is a demonstration."""

import json
from base64 import b64encode
from typing import Any

from wbtui.demo.apiserver.wire import Json
from wbtui.demo.samples.parts import AMARA, JONAS, MATEO, PREFIX, PRIYA, PROJECT, SOFIA, Sample, marks, values
from wbtui.domain.display_name import annotation
from wbtui.domain.expiry import EXPIRES
from wbtui.domain.prefixes import Prefixes

TEAMS = ("eval", "chat", "search", "vision", "speech", "batch", "staging")

S3_AIM = ("access-key", "secret-key")
S3_STORAGE = ("minio-access-key", "minio-secret-key")
S3_MANAGER = ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY")
S3_SDK = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
PARTS = ("username", "password", "host", "port", "dbname", "uri")

STEMS = (  # of the additional secrets: name, use case, keys
    ("hf-token", "HuggingFace", ("token",)),
    ("s3-results", "S3", S3_AIM),
    ("pg", "Database", ("uri",)),
    ("api-key", "Generic", ("key",)),
    ("s3-cache", "S3", S3_SDK),
    ("settings", "Generic", ("config.yaml", "credentials.json")),
    ("db", "Database", PARTS),
)


def docker(*registries: str) -> dict[str, str]:
    """Return the data of an image pull secret."""
    auth = b64encode(b"demo-user:demo-password").decode()
    entry = {"username": "demo-user", "password": "demo-password", "auth": auth}
    config = json.dumps({"auths": dict.fromkeys(registries, entry)})
    return {".dockerconfigjson": b64encode(config.encode()).decode()}


def _secret(name: str, created: str, data: dict[str, str], marked: Json | None = None, **more: Any) -> Sample:
    """Return a secret of the first project; `more` are further fields, and `manager` the field manager."""
    metadata = {"name": name, "namespace": PROJECT, **(marked or {}), **more.pop("metadata", {})}
    manager = str(more.pop("manager", "airm-api"))
    return Sample({"metadata": metadata, "data": data, **more}, f"2026-{created}:00Z", manager)


def _plain(name: str, created: str, use_case: str, person: str, *keys: str) -> Sample:
    return _secret(name, created, values(name, *keys), marks(use_case, person))


def _annotated(sample: Sample, key: str, value: str) -> Sample:
    """Return the same secret with another annotation."""
    metadata = sample.body["metadata"]
    annotations = metadata["annotations"] | {key: value}
    return sample._replace(body=sample.body | {"metadata": metadata | {"annotations": annotations}})


def _pull(name: str, created: str, person: str, *registries: str) -> Sample:
    data = docker(*registries)
    return _secret(name, created, data, marks("ImagePullSecret", person), type="kubernetes.io/dockerconfigjson")


def _owned(name: str, created: str, owner: Json, *keys: str) -> Sample:
    """Return a secret that another object owns."""
    metadata = {"ownerReferences": [owner | {"controller": True, "blockOwnerDeletion": True}]}
    return _secret(name, created, values(name, *keys), metadata=metadata, manager=owner["kind"].lower())


def _external(name: str, created: str, *keys: str) -> Sample:
    return _owned(
        name, created, {"apiVersion": "external-secrets.io/v1beta1", "kind": "ExternalSecret", "name": name}, *keys
    )


def _helm(release: str, version: int, created: str, status: str) -> Sample:
    name = f"sh.helm.release.v1.{release}.v{version}"
    labels = {"owner": "helm", "name": release, "status": status, "version": str(version)}
    data = values(name, "release")
    return _secret(name, created, data, metadata={"labels": labels}, type="helm.sh/release.v1", manager="helm")


def _elsewhere(namespace: str, sample: Sample) -> Sample:
    """Return the same object in another project."""
    metadata = sample.body["metadata"] | {"namespace": namespace}
    return sample._replace(body=sample.body | {"metadata": metadata})


def _called(display_name: str, sample: Sample) -> Sample:
    """Return the same secret with a display name, as the Workbench 2 makes it."""
    return _annotated(sample, annotation(Prefixes().workbench), display_name)


def _applied() -> Sample:
    """Return a secret that kubectl apply created, with a copy of the values in an annotation."""
    data = values("litellm-config", "master-key")
    metadata = {"name": "litellm-config", "namespace": PROJECT, **marks("Generic", JONAS)}
    manifest = json.dumps({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": data}) + "\n"
    copy = {"kubectl.kubernetes.io/last-applied-configuration": manifest, **metadata["annotations"]}
    marked = marks("Generic", JONAS) | {"annotations": copy}
    return _secret("litellm-config", "07-02T09:41", data, marked, manager="kubectl-client-side-apply")


def _terminating() -> Sample:
    """Return a secret whose deletion waits for a finalizer of the Resource Manager."""
    labels = {
        f"{PREFIX}/use-case": "Generic",
        f"{PREFIX}/project-secret-id": "5d0c6c0e-3a0f-4c55-9a7e-0d2f5b1c8e11",
        f"{PREFIX}/secret-scope": "Project",
    }
    metadata = marks("Generic", MATEO) | {
        "labels": labels,
        "finalizers": [f"{PREFIX}/secret-finalizer"],
        "deletionTimestamp": "2026-10-28T16:05:00Z",
        "deletionGracePeriodSeconds": 0,
    }
    return _secret("old-inference-key", "04-21T15:20", values("old-inference-key", "key"), metadata=metadata)


_POSTGRES = {"apiVersion": "postgresql.cnpg.io/v1", "kind": "Cluster", "name": "pg-vectors"}
_TOKEN = {"annotations": {"kubernetes.io/service-account.name": "model-runner"}}
_OLD_LABEL = {"labels": {"airm.silogen.com/use-case": "huggingface"}, **marks("", SOFIA)}

_FIRST = (
    _plain("hf-token-llama", "02-03T10:12", "HuggingFace", AMARA, "token"),
    _plain("hf-token-mistral", "03-17T14:55", "HuggingFace", JONAS, "token"),
    _plain("hf-token-eval", "08-11T08:03", "HuggingFace", PRIYA, "token"),
    _pull("ghcr-pull", "01-22T11:30", JONAS, "ghcr.io"),
    _pull("docker-hub-pull", "05-06T16:48", AMARA, "https://index.docker.io/v1/"),
    _pull("rocm-registry", "09-14T07:59", PRIYA, "registry.example.com", "rocm.example.com"),
    _plain("s3-model-weights", "02-10T13:05", "S3", AMARA, *S3_AIM),
    _plain("s3-datasets", "04-02T09:15", "S3", MATEO, *S3_SDK),
    _plain("minio-artifacts", "06-19T12:40", "S3", SOFIA, *S3_STORAGE),
    _annotated(_plain("s3-checkpoints", "07-27T17:22", "S3", PRIYA, *S3_MANAGER), EXPIRES, "2030-06-30"),
    _plain("s3-scratch", "10-05T10:10", "S3", "", *S3_AIM),
    _plain("pg-evaluations", "03-05T08:45", "Database", PRIYA, "uri"),
    _plain("pg-feature-store", "05-21T15:31", "Database", MATEO, *PARTS),
    _plain("slack-webhook", "04-14T10:00", "Generic", SOFIA, "url"),
    _plain("wandb-api-key", "06-01T09:09", "Generic", AMARA, "WANDB_API_KEY"),
    _plain("gateway-api-keys", "08-24T13:37", "Generic", JONAS, "internal", "partner", "ci.token"),
    _secret(
        "license-server", "03-30T07:12", values("license-server", "license"), marks("Generic", JONAS), immutable=True
    ),
    _applied(),
    _plain("git-deploy-key", "09-02T11:11", "GitKey", MATEO, "id_ed25519"),
    _secret("hf-legacy", "01-15T09:00", values("hf-legacy", "token"), _OLD_LABEL),
    _secret(
        "metrics-basic-auth",
        "02-26T18:20",
        values("metrics-basic-auth", "username", "password"),
        type="kubernetes.io/basic-auth",
        manager="kubectl-create",
    ),
    _secret(
        "gateway-tls",
        "10-12T06:30",
        values("gateway-tls", "tls.crt", "tls.key"),
        type="kubernetes.io/tls",
        manager="cert-manager-certificates-issuing",
    ),
    _secret(
        "model-runner-token",
        "01-22T11:35",
        values("model-runner-token", "ca.crt", "namespace", "token"),
        metadata=_TOKEN,
        type="kubernetes.io/service-account-token",
        manager="kube-controller-manager",
    ),
    _external("vault-hf-token", "05-11T12:00", "token"),
    _external("vault-s3-archive", "05-11T12:01", *S3_AIM),
    _owned("pg-vectors-app", "06-08T05:50", _POSTGRES, *PARTS),
    _terminating(),
    _helm("llm-gateway", 1, "02-11T10:00", "superseded"),
    _helm("llm-gateway", 2, "05-27T10:04", "superseded"),
    _helm("llm-gateway", 3, "09-29T09:58", "deployed"),
    _helm("vector-db", 1, "06-08T05:44", "superseded"),
    _helm("vector-db", 2, "08-19T14:12", "deployed"),
    _helm("observability", 1, "07-15T16:30", "deployed"),
)
_SECOND = (
    _plain("hf-token-finetune", "02-18T09:30", "HuggingFace", PRIYA, "token"),
    _plain("hf-token-datasets", "06-23T14:10", "HuggingFace", MATEO, "token"),
    _pull("ghcr-pull", "01-22T11:41", JONAS, "ghcr.io"),
    _plain("s3-training-data", "02-18T09:44", "S3", PRIYA, *S3_AIM),
    _plain("s3-checkpoints", "03-09T16:02", "S3", MATEO, *S3_SDK),
    _plain("minio-logs", "07-07T07:07", "S3", SOFIA, *S3_STORAGE),
    _plain("pg-experiments", "03-25T11:52", "Database", MATEO, "uri"),
    _plain("wandb-api-key", "04-08T10:21", "Generic", PRIYA, "WANDB_API_KEY"),
    _plain("mlflow-admin", "05-19T13:00", "Generic", SOFIA, "username", "password"),
    _plain("ray-cluster-token", "08-31T08:15", "Generic", AMARA, "token"),
    _helm("mlflow", 1, "05-19T12:55", "deployed"),
    _secret("slurm-bridge", "10-20T15:45", values("slurm-bridge", "munge.key"), manager="kubectl-create"),
)
_THIRD = (
    _called("Papers of the reading group", _plain("wb-secret-7c1e04d9", "04-27T12:34", "HuggingFace", SOFIA, "token")),
    _called("Corpora", _plain("wb-secret-b3a95f20", "05-30T10:05", "S3", SOFIA, *S3_MANAGER)),
    _plain("pg-annotations", "07-20T09:50", "Database", AMARA, *PARTS),
    _plain("semantic-search-key", "09-08T17:17", "Generic", MATEO, "key"),
    _pull("registry-pull", "10-26T08:08", AMARA, "registry.example.com"),
)
SECRETS = (
    *_FIRST,
    *(_elsewhere("training", sample) for sample in _SECOND),
    *(_elsewhere("research", sample) for sample in _THIRD),
)
