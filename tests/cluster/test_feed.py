from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.cluster.conftest import PROJECT, Following, following, kubeconfig_of, written
from tests.conftest import Kubectl
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.index import SecretIndex
from wbtui.domain.projects import Scope
from wbtui.domain.secret_types import HELM_RELEASE
from wbtui.errors import Forbidden, NotFound, Terminating, Unauthorized
from wbtui.news import Changes, Complete, Interrupted, News, Page, WatchOpened


@asynccontextmanager
async def followed(
    clusters: KubernetesClusters, scope: Scope | None = None, context: str | None = None
) -> AsyncIterator[Following]:
    cluster = await clusters.connect(context)
    try:
        async with following(cluster.follow(scope or Scope(PROJECT))) as news:
            yield news
    finally:
        await cluster.close()


def names(*pages: News) -> set[str]:
    return {secret.name for page in pages if isinstance(page, Page) for secret in page.items}


async def test_a_list_comes_in_pages_and_then_it_is_complete_and_live(tmp_path: Path) -> None:
    with BackgroundCluster(secrets=1000) as cluster:
        clusters = KubernetesClusters(Preferences(written(tmp_path, cluster.kubeconfig())))
        async with followed(clusters, Scope(PROJECT, helm=True)) as news:
            told = await news.until(WatchOpened)
    first, second, third, complete, live = told
    assert isinstance(first, Page)
    assert isinstance(third, Page)
    assert isinstance(complete, Complete)
    assert isinstance(live, WatchOpened)
    assert (first.loaded, first.expected) == (500, 1033)
    assert (third.loaded, third.expected) == (1033, None)
    assert complete.uids == {s.uid for page in (first, second, third) if isinstance(page, Page) for s in page.items}


@pytest.mark.parametrize(("helm", "count"), [(False, 27), (True, 33)])
async def test_helm_releases_are_hidden_or_shown(clusters: KubernetesClusters, *, helm: bool, count: int) -> None:
    async with followed(clusters, Scope(PROJECT, helm=helm)) as news:
        page = await news.first(Page)
    assert len(page.items) == count
    assert helm is (HELM_RELEASE in {secret.type for secret in page.items})


async def test_changes_arrive(clusters: KubernetesClusters, kubectl: Kubectl) -> None:
    async with followed(clusters) as news:
        await news.until(WatchOpened)
        kubectl("create", "secret", "generic", "fresh", "--from-literal=a=1")
        created = await news.first(Changes)
        kubectl("label", "secret", "fresh", "team=a")
        changed = await news.first(Changes)
        kubectl("delete", "secret", "fresh")
        deleted = await news.first(Changes)
    assert [(secret.name, secret.keys) for secret in created.changed] == [("fresh", ("a",))]
    assert [secret.labels for secret in changed.changed] == [{"team": "a"}]
    assert (deleted.changed, deleted.deleted) == ((), (created.changed[0].uid,))


async def test_all_projects_are_one_list(clusters: KubernetesClusters, kubectl: Kubectl) -> None:
    async with followed(clusters, Scope(None)) as news:
        pages = await news.until(WatchOpened)
        kubectl("create", "secret", "generic", "far", "-n", "research")
        changes = await news.first(Changes)
    assert {"hf-token-llama", "ray-cluster-token", "pg-annotations"} <= names(*pages)
    assert [secret.namespace for secret in changes.changed] == ["research"]


async def test_an_empty_project_is_live_and_a_missing_one_is_not_found(clusters: KubernetesClusters) -> None:
    async with followed(clusters, Scope("default")) as news:
        assert names(*await news.until(WatchOpened)) == set()
    async with followed(clusters, Scope("nowhere")) as news:
        interrupted = await news.first(Interrupted)
        assert isinstance(interrupted.error, NotFound)
        assert str(interrupted.error) == "there is no project nowhere"


@pytest.mark.parametrize("name", ["", "..", "../kube-system", "a/b", "a?b", "A", "x\x1b[2J"])
async def test_what_is_no_name_of_a_project_leads_nowhere_else(clusters: KubernetesClusters, name: str) -> None:
    async with followed(clusters, Scope(name)) as news:
        with pytest.raises(NotFound) as caught:
            await news.next()
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("scope", [Scope("training"), Scope(None)])
async def test_what_may_not_be_listed_is_forbidden(clusters: KubernetesClusters, scope: Scope) -> None:
    async with followed(clusters, scope, "demo-restricted") as news:
        interrupted = await news.first(Interrupted)
        assert isinstance(interrupted.error, Forbidden)
        assert "cannot list" in str(interrupted.error)


async def test_whoever_may_see_one_project_alone_sees_it(clusters: KubernetesClusters) -> None:
    async with followed(clusters, context="demo-restricted") as news:
        assert "hf-token-llama" in names(*await news.until(WatchOpened))


async def test_a_token_that_is_refused_for_a_while_is_tried_again(
    clusters: KubernetesClusters, cluster: BackgroundCluster
) -> None:
    async with followed(clusters) as news:
        await news.until(WatchOpened)
        cluster.revoke("demo")
        interrupted = await news.first(Interrupted)
        while not isinstance(interrupted.error, Unauthorized):
            interrupted = await news.first(Interrupted)
        assert interrupted.as_of
        cluster.restore("demo")
        await news.until(WatchOpened)


