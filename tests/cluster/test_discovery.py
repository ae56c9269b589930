"""The kinds that a cluster serves, from aggregated discovery and from a server that has none."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.cluster.conftest import connected, kubeconfig_of, written
from tests.proxy import Exchange, Proxy, answer, forward
from wbtui.cluster.discovery import served_kinds
from wbtui.domain.served_kinds import ServedKinds
from wbtui.errors import ClusterError

GROUPS = {
    "kind": "APIGroupList",
    "groups": [
        {
            "name": "batch",
            "versions": [{"groupVersion": "batch/v1beta1"}, {"groupVersion": "batch/v1"}],
            "preferredVersion": {"groupVersion": "batch/v1"},
        },
        {"name": "metrics.k8s.io", "versions": [{"groupVersion": "metrics.k8s.io/v1beta1"}]},
    ],
}


Discover: TypeAlias = Callable[[], Awaitable[ServedKinds]]


@pytest.fixture
def discover(proxy: Proxy, tmp_path: Path) -> Discover:
    """Return a way to ask the embedded cluster, through the proxy, which kinds it serves."""

    async def discover() -> ServedKinds:
        async with connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection:
            return await served_kinds(connection)

    return discover


async def test_all_groups_come_in_two_requests(proxy: Proxy, discover: Discover) -> None:
    served = await discover()
    assert [request.path for request in proxy.requests] == ["/api/v1", "/apis"]
    (deployment,) = served.versions("apps", "Deployment")
    assert deployment[:4] == ("apps/v1", "Deployment", "deployments", True)
    assert "watch" in deployment.verbs
    assert served.find("", "Secret") is not None
    assert served.lacks("example.com")
    assert not served.lacks("apps")


async def test_a_server_without_aggregated_discovery_is_asked_for_each_version(
    proxy: Proxy, discover: Discover
) -> None:
    told = {"/apis": answer(200, json.dumps(GROUPS).encode()), "/apis/metrics.k8s.io/v1beta1": answer(503)}

    async def older(exchange: Exchange) -> None:
        await told.get(exchange.request.path, forward)(exchange)

    proxy.default = older
    served = await discover()
    assert served.find("batch", "Job") is not None
    assert served.unknown == {"batch", "metrics.k8s.io"}
    assert not served.lacks("metrics.k8s.io")
    assert served.lacks("apps")


async def test_a_group_whose_server_is_dead_is_unknown_and_not_lacking(proxy: Proxy, discover: Discover) -> None:
    groups = {
        "kind": "APIGroupDiscoveryList",
        "items": [{"metadata": {"name": "metrics.k8s.io"}, "versions": [{"version": "v1beta1", "freshness": "Stale"}]}],
    }
    proxy.next(forward, answer(200, json.dumps(groups).encode()))
    served = await discover()
    assert served.unknown == {"metrics.k8s.io"}
    assert not served.lacks("metrics.k8s.io")


async def test_an_answer_that_is_no_kubernetes_is_an_error(proxy: Proxy, discover: Discover) -> None:
    proxy.next(answer(200, b"<html>Log in</html>"))
    with pytest.raises(ClusterError):
        await discover()
