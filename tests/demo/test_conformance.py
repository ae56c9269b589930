"""What clients of any API server rely on: the embedded one answers as a real one does."""

from typing import Any

import pytest

from tests.demo.client import MERGE, METADATA_LIST, TABLE, Client
from tests.demo.conftest import samples

APPLY, STRATEGIC = "application/apply-patch+yaml", "application/strategic-merge-patch+json"
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
DEPLOYMENTS = "/apis/apps/v1/namespaces/llm-serving/deployments"
SECRETS = "/api/v1/namespaces/llm-serving/secrets"
OLD = "/apis/aim.eai.amd.com/v1alpha1/namespaces/llm-serving"
AIM = "/apis/aim.eai.amd.com/v1alpha2/namespaces/llm-serving"
MODEL = {"model": {"name": "m"}}
SAMPLES = [(path, body) for path, body in samples() if "external-secrets" not in path]


def deployment(**pod: Any) -> dict[str, Any]:
    container = {"name": "main", "image": "x:1", "env": [{"name": "A", "value": "1"}]}
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [container], **pod}}
    spec = {"selector": {"matchLabels": {"app": "web"}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}


def aim(kind: str, spec: Any, version: str = "v1alpha2") -> dict[str, Any]:
    return {"apiVersion": f"aim.eai.amd.com/{version}", "kind": kind, "metadata": {"name": "new"}, "spec": spec}


def profile(**spec: Any) -> dict[str, Any]:
    return aim("AIMService", {"profile": spec})


async def test_the_samples_are_what_the_server_makes_of_them(server: Client) -> None:
    for path, body in SAMPLES:
        if body["kind"] in {"Pod", "Job"}:  # admission adds tolerations and a selector to them
            continue
        named = body | {"metadata": body["metadata"] | {"name": "sample-of-the-test"}}
        named.pop("status", None)
        answer = await server.send("POST", f"{path}?dryRun=All&fieldValidation=Strict", named)
        assert answer.status == 201, answer.body
        sent, made = ({key: one.get(key) for key in ("spec", "data", "type", "secrets")} for one in (body, answer.body))
        assert made == sent


@pytest.mark.parametrize(
    ("pod", "field"),
    [
        ({"containers": [{"name": "main", "image": "x"}]}, {"imagePullPolicy": "Always"}),
        ({"containers": [{"name": "main", "image": "x:1"}]}, {"imagePullPolicy": "IfNotPresent", "resources": {}}),
        (
            {"containers": [{"name": "main", "image": "x:1", "readinessProbe": {"httpGet": {"port": 80}}}]},
            {
                "readinessProbe": {
                    "httpGet": {"path": "/", "port": 80, "scheme": "HTTP"},
                    "timeoutSeconds": 1,
                    "periodSeconds": 10,
                    "successThreshold": 1,
                    "failureThreshold": 3,
                }
            },
        ),
    ],
)
async def test_fills_in_what_was_left_out(server: Client, pod: dict[str, Any], field: dict[str, Any]) -> None:
    answer = await server.send("POST", f"{DEPLOYMENTS}?dryRun=All", deployment(**pod))
    (container,) = answer.body["spec"]["template"]["spec"]["containers"]
    assert {key: container[key] for key in field} == field
    assert answer.body["spec"]["strategy"]["rollingUpdate"] == {"maxUnavailable": "25%", "maxSurge": "25%"}


@pytest.mark.parametrize(
    ("pod", "message"),
    [
        (
            {"containers": "x"},
            "string into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container",
        ),
        (
            {"containers": [{"name": 1}]},
            "number into Go struct field Container.spec.template.spec.containers.name of type string",
        ),
        (
            {"terminationGracePeriodSeconds": "x"},
            "string into Go struct field PodSpec.spec.template.spec.terminationGracePeriodSeconds of type int64",
        ),
        (
            {"containers": [{"name": "a", "resources": {"limits": {"cpu": True}}}]},
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        ),
        (
            {"tolerations": [{"keys": "x"}]},
            'unknown field "spec.template.spec.tolerations[0].keys"',
        ),
    ],
)
async def test_reads_every_field_of_a_pod(server: Client, pod: dict[str, Any], message: str) -> None:
    answer = await server.send("POST", f"{DEPLOYMENTS}?fieldValidation=Strict", deployment(**pod))
    assert (answer.status, answer.body["reason"]) == (400, "BadRequest")
    assert answer.body["message"].endswith(message)


async def test_an_apply_says_what_it_wants_and_gives_up_what_it_does_not(server: Client) -> None:
    path = f"{DEPLOYMENTS}/web?fieldManager=one"
    made = await server.send("PATCH", path, deployment(hostname="here"), Content_Type=APPLY)
    same = await server.send("PATCH", path, deployment(hostname="here"), Content_Type=APPLY)
    assert (made.status, same.status) == (201, 200)
    assert made.body["metadata"]["resourceVersion"] == same.body["metadata"]["resourceVersion"]
    (entry,) = made.body["metadata"]["managedFields"]
    assert (entry["manager"], entry["operation"]) == ("one", "Apply")
    assert entry["fieldsV1"]["f:spec"] == {
        "f:selector": {},
        "f:template": {
            "f:metadata": {"f:labels": {"f:app": {}}},
            "f:spec": {
                "f:containers": {
                    'k:{"name":"main"}': {
                        ".": {},
                        "f:env": {'k:{"name":"A"}': {".": {}, "f:name": {}, "f:value": {}}},
                        "f:image": {},
                        "f:name": {},
                    }
                },
                "f:hostname": {},
            },
        },
    }
    less = await server.send("PATCH", path, deployment(), Content_Type=APPLY)
    assert "hostname" not in less.body["spec"]["template"]["spec"]
    assert less.body["metadata"]["generation"] == 2


async def test_an_apply_conflicts_with_another_manager_unless_it_is_forced(server: Client) -> None:
    path = f"{DEPLOYMENTS}/web?fieldManager"
    await server.send("PATCH", f"{path}=one", deployment(), Content_Type=APPLY)
    image = {"spec": {"template": {"spec": {"containers": [{"name": "main", "image": "x:2"}]}}}}
    await server.send("PATCH", f"{path}=two", image, Content_Type=STRATEGIC)
    refused = await server.send("PATCH", f"{path}=one", deployment(), Content_Type=APPLY)
    field = '.spec.template.spec.containers[name="main"].image'
    assert (refused.status, refused.body["reason"]) == (409, "Conflict")
    assert refused.body["message"] == f'Apply failed with 1 conflict: conflict with "two" using apps/v1: {field}'
    assert refused.body["details"]["causes"] == [
        {"reason": "FieldManagerConflict", "message": 'conflict with "two" using apps/v1', "field": field}
    ]
    forced = await server.send("PATCH", f"{path}=one&force=true", deployment(), Content_Type=APPLY)
    assert [entry["manager"] for entry in forced.body["metadata"]["managedFields"]] == ["one"]
    assert (await server.send("PATCH", f"{DEPLOYMENTS}/web", deployment(), Content_Type=APPLY)).status in {400, 422}


async def test_managers_share_what_they_agree_on(server: Client) -> None:
    path = f"{SECRETS}/shared?fieldManager"
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "shared"}, "data": {"a": "MQ=="}}
    for manager in ("one", "two"):
        await server.send("PATCH", f"{path}={manager}", secret, Content_Type=APPLY)
    kept = await server.send("PATCH", f"{path}=one", secret | {"data": {}}, Content_Type=APPLY)
    assert kept.body["data"] == {"a": "MQ=="}
    gone = await server.send("PATCH", f"{path}=two", secret | {"data": {}}, Content_Type=APPLY)
    assert not gone.body.get("data")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (aim("AIMService", MODEL | {"template": {"name": "t"}}), "template is not for v1alpha2"),
        (aim("AIMService", MODEL | {"overrides": {"metric": "latency"}}), "overrides is not for v1alpha2"),
        (aim("AIMService", MODEL | {"profileOverrides": {}}), "profileOverrides needs profile"),
        (aim("AIMService", {}), "model or profile is needed"),
        (profile(name="p", selector={"aimId": "a"}), "name and selector exclude each other"),
        (profile(name=""), "name or selector is needed"),
        (profile(selector={"metric": "latency"}), "selector needs aimId, modelRef or spec.model"),
        (profile(selector={"aimId": "a", "role": "base"}), "selector.role must be deployable"),
        (aim("AIMModel", {"aimId": "a"}), "exactly one of image and profiles"),
        (aim("AIMModel", {"image": "i", "custom": {}}), "custom is not for v1alpha2"),
        (aim("AIMModel", {"image": "i", "profiles": {}}, "v1alpha1"), "profiles is for v1alpha2 only"),
        (aim("AIMProfile", {"aimId": "a", "image": "i", "primary": True}), "aimId and modelSources go together"),
        (
            aim("AIMRuntimeConfig", {"artifact": {"s3": {"auth": {"mode": "static"}}}}, "v1alpha1"),
            "static needs credentialsSecretRef",
        ),
    ],
)
async def test_knows_the_rules_of_aim(server: Client, body: dict[str, Any], message: str) -> None:
    path = f"/apis/{body['apiVersion']}/namespaces/llm-serving/{body['kind'].lower()}s"
    answer = await server.send("POST", path, body)
    assert (answer.status, answer.body["reason"]) == (422, "Invalid")
    assert message in answer.body["message"]


