"""The state of a service: what is wrong, which credentials that is about, and what the engine does not say."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Kubectl
from tests.screens.driving import Session, session
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.demo.apiserver.access.users import Role, RoleRule, TokenUser
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.models import AIM_GROUP
from wbtui.repository import Clusters

PROJECT = "llm-serving"
SINCE = {"lastTransitionTime": "2026-10-31T00:00:00Z"}
DRAFTS = "wb-aim-9b27e3a5"
"""The sample service whose download is refused."""


def condition(type_: str, status: str, reason: str, message: str = "") -> dict[str, str]:
    return {"type": type_, "status": status, "reason": reason, "message": message, **SINCE}


def create(kubectl: Kubectl, folder: Path, kind: str, name: str, **parts: Any) -> None:
    """Make an object, with the status that the engine or Kubernetes would give it."""
    api = {"Pod": "v1", "Job": "batch/v1"}.get(kind, f"{AIM_GROUP}/v1alpha2")
    old = {"AIMArtifact", "AIMRuntimeConfig", "AIMClusterRuntimeConfig"}
    api = f"{AIM_GROUP}/v1alpha1" if kind in old else api
    status = parts.pop("status", None)
    metadata = {"name": name, "namespace": PROJECT, **parts.pop("metadata", {})}
    file = folder / f"{name}.json"
    file.write_text(json.dumps({"apiVersion": api, "kind": kind, "metadata": metadata, **parts}))
    kubectl("create", "-f", str(file))
    if status:
        report(kubectl, kind, name, **status)


def report(kubectl: Kubectl, kind: str, name: str, **status: Any) -> None:
    """Say what the engine would say of an object."""
    body = json.dumps({"status": status})
    kubectl("patch", kind.lower(), name, "--subresource=status", "--type=merge", "-p", body)


def uid(kubectl: Kubectl, kind: str, name: str) -> str:
    return kubectl("get", kind.lower(), name, "-o", "jsonpath={.metadata.uid}")


async def open_service(person: Session, name: str) -> None:
    """Open the state of a service from the list of services."""
    await person.sees(" live\n")
    await person.press("v")
    await person.sees("Services in llm-serving", "Enter chooses")
    await person.type(name)
    await person.press("enter")
    await person.sees("AIMService ", "esc Back")


def spec(named: str = "hf-token-eval", key: str = "token", pull: str = "ghcr-pull") -> dict[str, Any]:
    source = {"secretKeyRef": {"name": named, "key": key}}
    return {
        "model": {"name": "qwen3-32b"},
        "profile": {"selector": {"minimumType": "any"}},
        "caching": {"mode": "Shared", "env": [{"name": "HF_TOKEN", "valueFrom": source}]},
        "env": [],
        "imagePullSecrets": [{"name": pull}],
    }


async def test_the_state_is_followed_and_what_is_about_secrets_explained(
    clusters: Clusters, kubectl: Kubectl, tmp_path: Path
) -> None:
    create(kubectl, tmp_path, "AIMService", "chat", spec=spec())
    async with session(clusters, size=(120, 50)) as person:
        await open_service(person, "chat")
        await person.sees("New: Created", "HF_TOKEN from key token of secret hf-token-eval: read by the download")
        report(kubectl, "AIMService", "chat", status="Pending")
        await person.sees("Pending: Waiting for what it depends on.")
        bad = condition("AuthValid", "False", "AuthError", "denied")
        pull = condition("InferenceServicePodsReady", "False", "ImagePullAuthFailure", "pull access denied")
        report(kubectl, "AIMService", "chat", status="Failed", conditions=[bad, pull])
        await person.sees("Failed: Not serving requests.", "AuthValid: NO", "A login was refused")
        await person.reads("The registry refused the login", "It reads secret ghcr-pull.")
        report(kubectl, "AIMService", "chat", status="Degraded", conditions=[pull])
        await person.sees("Degraded: It may not serve requests.")
        report(kubectl, "AIMService", "chat", status="Running", conditions=[condition("Ready", "True", "RuntimeReady")])
        await person.sees("Running: Serving requests.", "Ready: yes")
        assert "refused the login" not in person.text()
        kubectl("delete", "aimservice", "chat")
        await person.sees("It was deleted.")
        await person.press("escape")
        await person.loses("AIMService chat")


async def test_the_true_reason_of_a_failed_download_is_shown_with_its_credential(clusters: Clusters) -> None:
    async with session(clusters, size=(120, 60)) as person:
        await open_service(person, "Mistral drafts")
        await person.sees("AIMService Mistral drafts (wb-aim-9b27e3a5)", "Failed: Not serving requests.")
        await person.sees(f"AIMArtifact {DRAFTS}-weights: Failed", f"AIMProfileCache {DRAFTS}-cache: Failed")
        await person.reads(
            "Cannot access gated repo for url https://huggingface.co/mistralai/",
            "Hugging Face refused the download: the token is missing, is out of date, or may not read this model."
            " It reads HF_TOKEN from key token of secret vault-hf-token.",
        )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            {"named": "hf-gone"},
            "There is no secret hf-gone: the download cannot start without it. The engine does not",
        ),
        ({"key": "hf_token"}, "Secret hf-token-eval has no key hf_token, but token: the download cannot start."),
        ({"pull": "ghcr-gone"}, "There is no secret ghcr-gone: images are pulled without a login."),
    ],
)
async def test_what_the_engine_does_not_say_is_said(
    clusters: Clusters, kubectl: Kubectl, tmp_path: Path, wrong: dict[str, str], sentence: str
) -> None:
    create(kubectl, tmp_path, "AIMService", "chat", spec=spec(**wrong), status={"status": "Starting"})
    async with session(clusters, size=(120, 50)) as person:
        await open_service(person, "chat")
        await person.reads("Starting: The engine is starting it.", sentence)


def variable(secret: str, name: str = "HF_TOKEN", key: str = "token") -> dict[str, Any]:
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


async def test_what_a_runtime_config_names_and_is_not_there_is_said(
    clusters: Clusters, kubectl: Kubectl, tmp_path: Path
) -> None:
    create(kubectl, tmp_path, "AIMService", "chat", spec=spec(), status={"status": "Starting"})
    env = [variable("hf-gone"), variable("s3-gone", "AWS_ACCESS_KEY_ID", "id")]
    login = {"mode": "static", "credentialsSecretRef": {"name": "hf-token-eval", "accessKeyIdKey": "token"}}
    storage = {"artifact": {"s3": {"auth": login}}}
    create(
        kubectl,
        tmp_path,
        "AIMClusterRuntimeConfig",
        "default",
        metadata={"namespace": None},
        spec={"env": env, **storage},
    )
    patch = json.dumps({"spec": {"env": [variable("hf-token-eval", "OTHER", "no-such-key")]}})
    kubectl("patch", "aimruntimeconfig", "default", "--type=merge", "-p", patch)
    async with session(clusters, size=(120, 60)) as person:
        await open_service(person, "chat")
        await person.reads(
            "There is no secret hf-gone (AIMClusterRuntimeConfig default names it): the server cannot start",
            "There is no secret s3-gone (AIMClusterRuntimeConfig default names it): the download and the server cannot",
            "Secret hf-token-eval has no key no-such-key (AIMRuntimeConfig default names it), but token",
            "Secret hf-token-eval has no key secretAccessKey (AIMClusterRuntimeConfig default names it)",
            "AWS_ACCESS_KEY_ID from key id of secret s3-gone, named by AIMClusterRuntimeConfig default: read by",
        )
        kubectl("patch", "aimclusterruntimeconfig", "default", "--type=merge", "-p", json.dumps({"spec": {"env": []}}))
        await person.loses("There is no secret s3-gone")


async def test_what_a_profile_names_and_is_not_there_is_said(
    clusters: Clusters, kubectl: Kubectl, tmp_path: Path
) -> None:
    create(kubectl, tmp_path, "AIMService", "chat", spec=spec(), status={"status": "Starting"})
    source = {"modelId": "qwen/qwen3", "sourceUri": "hf://qwen/qwen3", "env": [variable("hf-of-the-profile")]}
    profile = {
        "image": "ghcr.io/example/aim:1",
        "aimId": "qwen/qwen3",
        "modelSources": [source],
        "containerEnv": [variable("key-gone", "KEY", "k")],
    }
    create(kubectl, tmp_path, "AIMProfile", "qwen-fp8", spec={**profile, "imagePullSecrets": [{"name": "unused"}]})
    async with session(clusters, size=(120, 60)) as person:
        await open_service(person, "chat")
        await person.sees("HF_TOKEN from key token of secret hf-token-eval: read by the download")
        resolved = {"name": "qwen-fp8", "scope": "Namespace"}
        report(kubectl, "AIMService", "chat", status="Starting", resolvedProfile=resolved)
        await person.reads(
            "There is no secret hf-of-the-profile (AIMProfile qwen-fp8 names it): the download cannot start",
            "There is no secret key-gone (AIMProfile qwen-fp8 names it): the server cannot start",
        )
        assert "hf-token-eval" not in person.text()
        assert "unused" not in person.text()


async def test_a_secret_that_comes_is_no_longer_missed(clusters: Clusters, kubectl: Kubectl, tmp_path: Path) -> None:
    create(kubectl, tmp_path, "AIMService", "chat", spec=spec("hf-gone"), status={"status": "Starting"})
    async with session(clusters, size=(120, 50)) as person:
        await open_service(person, "chat")
        await person.reads("There is no secret hf-gone")
        kubectl("create", "secret", "generic", "hf-gone", "--from-literal=token=x")
        await person.loses("There is no secret hf-gone")


async def test_what_waits_in_a_job_or_a_pod_is_shown(clusters: Clusters, kubectl: Kubectl, tmp_path: Path) -> None:
    create(kubectl, tmp_path, "AIMService", "chat", spec=spec(), status={"status": "Pending"})
    create(
        kubectl,
        tmp_path,
        "AIMArtifact",
        "weights",
        metadata={"labels": {f"{AIM_GROUP}/service": "chat"}},
        spec={"sourceUri": "hf://qwen/qwen3"},
        status={"status": "Progressing", "progress": {"displayPercentage": "42 %"}},
    )
    owner = {"apiVersion": f"{AIM_GROUP}/v1alpha1", "kind": "AIMArtifact", "name": "weights"}
    container = {"name": "downloader", "image": "ghcr.io/example/downloader:1"}
    template = {"spec": {"restartPolicy": "Never", "containers": [container]}}
    create(
        kubectl,
        tmp_path,
        "Job",
        "weights-download",
        metadata={"ownerReferences": [{**owner, "uid": uid(kubectl, "AIMArtifact", "weights")}]},
        spec={"template": template},
        status={"conditions": [condition("Failed", "True", "BackoffLimitExceeded", "Job has reached its limit")]},
    )
    job = {"apiVersion": "batch/v1", "kind": "Job", "name": "weights-download"}
    waiting = {"reason": "CreateContainerConfigError", "message": 'secret "hf" not found'}
    shown = {"name": "downloader", "image": "i", "imageID": "", "ready": False, "restartCount": 0}
    create(
        kubectl,
        tmp_path,
        "Pod",
        "weights-download-x7",
        metadata={"ownerReferences": [{**job, "uid": uid(kubectl, "Job", "weights-download")}]},
        spec={"containers": [container]},
        status={"phase": "Pending", "containerStatuses": [{**shown, "state": {"waiting": waiting}}]},
    )
    create(kubectl, tmp_path, "Pod", "other", spec={"containers": [container]})
    async with session(clusters, size=(120, 60)) as person:
        await open_service(person, "chat")
        await person.sees("AIMArtifact weights: Progressing  42 %", "Job weights-download:", "Failed: YES")
        await person.sees("Pod weights-download-x7: Pending", "container downloader: NO  CreateContainerConfigError")
        await person.sees("A secret that it names is not in the project")
        assert "Pod other" not in person.text()


async def test_a_service_that_was_left_is_found_in_the_list(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees(" live\n")
        await person.press("colon")
        await person.type("services")
        await person.press("enter")
        await person.sees(
            "Llama for the handbook (wb-aim-4c1d80fe)  Running · llama-3-1-8b",
            "Mistral drafts (wb-aim-9b27e3a5)  Failed · mistral-small-24b · CacheFailed",
            "qwen-chat  Failed · qwen3-32b · CreateContainerConfigError",
        )


async def test_parts_that_may_not_be_read_are_named(tmp_path: Path) -> None:
    rules = (RoleRule(("list", "watch"), ("secrets",)), RoleRule(("*",), ("aimservices",), (AIM_GROUP,)))
    member = TokenUser("demo@example.com", "demo-token", (Role("member", rules, PROJECT),))
    with BackgroundCluster(users={"demo": member}) as cluster:
        path = tmp_path / "kubeconfig"
        path.write_text(json.dumps(cluster.kubeconfig()))
        async with session(KubernetesClusters(Preferences(str(path)))) as person:
            await open_service(person, "Mistral drafts")
            await person.reads("Not seen: AIMProfileCache: you may not list them", "AIMArtifact: you may not list them")
