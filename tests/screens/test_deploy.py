"""Deploying a model: chosen, shown, tried, made, and followed."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Kubectl
from tests.screens.driving import Session, session
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.cluster.connection import RequestOptions
from wbtui.demo.apiserver.access.users import Role, RoleRule, TokenUser
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.models import AIM_GROUP
from wbtui.repository import Clusters
from wbtui.storage.session_state import SessionState
from wbtui.widgets.secret_table import SecretTable

TOKEN = "hf_" + "Ab3" * 8


DISPLAY_NAME = "aiwb.apps.eai.amd.com/display-name"
WORKBENCH_1 = pytest.mark.parametrize("cluster", [("aim.eai.amd.com/v1alpha2",)], indirect=True)
"""A cluster with the AIM Engine of the first AI Workbench, which serves v1alpha1 alone."""


def service(kubectl: Kubectl, name: str) -> Any:
    """Return a service by its display name; by its name where it has no other."""
    services = json.loads(kubectl("get", "aimservices", "-A", "-o", "json"))["items"]
    called = {
        one["metadata"].get("annotations", {}).get(DISPLAY_NAME, one["metadata"]["name"]): one for one in services
    }
    return called[name]


@asynccontextmanager
async def deploying(clusters: Clusters, model: str, **more: Any) -> AsyncIterator[Session]:
    """Open the form that deploys a model, with the focus in Name."""
    async with session(clusters, **more) as person:
        await person.sees(" live\n")
        await person.press("m")
        await person.sees("Deploy a model in", "Enter chooses")
        await person.type(model)
        await person.press("enter")
        await person.sees("kind: AIMService")
        yield person


async def choose(person: Session, name: str) -> None:
    """Choose a secret in the field that has the focus."""
    await person.press("enter")
    await person.sees("Secrets for", "Enter chooses")
    await person.type(name)
    await person.press("enter")
    await person.loses("Secrets for")


async def report(kubectl: Kubectl, name: str, status: str, *conditions: dict[str, str]) -> None:
    """Say what the engine would say of a service."""
    body = json.dumps({"status": {"status": status, "conditions": list(conditions)}})
    kubectl("patch", "aimservice", name, "--subresource=status", "--type=merge", "-p", body)


@WORKBENCH_1
async def test_a_model_is_deployed_by_a_template_where_the_engine_has_no_profiles(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    async with deploying(clusters, "llama instruct", size=(120, 60)) as person:
        await person.press(*["backspace"] * 20)
        await person.type("chat")
        await person.press("tab", "backspace", "2", "tab")
        await choose(person, "hf-token-eval")
        await person.press("tab")
        await choose(person, "ghcr-pull")
        await choose(person, "docker-hub")
        await person.press("tab", "2")
        await person.sees("metric: latency", "name: hf-token-eval", "ghcr-pull, docker-hub-pull")
        await person.sees("The download and the server see the token.", "as the runtime config says: it gets no route")
        await person.press("ctrl+s")
        await person.sees("AIMService chat in llm-serving", "New: Created")
    made = service(kubectl, "chat")
    assert made["metadata"]["labels"] == {"airm.silogen.ai/workload-type": "INFERENCE"}
    assert made["metadata"]["annotations"] == {"airm.silogen.ai/submitter": "demo@example.com"}
    assert made["spec"] == {
        "adapterMode": "static",  # filled in by the server
        "model": {"name": "llama-3-1-8b"},
        "replicas": 2,
        "template": {"allowUnoptimized": True},
        "overrides": {"metric": "latency"},
        "imagePullSecrets": [{"name": "ghcr-pull"}, {"name": "docker-hub-pull"}],
        "env": [{"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": {"name": "hf-token-eval", "key": "token"}}}],
    }


@WORKBENCH_1
async def test_templates_that_are_not_optimized_can_be_left_out(clusters: Clusters, kubectl: Kubectl) -> None:
    async with deploying(clusters, "qwen") as person:
        await person.sees("allowUnoptimized: true")
        await person.press("tab", "tab", "tab", "tab", "tab", "2")
        await person.loses("allowUnoptimized")
        await person.press("ctrl+s")
        await person.sees("AIMService qwen3-32b in llm-serving")
    assert "template" not in service(kubectl, "qwen3-32b")["spec"]


async def test_a_model_is_deployed_by_a_profile_as_workbench_2_would(clusters: Clusters, kubectl: Kubectl) -> None:
    async with deploying(clusters, "llama instruct", size=(120, 60)) as person:
        await person.sees(
            "Only the download sees the token; the server does not.", "llama-3-1-8b-mi300x-fp16-throughput"
        )
        await person.press("tab", *["backspace"] * 20)
        await person.type("Handbuch für alle")
        await person.press("tab", "tab")
        await choose(person, "hf-token-eval")
        await person.press("tab")
        await choose(person, "ghcr-pull")
        await person.press("tab", "2", "tab", "tab", "3")
        await person.sees("precision: fp8", "metric: latency")
        await person.press("ctrl+s")
        await person.sees("AIMService Handbuch für alle (wb-aim-", "New: Created")
    made = service(kubectl, "Handbuch für alle")
    assert made["apiVersion"] == "aim.eai.amd.com/v1alpha2"
    assert re.fullmatch(r"wb-aim-[0-9a-f]{8}", made["metadata"]["name"])
    assert made["metadata"]["labels"] == {"airm.silogen.ai/workload-type": "INFERENCE"}
    assert made["metadata"]["annotations"] == {
        "airm.silogen.ai/submitter": "demo@example.com",
        "aim.eai.amd.com/reconciler-pipeline": "profile",
        DISPLAY_NAME: "Handbuch für alle",
    }
    secret = {"secretKeyRef": {"name": "hf-token-eval", "key": "token"}}
    filled_in = {"group": "gateway.networking.k8s.io", "kind": "Gateway"}
    assert made["spec"] == {
        "adapterMode": "static",  # filled in by the server
        "model": {"name": "llama-3-1-8b"},
        "replicas": 1,
        "routing": {
            "enabled": True,
            "gatewayRef": {"name": "https", "namespace": "envoy-gateway-system", **filled_in},
        },
        "runtimeConfigName": "default",
        "caching": {"mode": "Shared", "env": [{"name": "HF_TOKEN", "valueFrom": secret}]},
        "profile": {
            "selector": {"minimumType": "any", "metric": "latency", "precision": "fp8", "role": "deployable"},
        },
        "env": [],
        "imagePullSecrets": [{"name": "ghcr-pull"}],
    }


async def test_a_profile_can_be_named_and_no_other_is_asked_about(clusters: Clusters, kubectl: Kubectl) -> None:
    async with deploying(clusters, "qwen", size=(120, 60)) as person:
        await person.press(*["tab"] * 6)
        await person.type("qwen3-32b-mi300x-bf16-latency")
        await person.press("ctrl+s")
        await person.reads("qwen3-32b-mi300x-bf16-latency is no profile of the model that is Ready and deployable")
        await person.press(*["backspace"] * 7)
        await person.type("throughput")
        await person.press("tab", "tab", "tab", "tab", "2")
        await person.loses("routing:")
        await person.press("ctrl+s")
        await person.sees("AIMService qwen3-32b (wb-aim-")
    spec = service(kubectl, "qwen3-32b")["spec"]
    assert spec["profile"] == {"name": "qwen3-32b-mi300x-bf16-throughput"}
    assert "routing" not in spec


async def test_a_service_is_scaled_as_the_workbench_offers_it(clusters: Clusters, kubectl: Kubectl) -> None:
    async with deploying(clusters, "qwen", size=(120, 80)) as person:
        await person.press(*["tab"] * 9, "2", "tab", "tab")
        await person.sees("acceleratorCount: 1", "group of cluster-auth")
        await person.press("2")
        await person.sees("Scaling metric", "minReplicas: 1", "maxReplicas: 3")
        await person.press("tab", "backspace", "5", "ctrl+s")
        await person.reads("Not saved: Max replicas: the maximum is not below the minimum.")
        await person.press("backspace", *"31", "ctrl+s")
        await person.reads("Not saved: Max replicas: a number of replicas is at most 30.")
        await person.press("backspace", "backspace", "9", "tab", "2", "tab", "2", "tab", "2", "tab", "7")
        await person.sees("averageValue: '7'", "operationOverTime: max")
        await person.loses("A number of replicas is at most 30.")
        await person.press("ctrl+s")
        await person.sees("AIMService qwen3-32b (wb-aim-")
    spec = service(kubectl, "qwen3-32b")["spec"]
    assert spec["profileOverrides"] == {"acceleratorCount": 1}
    assert (spec["minReplicas"], spec["maxReplicas"]) == (5, 9)
    pods = spec["autoScaling"]["metrics"][0]["podmetric"]
    assert pods["metric"]["query"] == "vllm:num_requests_waiting"
    assert pods["target"] == {"type": "AverageValue", "averageValue": "7"}


@WORKBENCH_1
async def test_a_service_that_runs_by_a_template_is_scaled_too(clusters: Clusters, kubectl: Kubectl) -> None:
    async with deploying(clusters, "qwen", size=(120, 60)) as person:
        await person.press(*["tab"] * 6, "2")
        await person.sees("maxReplicas: 3")
        await person.press("ctrl+s")
        await person.sees("AIMService qwen3-32b in llm-serving")
    assert service(kubectl, "qwen3-32b")["spec"]["minReplicas"] == 1


async def test_a_metric_that_no_profile_is_best_at_is_asked_about(clusters: Clusters) -> None:
    async with deploying(clusters, "qwen", size=(120, 60)) as person:
        await person.press(*["tab"] * 5, "2", "ctrl+s")
        await person.reads("no profile of the model is all that was chosen")


async def test_a_model_without_a_ready_profile_is_told_apart_and_asked_about(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees(" live\n")
        await person.press("m")
        await person.sees("gpt-oss 120B (gpt-oss-120b)  Progressing · no profile is ready")
        await person.type("gpt")
        await person.press("enter")
        await person.sees("kind: AIMService")
        await person.press("ctrl+s")
        await person.reads("no profile of the model is Ready and deployable; the service waits until one is")


async def test_where_models_cannot_be_seen_one_can_be_named(tmp_path: Path) -> None:
    rules = (RoleRule(("list", "watch", "create"), ("secrets",)), RoleRule(("*",), ("aimservices",), (AIM_GROUP,)))
    member = TokenUser("demo@example.com", "demo-token", (Role("member", rules, "llm-serving"),))
    with BackgroundCluster(users={"demo": member}) as cluster:
        path = tmp_path / "kubeconfig"
        path.write_text(json.dumps(cluster.kubeconfig()))
        async with session(KubernetesClusters(Preferences(str(path)))) as person:
            await person.sees(" live\n")
            await person.press("m")
            await person.reads("Not seen: AIMModel: you may not list them", "Another model: type its whole name.")
            await person.type("aim-llama-4")
            await person.press("enter")
            await person.sees("aim-llama-4: entered by hand", "name: aim-llama-4")
            await person.reads("whether it gets a route is not known: AIMRuntimeConfig default and")
            await person.press("ctrl+s")
            await person.reads("whether there is a model aim-llama-4, and what it needs, is not known")
            await person.press("ctrl+s")
            await person.sees("AIMService aim-llama-4 (wb-aim-")


async def test_a_token_of_the_cluster_counts(clusters: Clusters, kubectl: Kubectl, tmp_path: Path) -> None:
    kubectl("delete", "aimruntimeconfig", "default")
    token = {"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": {"name": "hf-token-eval", "key": "token"}}}
    spec = {"env": [token], "routing": {"enabled": True, "gatewayRef": {"name": "edge", "namespace": "gateways"}}}
    body = {
        "apiVersion": "aim.eai.amd.com/v1alpha1",
        "kind": "AIMClusterRuntimeConfig",
        "metadata": {"name": "default"},
    }
    file = tmp_path / "config.json"
    file.write_text(json.dumps({**body, "spec": spec}))
    kubectl("create", "-f", str(file))
    async with deploying(clusters, "llama instruct", size=(120, 60)) as person:
        await person.sees("through gateway edge in gateways", "as the runtime config says: it gets a route")
        await person.press("ctrl+s")
        await person.reads("that of AIMClusterRuntimeConfig default would be used")


@pytest.mark.parametrize("cluster", [("aim.eai.amd.com/v1alpha2", "AIMService")], indirect=True)
async def test_an_engine_that_is_half_installed_is_said(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees(" live\n")
        await person.press("m")
        await person.reads("The cluster has no AIMService")
        await person.press("escape", "v")
        await person.reads("The cluster has no AIMService", "may be missing or incomplete")


async def test_models_are_listed_with_what_matters_those_of_the_project_too(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees(" live\n")
        await person.press("m")
        await person.sees(
            "Llama 3.1 8B Instruct (llama-3-1-8b)  Ready · needs a Hugging Face token",
            "gpt-oss 120B (gpt-oss-120b)  Progressing",
            "Support Llama (support-llama)  Ready · needs a Hugging Face token · of llm-serving",
        )


async def test_a_model_is_found_by_the_name_that_people_gave_it(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("annotate", "aimclustermodel", "qwen3-32b", f"{DISPLAY_NAME}=Fragen für alle")
    kubectl("annotate", "aimmodel", "support-llama", f"{DISPLAY_NAME}=qwen3-32b")
    async with session(clusters) as person:
        await person.sees(" live\n")
        await person.press("m")
        await person.sees("Fragen für alle (qwen3-32b)  Ready", "qwen3-32b (support-llama)  Ready")
        await person.type("fragen")
        await person.loses("support-llama")
        await person.press("ctrl+u")
        await person.type("qwen3-32b")
        await person.press("enter")
        await person.sees("Fragen für alle (qwen3-32b) — Qwen/Qwen3-32B: Ready")


async def test_a_token_that_is_needed_must_be_chosen(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("delete", "aimruntimeconfig", "default")
    async with deploying(clusters, "llama instruct") as person:
        await person.press("ctrl+s")
        await person.sees("Not saved: Token: the model needs one of Hugging Face")
        assert "llama-3-1-8b" not in kubectl("get", "aimservices", "-o", "name")


async def test_a_token_of_the_project_is_asked_about(clusters: Clusters, kubectl: Kubectl) -> None:
    async with deploying(clusters, "llama instruct") as person:
        await person.press("ctrl+s")
        await person.reads("that of AIMRuntimeConfig default would be used", "again to save anyway")
        await person.press("ctrl+s")
        await person.sees("AIMService llama-3-1-8b (wb-aim-")
    assert service(kubectl, "llama-3-1-8b")["spec"]["caching"]["env"] == []


async def test_lists_have_only_fitting_secrets(clusters: Clusters) -> None:
    async with deploying(clusters, "llama instruct") as person:
        await person.press("tab", "tab", "tab", "enter")
        await person.sees("Secrets for Hugging Face", "hf-token-llama", "hf-legacy", "create a new one")
        assert "pg-evaluations" not in person.text()
        assert "ghcr-pull" not in person.text()
        await person.press("escape", "tab", "enter")
        await person.sees("Secrets for Image pull", "ghcr-pull")
        assert "hf-token-llama" not in person.text()


async def test_where_none_fits_one_is_created_and_comes_back_chosen(clusters: Clusters, kubectl: Kubectl) -> None:
    state = SessionState(projects={"demo": "research"})
    async with deploying(clusters, "llama instruct", state=state, size=(120, 60)) as person:
        kubectl("delete", "secrets", "-n", "research", "-l", "airm.silogen.ai/use-case=HuggingFace")
        await person.press("tab", "tab", "tab", "enter")
        await person.sees("There is none in research yet.", "create a new one")
        await person.press("enter")
        await person.sees("Creates in research")
        await person.press(*["backspace"] * 20)
        await person.type("hf-new")
        await person.press("tab", "tab", *TOKEN, "ctrl+s")
        await person.sees("kind: AIMService", "name: hf-new")
        await person.press("ctrl+s")
        await person.sees("AIMService llama-3-1-8b (wb-aim-", "in research")


async def test_a_model_that_is_not_ready_is_asked_about(clusters: Clusters) -> None:
    async with deploying(clusters, "gpt-oss") as person:
        await person.press("ctrl+s")
        await person.sees("the model is Progressing; the service waits until it is ready")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (("X",), "a name has small letters"),
        (("tab", "tab", "0"), ""),
        (("tab", "tab", "backspace", "0"), "a number of replicas is at least 1"),
        (("tab", "tab", "x"), "a number of replicas is at least 1"),
        (("tab", "tab", "minus"), "a number of replicas is at least 1"),
    ],
)
async def test_what_cannot_be_is_not_sent(clusters: Clusters, keys: tuple[str, ...], said: str) -> None:
    async with deploying(clusters, "qwen") as person:
        await person.press(*keys, "ctrl+s")
        await person.sees(said and "Not saved", said)


async def test_a_secret_that_has_gone_since_it_was_chosen_is_asked_about(clusters: Clusters, kubectl: Kubectl) -> None:
    async with deploying(clusters, "llama instruct") as person:
        await person.press("tab", "tab", "tab")
        await choose(person, "hf-token-eval")
        kubectl("delete", "secret", "hf-token-eval")
        table = person.app.screen_stack[0].query_one(SecretTable)
        await person.until(lambda: table.index.total == 26)
        await person.press("ctrl+s")
        await person.sees("hf-token-eval is not in the list")
    assert "/llama-3-1-8b\n" not in kubectl("get", "aimservices", "-o", "name")


async def test_a_name_that_is_taken_keeps_the_form(clusters: Clusters) -> None:
    async with deploying(clusters, "qwen") as person:
        await person.press(*["backspace"] * 20)
        await person.type("qwen-chat")
        await person.press("ctrl+s")
        await person.sees("Name taken", "A service of this name exists in the project already", "name: qwen-chat")


async def test_a_cluster_without_the_engine_says_so_and_the_rest_works(tmp_path: Path) -> None:
    with BackgroundCluster(lacking=("aim.eai.amd.com",)) as cluster:
        path = tmp_path / "kubeconfig"
        path.write_text(json.dumps(cluster.kubeconfig()))
        async with session(KubernetesClusters(Preferences(str(path)))) as person:
            await person.sees(" live\n")
            await person.until(lambda: person.app.screen_stack[0].session.rights.known)  # type: ignore[attr-defined]
            await person.press("m")
            await person.sees("the cluster has no AIM Engine")
            await person.goes_to("hf-token-eval")
            await person.press("w")
            await person.sees("Deployment eval-dashboard")
            assert "Not seen" not in person.text()


async def test_read_only_sessions_deploy_and_attach_nothing(kubeconfig: Path) -> None:
    clusters = KubernetesClusters(Preferences(str(kubeconfig), options=RequestOptions(read_only=True)))
    async with session(clusters) as person:
        await person.sees("read-only", " live\n")
        await person.press("m", "w", "y")
        await person.sees("manifest of the secret, without values")
        assert "Deploy" not in person.text()