async def test_versions_are_two_views_of_one_object(server: Client) -> None:
    spec = {"model": {"name": "m"}, "caching": {"mode": "Shared"}, "template": {"name": "t"}}
    made = await server.send("POST", f"{OLD}/aimservices", aim("AIMService", spec, "v1alpha1"))
    newer = await server.send("GET", f"{AIM}/aimservices/new")
    assert made.warning == '299 - "aim.eai.amd.com/v1alpha1 AIMService is deprecated; use aim.eai.amd.com/v1alpha2"'
    assert newer.warning is None
    assert newer.body == made.body | {"apiVersion": "aim.eai.amd.com/v1alpha2"}
    env = {"spec": {"caching": {"env": [{"name": "A", "value": "1"}]}}}
    assert (await server.send("PATCH", f"{AIM}/aimservices/new", env, Content_Type=MERGE)).status == 200
    other = {"spec": {"caching": {"mode": "Dedicated"}}}
    refused = await server.send("PATCH", f"{AIM}/aimservices/new", other, Content_Type=MERGE)
    assert "caching mode is immutable" in refused.body["message"]
    table = await server.send("GET", f"{OLD}/aimservices/new", accept=TABLE)
    assert [column["name"] for column in table.body["columnDefinitions"]][3:5] == ["Template", "Profile"]
    assert table.body["rows"][0]["cells"][:-1] == ["new", None, None, None, None, None]


