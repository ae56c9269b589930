"""The life of a deployed model in the demo."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from tests.demo.client import MERGE, Client
from wbtui.demo.cluster import EmbeddedCluster
from wbtui.demo.engine.engine import MANAGER

GROUP = "/apis/aim.eai.amd.com/v1alpha1"
KIND = {"apiVersion": "aim.eai.amd.com/v1alpha1", "kind": "AIMService"}
TOKEN = {"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": {"name": "hf", "key": "token"}}}
SECRET = {"metadata": {"name": "hf"}, "data": {"token": b64encode(b"demo").decode()}}


def services(namespace: str = "training") -> str:
    return f"{GROUP}/namespaces/{namespace}/aimservices"


def secrets(namespace: str = "training") -> str:
    return f"/api/v1/namespaces/{namespace}/secrets"


@pytest.fixture
async def cluster() -> AsyncIterator[EmbeddedCluster]:
    async with EmbeddedCluster(pace=0) as cluster:
        yield cluster


async def deploy(client: Client, model: str, **spec: Any) -> None:
    body = {**KIND, "metadata": {"name": "new"}, "spec": {"model": {"name": model}, **spec}}
    assert (await client.send("POST", services(), body)).status == 201


async def deployed(client: Client, model: str, *states: str, **spec: Any) -> Any:
    answer = await client.send("GET", f"{services()}?limit=1")
    path = f"{services()}?watch=1&resourceVersion={answer.body['metadata']['resourceVersion']}"
    async with client.watch(path, accept="application/json") as events:
        await deploy(client, model, **spec)
        return await reach(events.next, *states)


async def reach(news: Callable[[], Any], *states: str) -> Any:
    """The service once it has been in these states, in this order and in no other."""
    seen: list[str] = []
    while seen != list(states):
        service = (await news())["object"]
        state = service.get("status", {}).get("status", "")
        if state and [state] != seen[-1:]:
            seen.append(state)
            assert seen == list(states)[: len(seen)]
    return service


def conditions(service: Any) -> dict[str, tuple[str, str]]:
    return {entry["type"]: (entry["status"], entry["reason"]) for entry in service["status"]["conditions"]}


async def test_a_model_comes_to_life(client: Client) -> None:
    service = await deployed(client, "qwen3-32b", "Pending", "Starting", "Running", replicas=2)
    assert conditions(service)["Ready"] == ("True", "AllComponentsReady")
    status = service["status"]
    assert status["observedGeneration"] == 1
    assert (status["resolvedModel"]["name"], status["resolvedModel"]["scope"]) == ("qwen3-32b", "Cluster")
    assert status["runtime"]["replicas"] == "2"
    assert MANAGER in [entry["manager"] for entry in service["metadata"]["managedFields"]]


async def test_a_model_of_an_image_needs_no_model(client: Client) -> None:
    answer = await client.send("GET", f"{services()}?limit=1")
    path = f"{services()}?watch=1&resourceVersion={answer.body['metadata']['resourceVersion']}"
    body = {**KIND, "metadata": {"name": "new"}, "spec": {"model": {"image": "ghcr.io/example/aim:1"}}}
    async with client.watch(path, accept="application/json") as events:
        await client.send("POST", services(), body)
        await reach(events.next, "Pending", "Starting", "Running")


@pytest.mark.parametrize(
    ("model", "spec", "states", "expected"),
    [
        (
            "nowhere",
            {},
            ("Failed",),
            {"ModelReady": "ModelNotFound", "ConfigValid": "ReferenceNotFound", "Ready": "ReferenceNotFound"},
        ),
        (
            "qwen3-32b",
            {"env": [TOKEN]},
            ("Pending", "Failed"),
            {"InferenceServicePodsReady": "CreateContainerConfigError", "Ready": "CreateContainerConfigError"},
        ),
        (
            "qwen3-32b",
            {"imagePullSecrets": [{"name": "nope"}]},
            ("Pending", "Failed"),
            {"InferenceServicePodsReady": "ImagePullAuthFailure", "AuthValid": "AuthError", "Ready": "AuthError"},
        ),
        ("llama-3-1-8b", {}, ("Pending", "Failed"), {"CacheReady": "CacheFailed", "Ready": "CacheFailed"}),
        ("gpt-oss-120b", {}, ("Pending",), {"ModelReady": "ModelNotReady", "Ready": "Progressing"}),
    ],
)
async def test_says_what_is_missing(
    client: Client, model: str, spec: dict[str, Any], states: tuple[str, ...], expected: dict[str, str]
) -> None:
    found = conditions(await deployed(client, model, *states, **spec))
    assert {kind: found[kind] for kind in expected} == {kind: ("False", reason) for kind, reason in expected.items()}


BY_PROFILE = {
    "profile": {"selector": {"minimumType": "any"}},
    "caching": {"mode": "Shared", "env": [TOKEN]},
    "env": [],
}


async def test_a_service_by_profile_waits_for_its_token_without_a_word(client: Client) -> None:
    service = await deployed(client, "llama-3-1-8b", "Pending", **BY_PROFILE)
    path = f"{services()}?watch=1&resourceVersion={service['metadata']['resourceVersion']}"
    async with client.watch(path, accept="application/json") as events:
        await client.send("POST", secrets(), SECRET)
        running = await reach(events.next, "Pending", "Starting", "Running")
    assert "Secret" not in str(service["status"])
    assert conditions(running)["ProfileReady"] == ("True", "ProfileResolved")
    assert conditions(running)["ProfileCacheReady"] == ("True", "CacheReady")
    assert running["status"]["resolvedProfile"]["name"] == "llama-3-1-8b-mi300x-fp8-latency"


async def test_a_download_that_was_refused_keeps_a_service_from_running(client: Client) -> None:
    name, place = "wb-aim-9b27e3a5", services("llm-serving")
    version = (await client.send("GET", f"{place}?limit=1")).body["metadata"]["resourceVersion"]
    query = f"watch=1&fieldSelector=metadata.name={name}&resourceVersion={version}"
    async with client.watch(f"{place}?{query}", accept="application/json") as events:
        await client.send("PATCH", f"{place}/{name}", {"spec": {"replicas": 2}}, Content_Type=MERGE)
        after = await reach(events.next, "Failed", "Pending", "Failed")
    assert conditions(after)["ProfileCacheReady"] == ("False", "CacheFailed")


async def test_goes_on_when_the_secret_has_come(client: Client) -> None:
    service = await deployed(client, "llama-3-1-8b", "Pending", "Failed", env=[TOKEN])
    assert 'secret "hf" not found' in str(service["status"]["conditions"])
    path = f"{services()}?watch=1&resourceVersion={service['metadata']['resourceVersion']}"
    async with client.watch(path, accept="application/json") as events:
        await client.send("POST", secrets(), SECRET | {"data": {"other": "MQ=="}})
        await client.send("PATCH", f"{secrets()}/hf", {"data": SECRET["data"]}, Content_Type=MERGE)
        while (service := (await events.next())["object"])["status"]["status"] == "Failed":
            assert "couldn't find key token in Secret training/hf" in str(service["status"]["conditions"])
        running = await reach(events.next, "Starting", "Running")
    assert conditions(running)["InferenceServicePodsReady"] == ("True", "PodsReady")


async def test_is_valid_again_once_the_pull_secret_is_there(client: Client) -> None:
    service = await deployed(client, "qwen3-32b", "Pending", "Failed", imagePullSecrets=[{"name": "hf"}])
    path = f"{services()}?watch=1&resourceVersion={service['metadata']['resourceVersion']}"
    async with client.watch(path, accept="application/json") as events:
        await client.send("POST", secrets(), SECRET)
        running = await reach(events.next, "Pending", "Starting", "Running")
    assert conditions(running)["AuthValid"] == ("True", "AuthenticationValid")


async def test_a_change_is_taken_up_and_a_secret_that_goes_stops_nothing(client: Client) -> None:
    await client.send("POST", secrets(), SECRET)
    service = await deployed(client, "qwen3-32b", "Pending", "Starting", "Running", env=[TOKEN])
    path = f"{services()}?watch=1&resourceVersion={service['metadata']['resourceVersion']}"
    async with client.watch(path, accept="application/json") as events:
        await client.send("DELETE", f"{secrets()}/hf")
        await client.send("PATCH", f"{services()}/new", {"spec": {"env": None}}, Content_Type=MERGE)
        assert (await events.next())["object"]["status"]["observedGeneration"] == 1
        changed = await reach(events.next, "Starting", "Running")
    assert changed["status"]["observedGeneration"] == 2


async def test_the_namespace_may_have_the_token_for_all(client: Client) -> None:
    await client.send("POST", secrets(), SECRET)
    config = {**KIND, "kind": "AIMRuntimeConfig", "metadata": {"name": "default"}, "spec": {"env": [TOKEN]}}
    await client.send("POST", f"{GROUP}/namespaces/training/aimruntimeconfigs", config)
    await deployed(client, "llama-3-1-8b", "Pending", "Starting", "Running")


async def test_forgets_the_past_with_the_cluster(cluster: EmbeddedCluster, client: Client) -> None:
    cluster.compact()
    await deployed(client, "qwen3-32b", "Pending", "Starting", "Running")
    assert len({watcher for watcher in cluster.store.watchers if watcher.user == MANAGER}) == 1
    await cluster.stop()
    assert MANAGER not in [watcher.user for watcher in cluster.store.watchers]


async def test_changes_nothing_by_itself(cluster: EmbeddedCluster, client: Client) -> None:
    before = (await client.send("GET", services("llm-serving"))).body["items"]
    await deployed(client, "qwen3-32b", "Pending", "Starting", "Running")
    revision = cluster.store.revision
    for _ in range(3):
        await asyncio.sleep(0)
    assert cluster.store.revision == revision
    assert (await client.send("GET", services("llm-serving"))).body["items"] == before


@pytest.mark.parametrize("cluster_options", [{}, {"pace": 0, "lacking": ("aim.eai.amd.com",)}])
async def test_there_is_no_life_without_an_engine(cluster_options: dict[str, Any]) -> None:
    cluster = EmbeddedCluster(**cluster_options)
    async with cluster, aiohttp.ClientSession(cluster.url) as session:
        answer = await Client(session, cluster.token()).send("GET", GROUP)
        assert answer.status == (404 if cluster_options else 200)
        assert len(cluster.store.watchers) == bool(cluster_options)  # that of the Deployments
