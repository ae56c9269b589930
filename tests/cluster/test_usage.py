"""Searching a project: whoever names a secret there is found, and what was not searched is said."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.conftest import LIMIT, connected, following, kubeconfig_of, searching, written
from tests.conftest import Kubectl
from tests.proxy import Exchange, Proxy, answer, forward, hang
from wbtui.cluster.clusters import KubernetesClusters
from wbtui.cluster.collection import Collection, path_of
from wbtui.cluster.connection import RequestOptions
from wbtui.cluster.list_watch import ListWatch
from wbtui.cluster.readers import ObjectReader
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.reference_paths import Json
from wbtui.domain.references import KINDS
from wbtui.domain.secret import Secret
from wbtui.domain.usage import NotSearched, Usage, missing_keys
from wbtui.errors import NotFound
from wbtui.news import Complete, Page, WatchOpened
from wbtui.repository import Cluster

PROJECT = "llm-serving"


@pytest.fixture
async def demo(clusters: KubernetesClusters) -> AsyncIterator[Cluster]:
    cluster = await clusters.connect()
    yield cluster
    await cluster.close()


class Uses:
    """What is told of the users of secrets, as far as it is asked for."""

    def __init__(self, told: AsyncIterator[Usage]) -> None:
        self._told = told

    async def next(self) -> Usage:
        """Return the next that is told."""
        async with asyncio.timeout(LIMIT):
            return await anext(self._told)

    async def until(self, holds: Callable[[Usage], bool]) -> Usage:
        """Return the first for which something holds."""
        while not holds(usage := await self.next()):
            pass
        return usage

    async def all(self) -> Usage:
        """Return the first for which no kind is still to be searched."""
        return await self.until(lambda usage: not usage.being_searched)


@asynccontextmanager
async def usage_of(cluster: Cluster, namespace: str | None) -> AsyncIterator[Uses]:
    told: Any = cluster.follow_usage(namespace)
    async with aclosing(told):
        yield Uses(told)


def secret(name: str, *keys: str) -> Secret:
    return Secret(uid=name, namespace=PROJECT, name=name, resource_version="1", keys=keys or None)


def scale(kubectl: Kubectl, deployment: str, replicas: int) -> None:
    kubectl("patch", "deployment", deployment, "-p", json.dumps({"spec": {"replicas": replicas}}))


def account(name: str, secret: str, namespace: str = PROJECT) -> dict[str, Any]:
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata, "secrets": [{"name": secret}]}


def create(kubectl: Kubectl, folder: Path, *things: dict[str, Any]) -> None:
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": things}))
    kubectl("create", "--validate=false", "-f", str(manifest))


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
    assert {"Ingress", "Certificate", "InferenceService"} <= lacking
    assert not usage.unsearched
    assert lacking | set(usage.searched) >= {kind.kind for kind in KINDS}


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
    assert {kind.kind for kind in usage.not_searched} > {kind.kind for kind in KINDS}


async def test_a_kind_that_could_not_be_listed_once_is_not_only_out_of_date(proxy: Proxy, tmp_path: Path) -> None:
    async def no_pods(exchange: Exchange) -> None:
        await (answer(503) if exchange.request.path.endswith("/pods") else forward)(exchange)

    proxy.default = no_pods
    async with connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection:
        usage = await searching(connection).search(PROJECT)
    assert [(kind.kind, kind.stale) for kind in usage.unsearched] == [("Pod", False)]
    assert list(usage.used([secret("nobody-names-it")])) == [None]


async def test_what_kubectl_attaches_is_found(demo: Cluster, kubectl: Kubectl) -> None:
    patch = '{"imagePullSecrets":[{"name":"docker-hub-pull"}]}'
    kubectl("patch", "serviceaccount", "model-runner", "-p", patch)
    usage = await demo.usage(PROJECT)
    assert "ServiceAccount model-runner" in tops(usage, "docker-hub-pull")
    assert "Deployment llm-gateway" in tops(usage, "docker-hub-pull")


@pytest.fixture
async def news(demo: Cluster) -> AsyncIterator[Uses]:
    async with usage_of(demo, PROJECT) as news:
        yield news


def told(usage: Usage) -> dict[str, NotSearched]:
    return {kind.kind: kind for kind in usage.unsearched}


async def test_what_is_followed_begins_as_what_is_searched(demo: Cluster, news: Uses) -> None:
    followed, searched = await news.all(), await demo.usage(PROJECT)
    assert (set(followed.searched), followed.not_searched) == (set(searched.searched), searched.not_searched)
    for name in ("slack-webhook", "hf-token-llama", "ghcr-pull"):
        assert followed.of(secret(name)) == searched.of(secret(name))
        assert followed.of(secret(name))


async def test_uses_come_and_go_as_kubectl_attaches_and_detaches(news: Uses, kubectl: Kubectl) -> None:
    await news.all()
    kubectl("set", "env", "deployment/eval-dashboard", "--from=secret/litellm-config")
    await news.until(lambda usage: tops(usage, "litellm-config") == {"Deployment eval-dashboard"})
    kubectl("delete", "deployment", "llm-gateway")
    await news.until(lambda usage: not {use.user.kind for use in usage.of(secret("slack-webhook"))} & {"Deployment"})
    kubectl("patch", "serviceaccount", "default", "--type=merge", "-p", '{"imagePullSecrets":[]}')
    await news.until(lambda usage: not tops(usage, "docker-hub-pull"))


async def test_what_changes_no_reference_is_no_news(news: Uses, kubectl: Kubectl) -> None:
    await news.all()
    following = asyncio.create_task(news.next())
    for touched in "1234":
        annotation = f"touched={touched}"
        await asyncio.to_thread(kubectl, "annotate", "--overwrite", "deployment", "llm-gateway", annotation)
        await asyncio.to_thread(scale, kubectl, "eval-dashboard", int(touched))
    await asyncio.to_thread(kubectl, "set", "env", "deployment/eval-dashboard", "--from=secret/litellm-config")
    assert tops(await following, "litellm-config") == {"Deployment eval-dashboard"}


async def test_many_changes_are_one_piece_of_news(news: Uses, kubectl: Kubectl, tmp_path: Path) -> None:
    await news.all()
    names = [f"account-{number}" for number in range(20)]
    accounts = [account(name, "crowd") for name in names]
    create(kubectl, tmp_path, *accounts)  # all of it has happened when the next news are asked for
    usage = await news.next()
    assert tops(usage, "crowd") == {f"ServiceAccount {name}" for name in names}


async def test_changes_that_come_soon_after_each_other_are_one_piece_of_news(
    proxy: Proxy, kubectl: Kubectl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection:
        search = searching(connection)
        async with aclosing(search.follow(PROJECT)) as told:
            news = Uses(told)
            await news.all()
            loop = asyncio.get_running_loop()
            now = loop.time()
            with monkeypatch.context() as stopped:
                stopped.setattr(loop, "time", lambda: now)  # no time passes between the two
                coming = asyncio.create_task(news.next())
                for name in ("one", "two"):
                    await asyncio.to_thread(create, kubectl, tmp_path, account(name, "crowd"))
                    while f"ServiceAccount {name}" not in tops(await search.search(PROJECT), "crowd"):
                        pass
            usage = await coming
    assert tops(usage, "crowd") == {"ServiceAccount one", "ServiceAccount two"}


async def test_all_projects_are_followed_at_once(demo: Cluster, kubectl: Kubectl, tmp_path: Path) -> None:
    async with usage_of(demo, None) as news:
        assert tops(await news.all(), "slack-webhook") == {"Deployment llm-gateway"}
        create(kubectl, tmp_path, account("far", "ray-cluster-token", namespace="research"))
        far = secret("ray-cluster-token")._replace(namespace="research")
        usage = await news.until(lambda usage: bool(usage.of(far)))
    assert not usage.of(far._replace(namespace=PROJECT))
    assert list(usage.used([far, far._replace(namespace=PROJECT)])) == [True, False]


async def test_kinds_that_one_may_not_list_are_named_and_the_others_followed(
    clusters: KubernetesClusters, kubectl: Kubectl
) -> None:
    cluster = await clusters.connect("demo-restricted")
    async with usage_of(cluster, PROJECT) as news:
        usage = await news.all()
        kubectl("set", "env", "deployment/eval-dashboard", "--from=secret/litellm-config")
        await news.until(lambda usage: "Deployment eval-dashboard" in tops(usage, "litellm-config"))
    await cluster.close()
    assert told(usage)["StatefulSet"] == NotSearched("StatefulSet", "you may not list them")
    assert told(usage)["AIMClusterModel"] == NotSearched("AIMClusterModel", "you may not list them")


async def test_it_is_told_at_once_where_no_kind_may_be_listed(clusters: KubernetesClusters) -> None:
    cluster = await clusters.connect("demo-restricted")
    async with usage_of(cluster, "kube-system") as news:
        usage = await news.all()
    await cluster.close()
    assert usage.blind
    assert told(usage)["Deployment"] == NotSearched("Deployment", "you may not list them")


async def test_what_is_known_stays_while_the_server_is_away_and_is_not_called_searched(
    news: Uses, cluster: BackgroundCluster, kubectl: Kubectl
) -> None:
    await news.all()
    cluster.stop()
    usage = await news.until(lambda usage: usage.searched == ("ExternalSecret",))  # it is listed from time to time
    assert tops(usage, "slack-webhook") == {"Deployment llm-gateway"}
    assert all(kind.stale for kind in usage.unsearched)
    assert "Pod" in told(usage)
    cluster.start()
    usage = await news.until(lambda usage: not usage.unsearched)
    assert tops(usage, "slack-webhook") == {"Deployment llm-gateway"}
    kubectl("set", "env", "deployment/eval-dashboard", "--from=secret/litellm-config")
    await news.until(lambda usage: tops(usage, "litellm-config") == {"Deployment eval-dashboard"})


async def test_a_server_that_is_away_from_the_start_was_not_searched_yet(
    demo: Cluster, news: Uses, cluster: BackgroundCluster
) -> None:
    cluster.stop()
    usage = await news.next()
    assert (usage.users, usage.searched) == ((), ())
    assert not any(kind.stale for kind in usage.unsearched)
    cluster.start()
    usage = await news.until(lambda usage: not usage.unsearched)
    assert (await demo.usage(PROJECT)).searched == usage.searched


async def test_a_history_that_was_forgotten_is_no_gap(news: Uses, cluster: BackgroundCluster, kubectl: Kubectl) -> None:
    await news.all()
    cluster.compact()
    kubectl("delete", "deployment", "eval-dashboard")
    kubectl("set", "env", "deployment/llm-gateway", "--from=secret/litellm-config")
    told = [await news.next()]
    while not tops(told[-1], "litellm-config"):
        told.append(await news.next())
    assert all(tops(usage, "slack-webhook") == {"Deployment llm-gateway"} for usage in told)
    assert all("Deployment" in usage.searched for usage in told)
    users = {str(use.user) for use in told[-1].of(secret("pg-feature-store"))}
    assert "ReplicaSet eval-dashboard-7b5d4c6f8c" in users
    assert "Deployment eval-dashboard" not in users


async def test_nothing_is_unused_before_every_kind_was_searched(proxy: Proxy, tmp_path: Path) -> None:
    slow = [hang, hang]  # what is listed first is listed again once the schemas are known

    async def slow_pods(exchange: Exchange) -> None:
        fault = slow.pop() if slow and exchange.request.path.endswith("/pods") else forward
        await fault(exchange)

    proxy.default = slow_pods
    path = written(tmp_path, kubeconfig_of(proxy.url))
    async with (
        connected(path, RequestOptions(timeout=1.0)) as connection,
        aclosing(searching(connection).follow(PROJECT)) as told,
    ):
        news = Uses(told)
        first = await news.next()
        assert "not searched yet" in {kind.reason for kind in first.unsearched}
        assert list(first.used([secret("nobody-names-it")])) == [None]
        usage = await news.until(
            lambda usage: "Pod" in {kind.kind for kind in usage.unsearched if "time" in kind.reason}
        )
        assert list(usage.used([secret("nobody-names-it")])) == [None]
        usage = await news.until(lambda usage: not usage.unsearched)
        assert "Pod" in usage.searched
        assert list(usage.used([secret("nobody-names-it")])) == [False]


async def test_what_is_followed_is_not_searched_once_more_but_for_what_is_only_listed(
    proxy: Proxy, kubectl: Kubectl, tmp_path: Path
) -> None:
    external = {
        "apiVersion": "external-secrets.io/v1beta1",
        "kind": "ExternalSecret",
        "metadata": {"name": "late", "namespace": PROJECT},
        "spec": {"target": {"name": "late"}, "secretStoreRef": {"name": "s", "kind": "SecretStore"}},
    }
    async with connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection:
        search = searching(connection)
        async with aclosing(search.follow(PROJECT)) as told:
            await Uses(told).all()
            create(kubectl, tmp_path, external)
            before = len(proxy.requests)
            usage = await search.search(PROJECT)
            asked = [request.path for request in proxy.requests[before:]]
        assert tops(usage, "late") == {"ExternalSecret late"}
        assert not usage.being_searched
        assert not [path for path in asked if path.endswith(("/pods", "/deployments", "/aimservices"))]
        assert [path for path in asked if path.endswith("/externalsecrets")]
        again = await search.search(PROJECT, "team-b")  # it is not followed any more
        assert tops(again, "late") == {"ExternalSecret late"}
        assert again.searched.count("Pod") == 1


async def test_whoever_may_list_and_not_watch_is_told_so(proxy: Proxy, tmp_path: Path) -> None:
    forbidden = b'{"kind": "Status", "code": 403, "message": "cannot watch"}'

    async def refuse_watches(exchange: Exchange) -> None:
        await (answer(403, forbidden) if "watch" in exchange.request.query else forward)(exchange)

    proxy.default = refuse_watches
    async with (
        connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection,
        aclosing(searching(connection).follow(PROJECT)) as told,
    ):
        usage = await Uses(told).all()
    assert tops(usage, "slack-webhook") == {"Deployment llm-gateway"}
    assert {(kind.reason, kind.stale) for kind in usage.unsearched} == {("cannot watch", True)}


@pytest.mark.parametrize("name", ["..", "a/b", ""])
async def test_what_is_no_name_of_a_project_is_not_followed(demo: Cluster, name: str) -> None:
    async with usage_of(demo, name) as news:
        with pytest.raises(NotFound, match="no project can be called"):
            await news.all()


async def test_one_object_can_be_followed_by_its_name(proxy: Proxy, kubectl: Kubectl, tmp_path: Path) -> None:
    query = {"fieldSelector": "metadata.name=llm-gateway"}
    async with connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection:
        place = Collection(path_of("apps/v1", "deployments", PROJECT), query)
        feed = ListWatch(connection, place, lambda: ObjectReader(_deployment))
        async with following(feed.follow()) as news:
            told: list[Any] = [await news.next() for _ in range(3)]
            scale(kubectl, "eval-dashboard", 3)
            scale(kubectl, "llm-gateway", 7)
            changed: Any = await news.next()
    assert list(map(type, told)) == [Page, Complete, WatchOpened]
    assert [(one.name, one.replicas) for one in (*told[0].items, *changed.changed)] == [
        ("llm-gateway", 2),
        ("llm-gateway", 7),
    ]


@dataclass(frozen=True)
class _Deployment:
    uid: str
    name: str
    replicas: int


def _deployment(thing: Json) -> _Deployment:
    return _Deployment(thing["metadata"]["uid"], thing["metadata"]["name"], thing["spec"]["replicas"])


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"items": [7]}', b'{"items": [{"spec": {}, "metadata": 1}]}'])
async def test_answers_that_nobody_promised_are_said_and_not_searched(
    proxy: Proxy, tmp_path: Path, body: bytes
) -> None:
    proxy.once("/pods", answer(200, body))
    async with connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection:
        usage = await searching(connection).search(PROJECT)
    assert [kind.reason for kind in usage.unsearched] == ["the answer does not match the Kubernetes API"]


async def test_what_is_followed_with_trouble_is_searched_once_more(proxy: Proxy, tmp_path: Path) -> None:
    async with connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection:
        search = searching(connection)
        async with aclosing(search.follow(PROJECT)) as told:
            uses = Uses(told)
            await uses.all()
            proxy.default = answer(503)
            proxy.cut()
            await uses.until(lambda usage: any(kind.stale for kind in usage.not_searched))
            proxy.default = forward
            before = len(proxy.requests)
            await search.search(PROJECT)
            asked = [request.path for request in proxy.requests[before:] if "watch" not in request.query]
    assert [path for path in asked if path.endswith("/deployments")]
