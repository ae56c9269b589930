"""What the AIM Engine's definitions refuse, in the words of the API server."""

from typing import Any

import pytest

from tests.demo.client import MERGE, Client

SERVICES = "/apis/aim.eai.amd.com/v1alpha1/namespaces/llm-serving/aimservices"
CONFIGS = "/apis/aim.eai.amd.com/v1alpha1/namespaces/llm-serving/aimruntimeconfigs"
CACHES = "/apis/aim.eai.amd.com/v1alpha1/namespaces/llm-serving/aimtemplatecaches"
JSON_PATCH = "application/json-patch+json"
STRICT = "?fieldValidation=Strict&fieldManager=wbtui"
KIND = {"apiVersion": "aim.eai.amd.com/v1alpha1", "kind": "AIMService"}
MODEL = {"name": "qwen3-32b"}
DEPRECATED = '299 - "aim.eai.amd.com/v1alpha1 AIMService is deprecated; use aim.eai.amd.com/v1alpha2"'
NOTE = (
    "Invalid value: null: some validation rules were not checked because the object was invalid; "
    "correct the existing errors to complete validation"
)
PODMETRIC = {"metric": {"query": "up"}, "target": {"type": "Value", "value": "1"}}
HARDWARE = {"gpu": {"requests": 1}}
SOURCE = {"modelId": "Qwen/Qwen3-32B", "sourceUri": "hf://Qwen/Qwen3-32B"}


def service(**spec: Any) -> dict[str, Any]:
    return {**KIND, "metadata": {"name": "new"}, "spec": {"model": MODEL, **spec}}


def config(**spec: Any) -> dict[str, Any]:
    return {**KIND, "kind": "AIMRuntimeConfig", "metadata": {"name": "new"}, "spec": spec}


def causes(answer: Any) -> list[tuple[str, str]]:
    assert (answer.status, answer.body["reason"]) == (422, "Invalid")
    return [(cause["field"], cause["message"]) for cause in answer.body["details"]["causes"]]


@pytest.mark.parametrize(
    ("spec", "field", "message"),
    [
        ({"maxReplicas": 0}, "spec.maxReplicas", "0: spec.maxReplicas in body should be greater than or equal to 1"),
        ({"model": {}}, "spec.model", "Invalid value: exactly one of name, image, custom"),
        ({"model": {"name": "a", "image": "b"}}, "spec.model", "exactly one of name, image, custom"),
        ({"env": [{"value": "x"}]}, "spec.env[0].name", "Required value"),
        ({"env": [{"name": "A"}, {"name": "A"}]}, "spec.env[1]", 'Duplicate value: {"name":"A"}'),
        ({"env": "x"}, "spec.env", 'Invalid value: "string": spec.env in body must be of type array: "string"'),
        (
            {"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s"}}}]},
            "spec.env[0].valueFrom.secretKeyRef.key",
            "Required value",
        ),
        (
            {"overrides": {"metric": "fast"}},
            "spec.overrides.metric",
            'Unsupported value: "fast": supported values: "latency", "throughput"',
        ),
        (
            {"caching": {"mode": "Some"}},
            "spec.caching.mode",
            'Unsupported value: "Some": supported values: "Dedicated"',
        ),
        ({"overrides": {"hardware": {}}}, "spec.overrides.hardware", "gpu or cpu is needed"),
        (
            {"overrides": {"hardware": {"gpu": {"model": "MI300X", "minVram": "64Gi"}}}},
            "spec.overrides.hardware.gpu",
            "model and minVram exclude each other",
        ),
        (
            {"routing": {"gatewayRef": {"name": "g", "port": 70000}}},
            "spec.routing.gatewayRef.port",
            "should be less than or equal to 65535",
        ),
        ({"routing": {"gatewayRef": {"name": ""}}}, "spec.routing.gatewayRef.name", "should be at least 1 chars long"),
        ({"resources": {"limits": {"cpu": "many"}}}, "spec.resources.limits.cpu", "in body should match"),
        ({"replicas": True}, "spec.replicas", 'Invalid value: "": spec.replicas in body must be of type int32: ""'),
        (
            {"model": {"custom": {"baseImage": "x", "hardware": HARDWARE, "modelSources": []}}},
            "spec.model.custom.modelSources",
            "Invalid value: 0: spec.model.custom.modelSources in body should have at least 1 items",
        ),
        (
            {"model": {"custom": {"baseImage": "x", "hardware": HARDWARE, "modelSources": [SOURCE, SOURCE]}}},
            "spec.model.custom.modelSources",
            "Too many: 2: must have at most 1 item",
        ),
        (
            {"overrides": {"hardware": {"gpu": {"model": "x" * 65}}}},
            "spec.overrides.hardware.gpu.model",
            "Too long: may not be more than 64 bytes",
        ),
    ],
)
async def test_refuses(server: Client, spec: dict[str, Any], field: str, message: str) -> None:
    found = dict(causes(await server.send("POST", SERVICES + STRICT, service(**spec))))
    assert message in found[field]


