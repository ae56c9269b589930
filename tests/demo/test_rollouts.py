"""What becomes of the pods of a Deployment that is restarted in the demo."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.demo.client import MERGE, Client
from wbtui.demo.cluster import EmbeddedCluster

PROJECT = "llm-serving"
RESTARTED = {"kubectl.kubernetes.io/restartedAt": "2026-11-01T12:00:00Z"}


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with EmbeddedCluster(pace=0) as cluster, aiohttp.ClientSession(cluster.url) as http:
        yield Client(http, cluster.token())


async def pods(client: Client) -> dict[str, Any]:
    answer = await client.send("GET", f"/api/v1/namespaces/{PROJECT}/pods?labelSelector=app%3Dllm-gateway")
    return {pod["metadata"]["name"]: pod for pod in answer.body["items"]}


async def test_each_pod_is_replaced_by_one_of_the_new_template(client: Client) -> None:
    before = await pods(client)
    path = f"/apis/apps/v1/namespaces/{PROJECT}/deployments/llm-gateway"
    container = {"name": "gateway", "image": "ghcr.io/example/gateway:2"}
    template = {"metadata": {"annotations": RESTARTED}, "spec": {"containers": [container]}}
    assert (await client.send("PATCH", path, {"spec": {"template": template}}, content_type=MERGE)).status == 200
    async with asyncio.timeout(30):
        while (now := await pods(client)).keys() & before.keys():
            pass
    assert len(now) == len(before) == 2
    for pod in now.values():
        assert pod["spec"]["containers"][0]["image"] == "ghcr.io/example/gateway:2"
        started = pod["status"]["containerStatuses"][0]["state"]["running"]["startedAt"]
        assert started > max(one["metadata"]["creationTimestamp"] for one in before.values())


async def test_what_is_not_in_the_template_replaces_nothing(client: Client) -> None:
    before = await pods(client)
    path = f"/apis/apps/v1/namespaces/{PROJECT}/deployments/llm-gateway"
    assert (await client.send("PATCH", path, {"metadata": {"labels": {"a": "b"}}}, content_type=MERGE)).status == 200
    for _ in range(20):
        assert await pods(client) == before
