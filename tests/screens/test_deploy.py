"""Deploying a model: chosen, shown, tried, made, and followed."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Kubectl
from tests.screens.driving import Session, session
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.cluster.connection import RequestOptions
from wbtui.demo.background import BackgroundCluster
from wbtui.repository import Clusters
from wbtui.storage.session_state import SessionState
from wbtui.widgets.secret_table import SecretTable

TOKEN = "hf_" + "Ab3" * 8


def service(kubectl: Kubectl, name: str) -> Any:
    return json.loads(kubectl("get", "aimservice", name, "-o", "json"))


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


async def test_a_model_is_deployed_as_a_manifest_by_hand_would(clusters: Clusters, kubectl: Kubectl) -> None:
    async with deploying(clusters, "llama instruct") as person:
        await person.press(*["backspace"] * 20)
        await person.type("chat")
        await person.press("tab", "backspace", "2", "tab")
        await choose(person, "hf-token-eval")
        await person.press("tab")
        await choose(person, "ghcr-pull")
        await choose(person, "docker-hub")
        await person.press("tab", "2")
        await person.sees("metric: latency", "name: hf-token-eval", "ghcr-pull, docker-hub-pull")
        await person.press("ctrl+s")
        await person.sees("AIMService chat in llm-serving", "New: Made")
    made = service(kubectl, "chat")
    assert made["metadata"]["labels"] == {"airm.silogen.ai/workload-type": "INFERENCE"}
    assert made["metadata"]["annotations"] == {"airm.silogen.ai/submitter": "demo@example.com"}
    assert made["spec"] == {
        "adapterMode": "static",  # filled in by the server
        "model": {"name": "llama-3-1-8b"},
        "replicas": 2,
        "overrides": {"metric": "latency"},
        "imagePullSecrets": [{"name": "ghcr-pull"}, {"name": "docker-hub-pull"}],
        "env": [{"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": {"name": "hf-token-eval", "key": "token"}}}],
    }


async def test_models_are_listed_with_what_matters_those_of_the_project_too(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees(" live\n")
        await person.press("m")
        await person.sees(
            "llama-3-1-8b  Llama 3.1 8B Instruct · Ready · needs a Hugging Face token",
            "gpt-oss-120b  gpt-oss 120B · Progressing",
            "support-llama  Support Llama · Ready · needs a Hugging Face token · of llm-serving",
        )


async def test_a_token_that_is_needed_must_be_chosen(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("delete", "aimruntimeconfig", "default")
    async with deploying(clusters, "llama instruct") as person:
        await person.press("ctrl+s")
        await person.sees("Not saved: Token: the model needs one of Hugging Face")
        assert "llama-3-1-8b" not in kubectl("get", "aimservices", "-o", "name")


async def test_a_token_of_the_project_is_asked_about(clusters: Clusters, kubectl: Kubectl) -> None:
    async with deploying(clusters, "llama instruct") as person:
        await person.press("ctrl+s")
        await person.reads("the project's own, of its AIMRuntimeConfig, would be used", "again to save anyway")
        await person.press("ctrl+s")
        await person.sees("AIMService llama-3-1-8b in llm-serving")
    assert "env" not in service(kubectl, "llama-3-1-8b")["spec"]


async def test_lists_have_only_fitting_secrets(clusters: Clusters) -> None:
    async with deploying(clusters, "llama instruct") as person:
        await person.press("tab", "tab", "enter")
        await person.sees("Secrets for Hugging Face", "hf-token-llama", "hf-legacy", "create a new one")
        assert "pg-evaluations" not in person.text()
        assert "ghcr-pull" not in person.text()
        await person.press("escape", "tab", "enter")
        await person.sees("Secrets for Image pull", "ghcr-pull")
        assert "hf-token-llama" not in person.text()


async def test_where_none_fits_one_is_created_and_comes_back_chosen(clusters: Clusters, kubectl: Kubectl) -> None:
    state = SessionState(projects={"demo": "research"})
    async with deploying(clusters, "llama instruct", state=state) as person:
        for line in kubectl("get", "secrets", "-n", "research", "-l", "airm.silogen.ai/use-case=HuggingFace").split():
            if line.startswith("hf"):
                kubectl("delete", "secret", "-n", "research", line)
        await person.press("tab", "tab", "enter")
        await person.sees("There is none in research yet.", "create a new one")
        await person.press("enter")
        await person.sees("Will be made in research")
        await person.press(*["backspace"] * 20)
        await person.type("hf-new")
        await person.press("tab", "tab", *TOKEN, "ctrl+s")
        await person.sees("kind: AIMService", "name: hf-new")
        await person.press("ctrl+s")
        await person.sees("AIMService llama-3-1-8b in research")


async def test_a_model_that_is_not_ready_is_asked_about(clusters: Clusters) -> None:
    async with deploying(clusters, "gpt-oss") as person:
        await person.press("ctrl+s")
        await person.sees("the model is Progressing; the service waits until it is ready")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (("X",), "a name has small letters"),
        (("tab", "0"), ""),
        (("tab", "backspace", "0"), "a number of replicas is at least 1"),
        (("tab", "x"), "a number of replicas is at least 1"),
        (("tab", "minus"), "a number of replicas is at least 1"),
    ],
)
async def test_what_cannot_be_is_not_sent(clusters: Clusters, keys: tuple[str, ...], said: str) -> None:
    async with deploying(clusters, "qwen") as person:
        await person.press(*keys, "ctrl+s")
        await person.sees(said and "Not saved", said)


async def test_a_secret_that_has_gone_since_it_was_chosen_is_asked_about(clusters: Clusters, kubectl: Kubectl) -> None:
    async with deploying(clusters, "llama instruct") as person:
        await person.press("tab", "tab")
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
        await person.sees("Name taken", "There is a service of this name in the project already", "name: qwen-chat")


async def test_the_state_is_followed_and_what_is_about_secrets_explained(clusters: Clusters, kubectl: Kubectl) -> None:
    async with deploying(clusters, "qwen") as person:
        await person.press("ctrl+s")
        await person.sees("AIMService qwen3-32b in llm-serving", "New")
        await report(kubectl, "qwen3-32b", "Pending")
        await person.sees("Pending: It waits for what it needs.")
        bad = {
            "type": "AuthValid",
            "status": "False",
            "reason": "AuthError",
            "lastTransitionTime": "2026-10-31T00:00:00Z",
        }
        missing = bad | {
            "type": "Ready",
            "reason": "CreateContainerConfigError",
            "message": "couldn't find key t in Secret p/x",
        }
        await report(kubectl, "qwen3-32b", "Failed", bad | {"message": "denied"}, missing)
        await person.sees("Failed: It does not serve.", "AuthValid: NO", "A login was refused", "has no such key")
        await report(kubectl, "qwen3-32b", "Running", missing | {"status": "True", "reason": "Ready"})
        await person.sees("Running: It serves.", "Ready: yes")
        assert "has no such key" not in person.text()
        kubectl("delete", "aimservice", "qwen3-32b")
        await person.sees("It was deleted.")
        await person.press("escape")
        await person.loses("AIMService qwen3-32b")


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