async def test_rules_are_not_looked_at_where_the_types_are_wrong(server: Client) -> None:
    found = causes(await server.send("POST", SERVICES + STRICT, service(model={}, replicas="two")))
    assert [field for field, _ in found] == ["spec.replicas", "<nil>"]
    assert found[1][1] == NOTE


async def test_a_kind_without_rules_has_no_note_about_them(server: Client) -> None:
    spec = {"templateName": "t", "templateScope": "Namespace", "env": "HF_TOKEN"}
    body = {**KIND, "kind": "AIMTemplateCache", "metadata": {"name": "own"}, "spec": spec}
    assert [field for field, _ in causes(await server.send("POST", CACHES, body))] == ["spec.env"]


async def test_a_service_without_a_model_is_refused(server: Client) -> None:
    body = service()
    del body["spec"]["model"]
    assert causes(await server.send("POST", SERVICES, body)) == [("<nil>", "Invalid value: model or profile is needed")]


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        ({"model": {"name": "llama-3-1-8b"}}, "spec.model: Invalid value: model is immutable"),
        ({"caching": {"mode": "Dedicated"}}, "spec.caching: Invalid value: caching mode is immutable"),
        ({"template": {"name": "b"}}, "spec.template: Invalid value: template is immutable"),
        ({"overrides": {"metric": "throughput"}}, 'metric: Invalid value: "throughput": metric is immutable'),
    ],
)
async def test_some_choices_are_made_once(server: Client, patch: dict[str, Any], message: str) -> None:
    spec = {"caching": {"mode": "Shared"}, "template": {"name": "a"}, "overrides": {"metric": "latency"}}
    assert (await server.send("POST", SERVICES + STRICT, service(**spec))).status == 201
    answer = await server.send("PATCH", f"{SERVICES}/new", {"spec": patch}, Content_Type=MERGE)
    assert (answer.status, message in answer.body["message"]) == (422, True)


async def test_a_choice_that_was_not_made_can_be_made_later(server: Client) -> None:
    await server.send("POST", SERVICES, service())
    patch = {"spec": {"overrides": {"metric": "latency"}, "template": {"name": "a"}}}
    assert (await server.send("PATCH", f"{SERVICES}/new", patch, Content_Type=MERGE)).status == 200


async def test_everything_that_a_service_can_say_is_known(server: Client) -> None:
    spec = {
        "replicas": 2,
        "minReplicas": 1,
        "maxReplicas": 3,
        "autoScaling": {"metrics": [{"type": "PodMetric", "podmetric": PODMETRIC}]},
        "caching": {"mode": "Shared"},
        "env": [{"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": {"name": "hf", "key": "token"}}}],
        "imagePullSecrets": [{"name": "ghcr-pull"}],
        "overrides": {"metric": "latency", "precision": "fp8", "hardware": HARDWARE},
        "resources": {"limits": {"amd.com/gpu": 1, "memory": "64Gi"}},
        "routing": {"enabled": True, "annotations": {"any": "key"}, "gatewayRef": {"name": "g"}},
        "runtimeConfigName": "default",
        "serviceAccountName": "model-runner",
        "storage": {"defaultStorageClassName": "fast"},
        "template": {"name": "t", "allowUnoptimized": True},
    }
    answer = await server.send("POST", f"{SERVICES}{STRICT}&dryRun=All", service(**spec))
    assert (answer.status, answer.warning) == (201, DEPRECATED)
    assert answer.body["spec"]["routing"]["gatewayRef"]["kind"] == "Gateway"
    assert (await server.send("GET", f"{SERVICES}/new")).status == 404


async def test_one_replica_is_the_default(server: Client) -> None:
    assert (await server.send("POST", SERVICES, service())).body["spec"]["replicas"] == 1


async def test_unknown_fields_are_refused_or_dropped(server: Client) -> None:
    body = service(metric="latency", env=[{"name": "A", "secret": "s"}])
    refused = await server.send("POST", SERVICES + STRICT, body)
    assert refused.status == 400
    assert refused.body["message"] == (
        'AIMService in version "v1alpha1" cannot be handled as a AIMService: strict decoding error: '
        'unknown field "spec.env[0].secret", unknown field "spec.metric"'
    )
    made = await server.send("POST", CONFIGS, config(metric="latency", env=[{"name": "A", "secret": "s"}]))
    assert made.warning == '299 - "unknown field \\"spec.env[0].secret\\""'
    assert made.body["spec"]["env"] == [{"name": "A"}]


async def test_a_patch_that_makes_no_object_quotes_all_of_it(server: Client) -> None:
    patch = [{"op": "add", "path": "/spec/metric", "value": "latency"}]
    refused = await server.send("PATCH", f"{SERVICES}/llama-chat{STRICT}", patch, Content_Type=JSON_PATCH)
    assert (refused.status, refused.body["reason"]) == (422, "Invalid")
    assert refused.body["message"].startswith(' "" is invalid: patch: Invalid value: "{\\"')
    assert refused.body["message"].endswith('strict decoding error: unknown field "spec.metric"')
