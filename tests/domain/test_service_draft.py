"""The manifests of new services, as the two generations of the AI Workbench make them."""

from dataclasses import replace

import pytest

from wbtui.domain.models import Gateway, Model
from wbtui.domain.prefixes import Prefixes
from wbtui.domain.scaling import Scaling
from wbtui.domain.service_draft import ServiceDraft

PREFIXES = Prefixes()
MODEL = Model("AIMClusterModel", "llama", "", canonical_name="meta/llama")
DRAFT = ServiceDraft(
    namespace="team-a",
    name="chat",
    model=MODEL,
    replicas=2,
    token=("hf", "token"),
    pull_secrets=("ghcr", "docker"),
    metric="latency",
    creator="me@example.com",
)
TOKEN = {"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": {"name": "hf", "key": "token"}}}
BY_PROFILE = replace(
    DRAFT,
    api="aim.eai.amd.com/v1alpha2",
    gateway=Gateway("https", "envoy-gateway-system"),
    display_name="Chat für alle",
)


def test_a_service_by_template_is_as_workbench_1_makes_it() -> None:
    assert DRAFT.manifest(PREFIXES) == {
        "apiVersion": "aim.eai.amd.com/v1alpha1",
        "kind": "AIMService",
        "metadata": {
            "name": "chat",
            "namespace": "team-a",
            "labels": {"airm.silogen.ai/workload-type": "INFERENCE"},
            "annotations": {"airm.silogen.ai/submitter": "me@example.com"},
        },
        "spec": {
            "model": {"name": "llama"},
            "replicas": 2,
            "template": {"allowUnoptimized": True},
            "overrides": {"metric": "latency"},
            "imagePullSecrets": [{"name": "ghcr"}, {"name": "docker"}],
            "env": [TOKEN],
        },
    }


def test_what_is_not_chosen_is_left_to_the_engine() -> None:
    bare = ServiceDraft(namespace="team-a", name="chat", model=MODEL, unoptimized=False).manifest(PREFIXES)
    assert bare["spec"] == {"model": {"name": "llama"}, "replicas": 1}
    assert "annotations" not in bare["metadata"]


def test_a_service_by_profile_is_as_workbench_2_makes_it() -> None:
    assert BY_PROFILE.manifest(PREFIXES) == {
        "apiVersion": "aim.eai.amd.com/v1alpha2",
        "kind": "AIMService",
        "metadata": {
            "name": "chat",
            "namespace": "team-a",
            "labels": {"airm.silogen.ai/workload-type": "INFERENCE"},
            "annotations": {
                "airm.silogen.ai/submitter": "me@example.com",
                "aim.eai.amd.com/reconciler-pipeline": "profile",
                "aiwb.apps.eai.amd.com/display-name": "Chat für alle",
            },
        },
        "spec": {
            "model": {"name": "llama"},
            "replicas": 2,
            "routing": {"enabled": True, "gatewayRef": {"name": "https", "namespace": "envoy-gateway-system"}},
            "runtimeConfigName": "default",
            "caching": {"mode": "Shared", "env": [TOKEN]},
            "profile": {"selector": {"minimumType": "any", "metric": "latency"}},
            "env": [],
            "imagePullSecrets": [{"name": "ghcr"}, {"name": "docker"}],
        },
    }


def test_lists_of_a_service_by_profile_are_there_when_they_are_empty() -> None:
    bare = ServiceDraft(namespace="a", name="chat", model=MODEL, api="aim.eai.amd.com/v1beta1").manifest(PREFIXES)
    assert bare["apiVersion"] == "aim.eai.amd.com/v1beta1"
    assert bare["spec"] == {
        "model": {"name": "llama"},
        "replicas": 1,
        "runtimeConfigName": "default",
        "caching": {"mode": "Shared", "env": []},
        "profile": {"selector": {"minimumType": "any"}},
        "env": [],
        "imagePullSecrets": [],
    }


def test_a_profile_that_is_named_needs_no_selector() -> None:
    spec = replace(BY_PROFILE, profile="llama-fp8", precision="fp8").manifest(PREFIXES)["spec"]
    assert spec["profile"] == {"name": "llama-fp8"}
    spec = replace(BY_PROFILE, precision="fp8", accelerator="MI300X").manifest(PREFIXES)["spec"]
    wanted = {"minimumType": "any", "metric": "latency", "precision": "fp8", "acceleratorModel": "MI300X"}
    assert spec["profile"] == {"selector": wanted}


def test_a_number_of_accelerators_overrides_that_of_the_profile() -> None:
    spec = replace(BY_PROFILE, profile="llama-fp8", accelerators=4).manifest(PREFIXES)["spec"]
    assert spec["profile"] == {"name": "llama-fp8"}
    assert spec["profileOverrides"] == {"acceleratorCount": 4}


@pytest.mark.parametrize("draft", [DRAFT, BY_PROFILE])
def test_scaling_is_written_as_the_workbench_writes_it(draft: ServiceDraft) -> None:
    spec = replace(draft, scaling=Scaling(2, 8, target=25)).manifest(PREFIXES)["spec"]
    metric = {
        "backend": "opentelemetry",
        "metricNames": ["vllm:num_requests_running", "vllm:num_requests_waiting"],
        "query": "vllm:num_requests_running",
        "operationOverTime": "avg",
    }
    pods = {"type": "PodMetric", "podmetric": {"metric": metric, "target": {"type": "Value", "value": "25"}}}
    assert (spec["replicas"], spec["minReplicas"], spec["maxReplicas"]) == (2, 2, 8)
    assert spec["autoScaling"] == {"metrics": [pods]}


def test_an_average_is_a_target_of_its_own() -> None:
    metrics = Scaling(target_type="AverageValue").fields["autoScaling"]["metrics"]
    assert metrics[0]["podmetric"]["target"] == {"type": "AverageValue", "averageValue": "10"}


def test_a_model_of_the_project_is_marked_as_such() -> None:
    own = replace(MODEL, kind="AIMModel", namespace="team-a")
    metadata = replace(BY_PROFILE, model=own).manifest(Prefixes("apps.example.com", "wb.example.com"))["metadata"]
    assert metadata["labels"] == {
        "apps.example.com/workload-type": "INFERENCE",
        "wb.example.com/namespace-aim-model": "true",
        "wb.example.com/fine-tuned": "true",
    }
    assert metadata["annotations"]["wb.example.com/canonical-name"] == "meta/llama"
    assert metadata["annotations"]["wb.example.com/model-name"] == "llama"
    imported = replace(own, display_name="Our Llama", imported=True)
    metadata = replace(BY_PROFILE, model=imported, display_name="").manifest(PREFIXES)["metadata"]
    assert "aiwb.apps.eai.amd.com/fine-tuned" not in metadata["labels"]
    assert metadata["annotations"]["aiwb.apps.eai.amd.com/model-name"] == "Our Llama"
    assert metadata["annotations"]["aiwb.apps.eai.amd.com/display-name"] == "Our Llama"
    metadata = replace(BY_PROFILE, model=imported).manifest(PREFIXES)["metadata"]
    assert metadata["annotations"]["aiwb.apps.eai.amd.com/display-name"] == "Chat für alle"
