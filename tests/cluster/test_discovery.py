"""The kinds that a cluster serves, from aggregated discovery and from a server that has none."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.cluster.conftest import PROJECT, connected, kubeconfig_of, written
from tests.conftest import users
from tests.proxy import Exchange, Fault, Proxy, answer, forward
from wbtui.cluster.access import rights_in
from wbtui.cluster.collection import path_of
from wbtui.cluster.connection import JSON, Connection
from wbtui.cluster.discovery import Discovery, served_kinds
from wbtui.cluster.external_secrets import sources_of
from wbtui.demo.apiserver.schemas.documents import shipped
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.models import AIM_GROUP
from wbtui.domain.references import KINDS
from wbtui.domain.secret import Secret
from wbtui.domain.served_kinds import ServedKinds
from wbtui.errors import ClusterError, NotServed

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


def answering(answers: Mapping[str, Fault]) -> Fault:
    """Return what answers requests for some paths in the cluster's place, and passes on all others."""

    async def choose(exchange: Exchange) -> None:
        await answers.get(exchange.request.path, forward)(exchange)

    return choose


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
    groups = answer(200, json.dumps(GROUPS).encode())
    proxy.default = answering({"/apis": groups, "/apis/metrics.k8s.io/v1beta1": answer(503)})
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
    proxy.default = answering({"/apis": answer(200, json.dumps(groups).encode())})
    served = await discover()
    assert served.unknown == {"metrics.k8s.io"}
    assert not served.lacks("metrics.k8s.io")


async def test_an_answer_that_is_no_kubernetes_is_an_error(proxy: Proxy, discover: Discover) -> None:
    proxy.default = answer(200, b"<html>Log in</html>")
    with pytest.raises(ClusterError):
        await discover()


KIND_BY_NAME = {kind.kind: kind for kind in KINDS}
SECRET = Secret(uid="1", namespace=PROJECT, name="written", resource_version="1")
SPEC = {
    "secretStoreRef": {"name": "vault"},
    "target": {"name": "written", "creationPolicy": "Merge"},
    "data": [{"secretKey": "token", "remoteRef": {"key": "ai/hf"}}],
}


def renamed(name: str, **versions: str) -> list[Any]:
    """Return shipped definitions with other names for their versions; the versions that are not named are left out."""
    definitions = []
    for definition in shipped(name):
        spec = definition["spec"]
        kept = [
            {**version, "name": versions[version["name"]], "storage": True}
            for version in spec["versions"]
            if version["name"] in versions
        ]
        definitions += [{"spec": spec | {"versions": kept[-1:]}}] if kept else []
    return definitions


@asynccontextmanager
async def serving(
    folder: Path, *definitions: Any, lacking: Collection[str] = ()
) -> AsyncIterator[tuple[Connection, Discovery]]:
    """Serve other definitions in the place of those that come with the demo, or leave out versions."""
    with BackgroundCluster(users=users(), definitions=definitions, lacking=lacking) as cluster:
        async with connected(written(folder, kubeconfig_of(cluster.url))) as connection:
            yield connection, Discovery(connection)


@pytest.mark.parametrize(
    ("versions", "served"),
    [({"v1beta1": "v1"}, "v1"), ({"v1beta1": "v1beta1"}, "v1beta1"), ({"v1alpha1": "v1alpha1"}, "v1alpha1")],
)
async def test_external_secrets_are_read_in_the_version_that_is_served(
    tmp_path: Path, versions: dict[str, str], served: str
) -> None:
    async with serving(tmp_path, *renamed("external-secrets", **versions)) as (connection, discovery):
        api = (await discovery.served(KIND_BY_NAME["ExternalSecret"])).api
        body = {"apiVersion": api, "kind": "ExternalSecret", "metadata": {"name": "here"}, "spec": SPEC}
        await connection.post(path_of(api, "externalsecrets", PROJECT), {}, accept=JSON, body=body)
        sources = await sources_of(connection, discovery, SECRET)
    assert api == f"external-secrets.io/{served}"
    assert [(source.name, source.policy, source.remote_keys) for source in sources] == [
        ("here", "Merge", ("token ← ai/hf",))
    ]


SERVICE, ARTIFACT = KIND_BY_NAME["AIMService"], KIND_BY_NAME["AIMArtifact"]


@pytest.mark.parametrize(
    ("lacking", "versions", "service"),
    [
        ((), {}, "v1alpha2"),
        ((f"{AIM_GROUP}/v1alpha2",), {}, "v1alpha1"),
        ((), {"v1alpha2": "v1beta1"}, "v1beta1"),
    ],
)
async def test_a_kind_of_the_engine_is_used_in_the_newest_version_that_serves_it(
    tmp_path: Path, lacking: tuple[str, ...], versions: dict[str, str], service: str
) -> None:
    async with serving(tmp_path, *renamed("aim", **versions), lacking=lacking) as (_, discovery):
        assert (await discovery.served(SERVICE)).api == f"{AIM_GROUP}/{service}"
        assert (await discovery.served(ARTIFACT)).api == f"{AIM_GROUP}/v1alpha1"


async def test_only_a_cluster_without_the_group_has_no_engine(tmp_path: Path) -> None:
    for lacking, expected in (((), {}), ((f"{AIM_GROUP}/v1alpha1",), {}), ((AIM_GROUP,), {AIM_GROUP: "AIM Engine"})):
        async with serving(tmp_path, lacking=lacking) as (connection, discovery):
            assert (await rights_in(connection, discovery, PROJECT)).lacking == expected


async def test_a_kind_of_an_engine_that_is_half_installed_is_missing(tmp_path: Path) -> None:
    async with serving(tmp_path, lacking=(f"{AIM_GROUP}/v1alpha1",)) as (_, discovery):
        with pytest.raises(NotServed, match="the cluster has no AIMArtifact"):
            await discovery.served(ARTIFACT)


async def test_where_a_group_cannot_be_discovered_its_usual_version_is_tried(proxy: Proxy, tmp_path: Path) -> None:
    dead = {"metadata": {"name": AIM_GROUP}, "versions": [{"version": "v1alpha2", "freshness": "Stale"}]}
    groups = {"kind": "APIGroupDiscoveryList", "items": [dead]}
    refused = b'{"kind": "Status", "code": 403, "reason": "Forbidden"}'
    for fault in (answer(200, json.dumps(groups).encode()), answer(403, refused)):
        proxy.default = answering({"/apis": fault})
        async with connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection:
            assert await Discovery(connection).served(SERVICE) == SERVICE


async def test_a_cluster_is_asked_once_until_the_rights_are_asked_again(proxy: Proxy, tmp_path: Path) -> None:
    def count() -> int:
        return sum(request.path == "/apis" for request in proxy.requests)

    async with connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection:
        discovery = Discovery(connection)
        await asyncio.gather(*map(discovery.served, KINDS[:4]))
        assert count() == 1
        await rights_in(connection, discovery, PROJECT)
        assert count() == 2


async def test_a_cluster_that_did_not_answer_is_asked_again(proxy: Proxy, tmp_path: Path) -> None:
    proxy.default = answering({"/apis": answer(500, b"out of order")})
    async with connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection:
        discovery = Discovery(connection)
        with pytest.raises(ClusterError):
            await discovery.served(SERVICE)
        proxy.default = forward
        assert (await discovery.served(SERVICE)).api == f"{AIM_GROUP}/v1alpha2"