async def test_a_custom_resource_says_what_it_is(server: Client) -> None:
    answer = await server.send("POST", f"{AIM}/aimservices", {"metadata": {"name": "x"}, "spec": {}})
    assert answer.status == 400
    assert "(must be of type AIMService): Object 'Kind' is missing" in answer.body["message"]


async def test_a_list_of_metadata_of_nothing_has_null(server: Client) -> None:
    path = f"{AIM}/aimservices?labelSelector=no%3Dsuch"
    assert (await server.send("GET", path, accept=METADATA_LIST)).body["items"] is None
    assert (await server.send("GET", path)).body["items"] == []
    assert (await server.send("GET", path, accept=TABLE)).body["rows"] == []


async def test_lists_all_kinds_in_one_answer(server: Client) -> None:
    core, groups = [await server.send("GET", path, accept=AGGREGATED) for path in ("/api", "/apis")]
    assert core.content_type == groups.content_type == AGGREGATED
    (items,) = (group for group in core.body["items"] if group["metadata"] == {})
    (secrets,) = (entry for entry in items["versions"][0]["resources"] if entry["resource"] == "secrets")
    del secrets["responseKind"]
    assert secrets == {
        "resource": "secrets",
        "scope": "Namespaced",
        "singularResource": "secret",
        "verbs": ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
    }
    (group,) = (group for group in groups.body["items"] if group["metadata"]["name"] == "aim.eai.amd.com")
    assert [version["version"] for version in group["versions"]] == ["v1alpha2", "v1alpha1"]
    (service,) = (entry for entry in group["versions"][0]["resources"] if entry["resource"] == "aimservices")
    assert (service["shortNames"], service["categories"]) == (["aimsvc"], ["aim", "all"])
    assert [entry["subresource"] for entry in service["subresources"]] == ["status"]


@pytest.mark.parametrize(
    ("group", "name"),
    [
        ("api/v1", "io.k8s.api.core.v1.Secret"),
        ("apis/apps/v1", "io.k8s.api.core.v1.EnvVar"),
        ("apis/aim.eai.amd.com/v1alpha2", "com.amd.eai.aim.v1alpha2.AIMService"),
        ("apis/aim.eai.amd.com/v1alpha1", "com.amd.eai.aim.v1alpha1.AIMRuntimeConfigList"),
    ],
)
async def test_publishes_its_schemas(server: Client, group: str, name: str) -> None:
    index = (await server.send("GET", "/openapi/v3")).body["paths"]
    document = (await server.send("GET", index[group]["serverRelativeURL"])).body
    older = (await server.send("GET", "/openapi/v2")).body
    assert "hash=" in index[group]["serverRelativeURL"]
    for schemas in (document["components"]["schemas"], older["definitions"]):
        assert {"apiVersion", "name"} & schemas[name]["properties"].keys()
    patch = document["paths"][f"/{group}/namespaces/{{namespace}}/{PLURAL[group]}/{{name}}"]["patch"]
    assert {"dryRun", "fieldManager", "fieldValidation"} <= {entry["name"] for entry in patch["parameters"]}


PLURAL = {
    "api/v1": "secrets",
    "apis/apps/v1": "deployments",
    "apis/aim.eai.amd.com/v1alpha2": "aimservices",
    "apis/aim.eai.amd.com/v1alpha1": "aimruntimeconfigs",
}
