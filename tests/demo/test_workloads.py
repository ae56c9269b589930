"""What the API server refuses of workloads, in its words."""

from typing import Any

import pytest

from tests.demo.client import MERGE, Client

APPS = "/apis/apps/v1/namespaces/llm-serving"
GATEWAY, VECTORS = f"{APPS}/deployments/llm-gateway", f"{APPS}/statefulsets/vector-db"
NIGHTLY = "/apis/batch/v1/namespaces/llm-serving/cronjobs/nightly-eval"
JOB = "/apis/batch/v1/namespaces/llm-serving/jobs/import-weights"
ACCOUNT = "/api/v1/namespaces/llm-serving/serviceaccounts/model-runner"
SERVICE = "/apis/aim.eai.amd.com/v1alpha1/namespaces/llm-serving/aimservices/llama-chat"
CONFIG = "/apis/aim.eai.amd.com/v1alpha1/namespaces/llm-serving/aimruntimeconfigs/default"
JSON_PATCH = "application/json-patch+json"
STRICT = "?fieldValidation=Strict&fieldManager=wbtui"
POD = "/spec/template/spec"
CONTAINER = f"{POD}/containers/0"
AT = "spec.template.spec.containers[0]"
TOKEN = {"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": {"name": "hf-token-llama", "key": "token"}}}


def add(path: str, value: Any) -> dict[str, Any]:
    return {"op": "add", "path": path, "value": value}


async def patch(server: Client, path: str, *operations: dict[str, Any], query: str = STRICT) -> Any:
    return await server.send("PATCH", path + query, list(operations), Content_Type=JSON_PATCH)


