"""Where kinds can name secrets, by their schemas: small ones, those of AMD's platform, and bad ones."""

from typing import Any

import pytest

from tests.domain.samples import merged
from tests.platform import CustomKind, custom_kinds
from wbtui.domain.label_selector import Requirement
from wbtui.domain.reference_paths import Path
from wbtui.domain.references import KINDS, Kind, references_in
from wbtui.domain.secret_fields import RULES, account_in_schema, paths_in_schema

TEXT = {"type": "string"}
PLATFORM = tuple(custom_kinds())


def of(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields}


def listed(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


NAMED = of(name=TEXT, key=TEXT)
OPEN_KIND = of(kind=TEXT, name=TEXT)
SPECS = {
    "a name alone": (of(tls=listed(of(secretName=TEXT))), {"tls[].secretName"}),
    "the name of what makes a secret": (of(externalSecretName=TEXT, pushSecretName=TEXT), set()),
    "a secret of TLS": (of(serverTLSSecret=TEXT, clientSecret=TEXT), {"serverTLSSecret"}),
    "a list of names": (of(secrets=listed(TEXT), imagePullSecrets=listed(TEXT)), {"secrets[]", "imagePullSecrets[]"}),
    "a key of a secret": (of(one=of(secretKeyRef=NAMED, configMapKeyRef=NAMED)), {"one.secretKeyRef.name"}),
    "a key of what is not said": (of(password=NAMED, config=NAMED, configMap=NAMED), {"password.name", "config.name"}),
    "a reference by kind": (of(refs=listed(of(kind={"default": "Secret"}, name=TEXT))), {"refs[].name"}),
    "what cannot be a secret": (of(secretStoreRef=of(kind={"enum": ["SecretStore"]}, name=TEXT)), set()),
    "what may be one": (of(caBundle=of(kind={"enum": ["ConfigMap", "Secret"]}, name=TEXT)), {"caBundle.name"}),
    "what is open": (of(certificateRefs=listed(OPEN_KIND), targetRef=OPEN_KIND), {"certificateRefs[].name"}),
    "a reference by type": (of(ca=of(type={"enum": ["Secret", "ConfigMap"]}, name=TEXT, key=TEXT)), {"ca.name"}),
    "secrets of something else": (of(secrets=listed(of(name=TEXT, parameter=TEXT, version=TEXT))), set()),
    "a map": (of(tasks={"type": "object", "additionalProperties": of(secretName=TEXT)}), {"tasks{}.secretName"}),
    "a list of lists": (of(steps=listed(listed(of(secretRef=of(name=TEXT))))), {"steps[][].secretRef.name"}),
}


def places(paths: tuple[Path, ...]) -> set[str]:
    return {f"{path.steps}.{path.name}".strip(".") for path in paths if not path.searched}


@pytest.mark.parametrize(("spec", "found"), SPECS.values(), ids=list(SPECS))
def test_what_a_schema_says(spec: dict[str, Any], found: set[str]) -> None:
    assert places(paths_in_schema(of(spec=spec, status=spec))) == {f"spec.{place}" for place in found}


def test_every_rule_has_its_example() -> None:
    found = {f"{one.kind}: {place}" for one in PLATFORM for place in places(paths_in_schema(one.schema))}
    built_in = {f"{kind.kind}: {place}" for kind in KINDS for place in places(kind.paths)}
    for rule in RULES:
        assert {rule.example, f"{rule.example}.name"} & (found | built_in), rule.example


KNOWN = {
    "AIMService.v1alpha2": {
        "spec.caching.env[].valueFrom.secretKeyRef",
        "spec.profileOverrides.containerEnv[].valueFrom.secretKeyRef",
        "spec.profileOverrides.modelSources[].env[].valueFrom.secretKeyRef",
    },
    "AIMProfileCache.v1alpha2": {"spec.env[].valueFrom.secretKeyRef"},
    "AIMRuntimeConfig.v1alpha1": {"spec.artifact.s3.auth.credentialsSecretRef", "spec.artifact.s3.tls.caBundleRef"},
    "Certificate.v1": {"spec", "spec.keystores.jks.passwordSecretRef"},
    "ClusterIssuer.v1": {"spec.acme.privateKeySecretRef", "spec.acme.solvers[].dns01.cloudflare.apiTokenSecretRef"},
    "Cluster.v1": {
        "spec.superuserSecret",
        "spec.bootstrap.initdb.secret",
        "spec.backup.barmanObjectStore.s3Credentials.accessKeyId",
    },
    "Gateway.v1": {"spec.listeners[].tls.certificateRefs[]"},
    "TriggerAuthentication.v1alpha1": {"spec.secretTargetRef[]"},
    "RayCluster.v1": {"spec.headGroupSpec.template.spec.containers[].env[].valueFrom.secretKeyRef"},
    "InferenceService.v1beta1": {
        "spec.predictor.imagePullSecrets[]",
        "spec.predictor.model.env[].valueFrom.secretKeyRef",
    },
    "SecretStore.v1beta1": {"spec.provider.vault.auth.tokenSecretRef", "spec.provider.vault.caProvider"},
    "Workflow.v1alpha1": {"spec.arguments.artifacts[].s3.accessKeySecret", "spec.imagePullSecrets[]"},
    "ServiceMonitor.v1": {"spec.endpoints[].basicAuth.password"},
}


@pytest.mark.parametrize(("kind", "known"), KNOWN.items(), ids=list(KNOWN))
def test_what_the_platforms_own_documentation_names_is_found(kind: str, known: set[str]) -> None:
    found = {
        path.steps for one in PLATFORM if f"{one.kind}.{one.version}" == kind for path in paths_in_schema(one.schema)
    }
    assert known <= found


def planted(path: Path, name: str) -> dict[str, Any]:
    """Return an object that names a secret at a path, and another thing beside it."""
    leaf: Any = {path.name: name} if path.name else name
    if path.kind:
        leaf[path.kind] = "Secret"
    for step in reversed(path.steps.split(".") if path.steps else []):
        field = step.rstrip("[]{}")
        containers = step[len(field) :]
        for position in range(len(containers) - 2, -1, -2):
            leaf = [leaf] if containers[position] == "[" else {"any": leaf}
        leaf = {field: leaf}
    assert isinstance(leaf, dict)
    return leaf


@pytest.mark.parametrize("kind", PLATFORM, ids=str)
def test_every_place_of_the_platform_is_found_and_nothing_else(kind: CustomKind) -> None:
    paths = tuple(path for path in paths_in_schema(kind.schema) if not path.searched)
    thing: dict[str, Any] = {"metadata": {"name": "secret-name", "annotations": {"secretName": "no-secret"}}}
    for number, path in enumerate(paths):
        thing = merged(thing, planted(path, f"probe-{number}"))
    found = {reference.secret for reference in references_in(Kind(kind.kind, "x/v1", "xs", paths), thing)}
    assert found == {f"probe-{number}" for number in range(len(paths))}


def test_what_keeps_unknown_fields_is_searched() -> None:
    schema = of(spec=of(values={"type": "object", "x-kubernetes-preserve-unknown-fields": True}))
    kind = Kind("Application", "argoproj.io/v1alpha1", "applications", paths_in_schema(schema))
    values = {
        "postgres": {"auth": {"existingSecret": "pg-auth", "password": "hunter2"}},
        "env": [
            {"name": "A", "value": "plain"},
            {"name": "B", "valueFrom": {"secretKeyRef": {"name": "hf", "key": "t"}}},
        ],
        "secretName": "Not a Name!",
    }
    found = {(one.secret, one.path, one.key) for one in references_in(kind, {"spec": {"values": values}})}
    assert found == {
        ("pg-auth", "spec.values.postgres.auth.existingSecret", ""),
        ("hf", "spec.values.env[B].valueFrom.secretKeyRef.name", "t"),
    }


STORAGE = of(key=TEXT, path=TEXT, parameters={"type": "object", "additionalProperties": TEXT})


@pytest.mark.parametrize(
    ("storage", "annotation", "found"),
    [
        ({"path": "model", "key": "minio"}, "", [("storage-config", "minio")]),
        ({"path": "model"}, "", [("storage-config", "")]),
        ({"path": "model"}, "own", [("own", "")]),
        (None, "", []),
    ],
)
def test_a_model_of_kserve_with_a_storage_uses_the_secret_of_all_storages(
    storage: dict[str, Any] | None, annotation: str, found: list[tuple[str, str]]
) -> None:
    kind = Kind("InferenceService", "x/v1", "s", paths_in_schema(of(spec=of(model=of(storage=STORAGE)))))
    annotations = {"serving.kserve.io/storageSecretName": annotation} if annotation else {}
    thing = {"metadata": {"annotations": annotations}, "spec": {"model": {"storage": storage}}}
    assert [(one.secret, one.key) for one in references_in(kind, thing)] == found


def test_the_downloads_of_kaiwo_name_secrets_and_keys() -> None:
    value = of(file=TEXT, secretName=TEXT, secretKey=TEXT)
    downloads = of(s3=listed(of(endpointUrl=TEXT, accessKeyId=value, secretKey=value)), git=listed(of(token=value)))
    kind = Kind("KaiwoJob", "x/v1", "s", paths_in_schema(of(spec=of(storage=of(data=of(download=downloads))))))
    s3 = {"accessKeyId": {"secretName": "s3", "secretKey": "id"}, "secretKey": {"secretName": "s3", "secretKey": "key"}}
    thing = {"spec": {"storage": {"data": {"download": {"s3": [s3], "git": [{"token": {"secretName": "git"}}]}}}}}
    found = [(one.secret, one.key) for one in references_in(kind, thing)]
    assert sorted(found) == [("git", ""), ("s3", "id"), ("s3", "key")]


def test_secrets_can_be_named_by_their_labels() -> None:
    labels = of(matchLabels={"type": "object", "additionalProperties": TEXT})
    paths = paths_in_schema(of(spec=of(selector=of(secret=of(name=TEXT, selector=labels)))))
    kind = Kind("PushSecret", "x/v1", "s", paths)
    by_labels = {"spec": {"selector": {"secret": {"selector": {"matchLabels": {"push": "yes"}}}}}}
    (reference,) = references_in(kind, by_labels)
    assert (reference.secret, reference.selector) == ("", (Requirement("push", "In", frozenset({"yes"})),))
    by_name = {"spec": {"selector": {"secret": {"name": "hf"}}}}
    assert [(one.secret, one.selector) for one in references_in(kind, by_name)] == [("hf", None)]


def test_a_reference_of_another_kind_is_no_secret_and_one_that_says_none_is() -> None:
    schema = of(spec=of(refs=listed(of(kind={"default": "Secret"}, name=TEXT, namespace=TEXT))))
    kind = Kind("Gateway", "x/v1", "gateways", paths_in_schema(schema))
    refs = [{"name": "a"}, {"name": "b", "kind": "ConfigMap"}, {"name": "c", "kind": "Secret", "namespace": "far"}]
    found = [(one.secret, one.namespace) for one in references_in(kind, {"spec": {"refs": refs}})]
    assert found == [("a", ""), ("c", "far")]


def test_a_schema_that_refers_to_itself_ends_in_a_search() -> None:
    task = of(secretRef=of(name=TEXT), inner={"$ref": "#/components/schemas/Task"})
    paths = paths_in_schema(of(spec={"$ref": "#/components/schemas/Task"}), {"Task": task})
    kind = Kind("Flow", "x/v1", "flows", paths)
    deep = {"inner": {"inner": {"inner": {"secretRef": {"name": "deep"}}}}, "secretRef": {"name": "top"}}
    assert {one.secret for one in references_in(kind, {"spec": deep})} == {"deep", "top"}


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"properties": []},
        {"properties": {"spec": "text"}},
        {"properties": {"spec": {"$ref": "#/components/schemas/Missing"}}},
        {"properties": {"spec": {"$ref": 7, "allOf": "x", "items": 3, "additionalProperties": True}}},
        {"$ref": "#/components/schemas/Loop"},
        {"allOf": [{"allOf": [{"$ref": "#/components/schemas/Loop"}]}]},
    ],
)
def test_a_schema_that_lies_names_nothing(schema: dict[str, Any]) -> None:
    loop = {"Loop": {"$ref": "#/components/schemas/Loop"}}
    assert places(paths_in_schema(schema, loop)) == set()
    assert account_in_schema(schema, loop) == ""


def test_a_schema_that_does_not_end_is_searched_from_some_depth_on() -> None:
    schema = of(secretName=TEXT)
    for _ in range(200):
        schema = of(inner=schema)
    assert any(path.searched for path in paths_in_schema(schema))


def test_pods_of_a_custom_kind_have_a_service_account() -> None:
    assert {str(kind): account_in_schema(kind.schema) for kind in PLATFORM if kind.kind == "Pooler"} == {
        "Pooler.v1.postgresql.cnpg.io": "spec.template.spec"
    }
