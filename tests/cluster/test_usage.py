"""Searching a project: whoever names a secret there is found, and what was not searched is said."""

from collections.abc import AsyncIterator

import pytest

from tests.conftest import Kubectl
from wbtui.cluster.clusters import KubernetesClusters
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.references import KINDS
from wbtui.domain.secret import Secret
from wbtui.domain.usage import Usage, missing_keys
from wbtui.repository import Cluster

PROJECT = "llm-serving"


@pytest.fixture
async def demo(clusters: KubernetesClusters) -> AsyncIterator[Cluster]:
    cluster = await clusters.connect()
    yield cluster
    await cluster.close()


def secret(name: str, *keys: str) -> Secret:
    return Secret(uid=name, namespace=PROJECT, name=name, resource_version="1", keys=keys or None)


def tops(usage: Usage, name: str) -> set[str]:
    return {str(use.top) for use in usage.of(secret(name))}


async def test_users_are_found_under_who_is_responsible(demo: Cluster) -> None:
    usage = await demo.usage(PROJECT)
    assert tops(usage, "slack-webhook") == {"Deployment llm-gateway"}
    assert tops(usage, "hf-token-llama") == {"AIMService llama-chat", "AIMModel support-llama"}
    assert tops(usage, "s3-model-weights") == {"ConfigMap model-storage", "Job import-weights"}
    assert tops(usage, "litellm-config") == set()


async def test_a_key_that_is_not_there_is_a_finding(demo: Cluster) -> None:
    usage = await demo.usage(PROJECT)
    legacy = secret("hf-legacy", "token")
    assert {use.reference.key for use in missing_keys(legacy, usage.of(legacy))} == {"hf_token"}


async def test_kinds_that_the_cluster_lacks_are_named(demo: Cluster) -> None:
    usage = await demo.usage(PROJECT)
    lacking = {kind.kind for kind in usage.not_searched if kind.reason == "the cluster has no such kind"}
    assert lacking == {"Ingress", "Certificate", "InferenceService"}
    assert lacking | set(usage.searched) == {kind.kind for kind in KINDS}


async def test_kinds_that_one_may_not_list_are_named(clusters: KubernetesClusters) -> None:
    cluster = await clusters.connect("demo-restricted")
    usage = await cluster.usage(PROJECT)
    await cluster.close()
    refused = {kind.kind for kind in usage.not_searched if kind.reason.startswith("you may not list them")}
    assert {"AIMService", "StatefulSet"} <= refused
    assert "Deployment" in usage.searched


async def test_a_server_that_is_gone_is_not_taken_for_no_use(cluster: BackgroundCluster, demo: Cluster) -> None:
    cluster.stop()
    usage = await demo.usage(PROJECT)
    cluster.start()
    assert usage.searched == ()
    assert len(usage.not_searched) == len(KINDS)


async def test_what_kubectl_attaches_is_found(demo: Cluster, kubectl: Kubectl) -> None:
    patch = '{"imagePullSecrets":[{"name":"docker-hub-pull"}]}'
    kubectl("patch", "serviceaccount", "model-runner", "-p", patch)
    usage = await demo.usage(PROJECT)
    assert "ServiceAccount model-runner" in tops(usage, "docker-hub-pull")
    assert "Deployment llm-gateway" in tops(usage, "docker-hub-pull")