async def test_a_project_that_is_deleted_is_no_empty_one(clusters: KubernetesClusters, kubectl: Kubectl) -> None:
    kubectl("create", "namespace", "brief")
    kubectl("create", "secret", "generic", "only", "-n", "brief")
    async with followed(clusters, Scope("brief")) as news:
        await news.until(WatchOpened)
        kubectl("delete", "secret", "only", "-n", "brief")
        await news.until(Changes)
        kubectl("create", "secret", "generic", "only", "-n", "brief")
        await news.until(Changes)
        kubectl("delete", "namespace", "brief", "--wait=false")
        kubectl("delete", "secret", "only", "-n", "brief")
        interrupted = await news.first(Interrupted)
        assert isinstance(interrupted.error, Terminating)
        assert [type(one) for one in await news.until(Interrupted)] == [Page, Interrupted]
    assert str(interrupted.error) == "project brief is being deleted"


async def test_an_expired_watch_is_made_anew_without_an_empty_moment(
    clusters: KubernetesClusters, cluster: BackgroundCluster, kubectl: Kubectl
) -> None:
    index = SecretIndex()
    async with followed(clusters) as news:
        for told in await news.until(WatchOpened):
            _take(index, told)
        kubectl("delete", "secret", "slack-webhook")
        kubectl("create", "secret", "generic", "slack-webhook")
        cluster.compact()
        told_again = await news.until(WatchOpened)
    assert not any(isinstance(told, Interrupted) for told in told_again)
    for told in told_again:
        _take(index, told)
        assert index.total >= 27
    assert [secret.creator for secret in index if secret.name == "slack-webhook"] == ["kubectl-create"]


async def test_each_expiry_after_news_is_answered_at_once(
    clusters: KubernetesClusters, cluster: BackgroundCluster, kubectl: Kubectl
) -> None:
    async with followed(clusters) as news:
        await news.until(WatchOpened)
        for name in ("one", "two"):
            kubectl("create", "secret", "generic", name)
            await news.until(Changes)
            cluster.compact()
            assert not any(isinstance(told, Interrupted) for told in await news.until(WatchOpened))


def _take(index: SecretIndex, told: News) -> None:
    match told:
        case Page(items=secrets):
            index.load(secrets)
        case Complete(uids=uids):
            index.sweep(uids)
        case Changes(changed=changed, deleted=deleted):
            index.update(changed, deleted)


async def test_a_server_that_restarts_is_found_again(
    clusters: KubernetesClusters, cluster: BackgroundCluster, kubectl: Kubectl
) -> None:
    async with followed(clusters) as news:
        await news.until(WatchOpened)
        cluster.restart()
        trouble = await news.first(Interrupted)
        kubectl("create", "secret", "generic", "meanwhile")
        await news.until(WatchOpened)
        kubectl("create", "secret", "generic", "afterwards")
        seen: list[str] = []
        while "afterwards" not in seen:
            seen += [secret.name for secret in (await news.first(Changes)).changed]
    assert trouble.error.advice
    assert seen == ["meanwhile", "afterwards"]


async def test_a_server_that_is_away_is_waited_for(clusters: KubernetesClusters, cluster: BackgroundCluster) -> None:
    cluster.stop()
    async with followed(clusters) as news:
        trouble = await news.first(Interrupted)
        assert "Connection refused" in str(trouble.error)
        cluster.start()
        await news.until(WatchOpened)


async def test_a_demo_served_for_kubectl_is_understood_by_wbtui(cluster: BackgroundCluster, tmp_path: Path) -> None:
    clusters = KubernetesClusters(Preferences(written(tmp_path, cluster.kubeconfig(kubectl=True))))
    async with followed(clusters) as news:
        assert "hf-token-llama" in names(*await news.until(WatchOpened))


async def test_an_account_and_its_projects(clusters: KubernetesClusters) -> None:
    cluster, restricted = await clusters.connect(), await clusters.connect("demo-restricted")
    try:
        assert (await cluster.account()).username == "demo@example.com"
        projects = await cluster.projects()
        assert await cluster.projects("no=such") == ()
        with pytest.raises(Forbidden):
            await restricted.projects()
    finally:
        await cluster.close()
        await restricted.close()
    assert [p.namespace for p in projects] == ["llm-serving", "research", "training", "default", "kube-system"]
    assert [bool(project.project_id) for project in projects] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("asked", "context", "requested"), [(None, "demo-restricted", "research"), ("demo", "demo", None)]
)
async def test_settings_say_where_to_begin(
    kubeconfig: Path, asked: str | None, context: str, requested: str | None
) -> None:
    clusters = KubernetesClusters(Preferences(str(kubeconfig), context="demo-restricted", namespace="research"))
    cluster = await clusters.connect(asked)
    await cluster.close()
    assert (cluster.context, cluster.namespace, cluster.requested_namespace) == (context, PROJECT, requested)


async def test_connecting_sends_nothing(tmp_path: Path) -> None:
    clusters = KubernetesClusters(Preferences(written(tmp_path, kubeconfig_of("http://127.0.0.1:1"))))
    assert [context.name for context in await clusters.contexts()] == ["here"]
    await (await clusters.connect()).close()
