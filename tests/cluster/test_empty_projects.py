"""An empty project is looked after: it may be deleted, and then it is not empty but gone."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.cluster.conftest import PREFIXES, Follow, connected, following, kubeconfig_of, written
from tests.conftest import Kubectl, users
from tests.proxy import Exchange, Fault, Proxy, answer, drop, forward
from wbtui.cluster.secrets import secrets_of
from wbtui.demo.apiserver.access.users import Role, RoleRule, TokenUser
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.projects import Scope
from wbtui.errors import Forbidden, NotFound, Terminating
from wbtui.news import Changes, Interrupted, Page, WatchOpened

READER = Role("reader", (RoleRule(("get", "list", "watch"), ("secrets",)),))
"""May read all secrets, and no namespace."""


async def test_a_project_that_is_deleted_while_it_is_empty_is_said_to_be_gone(follow: Follow, kubectl: Kubectl) -> None:
    kubectl("create", "namespace", "brief")
    async with follow(Scope("brief")) as news:
        await news.until(WatchOpened)
        kubectl("delete", "namespace", "brief", "--wait=false")
        interrupted = await news.first(Interrupted)
    assert isinstance(interrupted.error, NotFound | Terminating)


@pytest.mark.parametrize("fault", [answer(503), answer(429), drop])
async def test_a_look_that_fails_says_nothing_of_the_project(
    proxy: Proxy, follow: Follow, kubectl: Kubectl, fault: Fault
) -> None:
    kubectl("create", "namespace", "brief")
    proxy.next(forward, forward, forward, *[fault] * 4)
    async with follow(Scope("brief")) as news:
        await news.until(WatchOpened)
        kubectl("delete", "namespace", "brief", "--wait=false")
        interrupted = await news.first(Interrupted)
    assert isinstance(interrupted.error, NotFound | Terminating)


async def test_a_secret_that_comes_to_an_empty_project_is_shown_at_once(follow: Follow, kubectl: Kubectl) -> None:
    kubectl("create", "namespace", "brief")
    async with follow(Scope("brief")) as news:
        await news.until(WatchOpened)
        kubectl("create", "secret", "generic", "first", "-n", "brief")
        changes = await news.next()
    assert isinstance(changes, Changes)
    assert [secret.name for secret in changes.changed] == ["first"]


async def test_a_user_who_may_not_read_namespaces_is_told_nothing_false(tmp_path: Path) -> None:
    everyone = {**users(), "reader": TokenUser("reader", "reader-token", (READER,))}
    with BackgroundCluster(users=everyone) as cluster:
        async with Proxy(cluster.url) as proxy:
            path = written(tmp_path, kubeconfig_of(proxy.url, {"token": "reader-token"}))
            async with connected(path) as connection:
                secrets = secrets_of(connection, Scope("default"), PREFIXES)
                secrets.confirm_seconds = 0.01
                async with following(secrets.follow()) as news:
                    await news.until(WatchOpened)
                    coming = asyncio.ensure_future(news.next())
                    await _asked(proxy, 6)
                    assert not coming.done()
                    coming.cancel()
                    await asyncio.wait([coming])


async def test_a_user_who_may_not_list_any_more_is_told(proxy: Proxy, follow: Follow) -> None:
    async with follow(Scope("default")) as news:
        await news.until(WatchOpened)
        refusal = {"kind": "Status", "code": 403, "reason": "Forbidden", "message": "you may not"}
        proxy.default = answer(403, json.dumps(refusal).encode())
        interrupted = await news.next()
    assert isinstance(interrupted, Interrupted)
    assert type(interrupted.error) is Forbidden


async def test_a_look_that_finds_the_project_leaves_the_watch_where_it_was(
    proxy: Proxy, follow: Follow, kubectl: Kubectl
) -> None:
    kubectl("create", "namespace", "brief")
    async with follow(Scope("brief")) as news:
        await news.until(WatchOpened)
        coming = asyncio.ensure_future(news.next())
        await _asked(proxy, 2)
        proxy.cut()
        told = [await coming, *await news.until(WatchOpened)]
    assert not any(isinstance(one, Page) for one in told)


async def _asked(proxy: Proxy, times: int) -> None:
    """Wait until so many requests more have come."""
    come = asyncio.Semaphore(0)

    async def counted(exchange: Exchange) -> None:
        come.release()
        await forward(exchange)

    proxy.default = counted
    for _ in range(times):
        await come.acquire()