@pytest.mark.parametrize(
    ("path", "value", "field", "message"),
    [
        (f"{CONTAINER}/env/-", {"value": "x"}, f"{AT}.env[2].name", "Required value"),
        (
            f"{CONTAINER}/env/-",
            TOKEN | {"value": "x"},
            f"{AT}.env[2].valueFrom",
            'Invalid value: "": may not be specified when `value` is not empty',
        ),
        (f"{CONTAINER}/env/-", {"name": "A=B"}, f"{AT}.env[2].name", "printable ASCII characters other than '='"),
        (f"{CONTAINER}/env/-", {"name": "A", "valueFrom": {}}, f"{AT}.env[2].valueFrom", "must specify one of: "),
        (
            f"{CONTAINER}/env/-",
            {"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "a b"}}},
            f"{AT}.env[2].valueFrom.secretKeyRef.key",
            "a valid config key must consist of",
        ),
        (f"{CONTAINER}/envFrom/-", {}, f"{AT}.envFrom", "must specify one of: `configMapRef` or `secretRef`"),
        (f"{CONTAINER}/envFrom/-", {"secretRef": {}}, f"{AT}.envFrom[1].secretRef.name", "Required value"),
        (
            f"{CONTAINER}/volumeMounts/-",
            {"name": "nope", "mountPath": "/x"},
            f"{AT}.volumeMounts[1].name",
            'Not found: "nope"',
        ),
        (
            f"{CONTAINER}/volumeMounts/-",
            {"name": "tls", "mountPath": "/etc/tls"},
            f"{AT}.volumeMounts[1].mountPath",
            'Invalid value: "/etc/tls": must be unique',
        ),
        (
            f"{POD}/volumes/-",
            {"name": "tls", "secret": {"secretName": "gateway-tls"}},
            "spec.template.spec.volumes[1].name",
            'Duplicate value: "tls"',
        ),
        (
            f"{POD}/volumes/-",
            {"name": "v" * 64, "secret": {"secretName": "gateway-tls"}},
            "spec.template.spec.volumes[1].name",
            "must be no more than 63 characters",
        ),
        (
            f"{POD}/volumes/-",
            {"name": "new", "secret": {"items": [{"key": "a", "path": "/a"}]}},
            "spec.template.spec.volumes[1].secret.items[0].path",
            "must be a relative path",
        ),
        (f"{POD}/volumes/-", {"name": "Bad", "secret": {}}, "spec.template.spec.volumes[1].name", "RFC 1123 label"),
        (f"{POD}/containers", [], "spec.template.spec.containers", "Required value"),
        ("/spec/selector/matchLabels/app", "other", "spec.selector", "field is immutable"),
        ("/spec/template/metadata/labels/app", "x", "spec.template.metadata.labels", "`selector` does not match"),
    ],
)
async def test_refuses(server: Client, path: str, value: Any, field: str, message: str) -> None:
    answer = await patch(server, GATEWAY, add(path, value))
    assert (answer.status, answer.body["reason"]) == (422, "Invalid")
    assert answer.body["details"]["name"] == "llm-gateway"
    found = {cause["field"]: cause["message"] for cause in answer.body["details"]["causes"]}
    assert message in found[field]


@pytest.mark.parametrize(
    ("path", "operation", "message"),
    [
        (JOB, add(f"{CONTAINER}/env", [TOKEN]), "field is immutable"),
        (VECTORS, add("/spec/serviceName", "other"), "spec: Forbidden: updates to statefulset spec for fields other"),
        (
            "/api/v1/namespaces/llm-serving/pods/vector-db-0",
            add("/spec/containers/0/env", []),
            "spec: Forbidden: pod updates may not change fields other than",
        ),
        (
            GATEWAY,
            add(f"{CONTAINER}/env/-", TOKEN | {"secret": "x"}),
            'unknown field "spec.template.spec.containers[0]',
        ),
        (
            GATEWAY,
            add(f"{CONTAINER}/env", "HF_TOKEN"),
            "Go struct field Container.spec.template.spec.containers.env of type []v1.EnvVar",
        ),
        (ACCOUNT, add("/imagePullSecrets", "ghcr-pull"), "json: cannot unmarshal string"),
        (GATEWAY, {"op": "test", "path": "/spec/replicas", "value": 9}, "the server rejected our request"),
        (GATEWAY, {"op": "remove", "path": f"{CONTAINER}/env/9"}, "the server rejected our request"),
    ],
)
async def test_refuses_more(server: Client, path: str, operation: dict[str, Any], message: str) -> None:
    before = await server.send("GET", path)
    answer = await patch(server, path, operation)
    assert (answer.status, answer.body["reason"]) == (422, "Invalid")
    assert message in answer.body["message"]
    assert await server.send("GET", path) == before


@pytest.mark.parametrize(
    ("path", "operation", "owned"),
    [
        (GATEWAY, add(f"{CONTAINER}/env/-", TOKEN), "HF_TOKEN"),
        (VECTORS, add(f"{CONTAINER}/env/-", TOKEN), "HF_TOKEN"),
        (NIGHTLY, add("/spec/jobTemplate/spec/template/spec/containers/0/env/0", TOKEN | {"name": "NEW"}), "NEW"),
        (ACCOUNT, add("/imagePullSecrets/-", {"name": "rocm-registry"}), "f:imagePullSecrets"),
        (SERVICE, add("/spec/imagePullSecrets/-", {"name": "rocm-registry"}), "f:imagePullSecrets"),
        (CONFIG, add("/spec/env/-", TOKEN | {"name": "NEW"}), "NEW"),
    ],
)
async def test_a_secret_is_attached_to_what_was_seen(
    server: Client, path: str, operation: dict[str, Any], owned: str
) -> None:
    seen = (await server.send("GET", path)).body
    version = {"op": "replace", "path": "/metadata/resourceVersion", "value": seen["metadata"]["resourceVersion"]}
    tried = await patch(server, path, version, operation, query=f"{STRICT}&dryRun=All")
    assert (await server.send("GET", path)).body == seen
    done = await patch(server, path, version, operation)
    metadata = done.body["metadata"]
    assert (tried.status, done.status) == (200, 200)
    assert metadata.get("generation") == (seen["metadata"]["generation"] + 1 if "generation" in metadata else None)
    assert tried.body["metadata"].get("generation") == metadata.get("generation")
    assert tried.body["metadata"]["resourceVersion"] == seen["metadata"]["resourceVersion"]
    (mine,) = (entry for entry in metadata["managedFields"] if entry["manager"] == "wbtui")
    assert owned in str(mine["fieldsV1"])
    assert (await patch(server, path, version, operation)).body["reason"] == "Conflict"


async def test_a_job_of_a_cron_job_needs_a_short_name(server: Client) -> None:
    body = (await server.send("GET", NIGHTLY)).body
    body |= {"metadata": {"name": "n" * 53}}
    refused = await server.send("POST", NIGHTLY.rpartition("/")[0], body)
    assert "must be no more than 52 characters" in refused.body["message"]


async def test_a_template_that_changes_starts_nothing(server: Client) -> None:
    before = (await server.send("GET", GATEWAY)).body["status"]
    await server.send("PATCH", GATEWAY, {"spec": {"replicas": 3}}, Content_Type=MERGE)
    assert (await server.send("GET", GATEWAY)).body["status"] == before
