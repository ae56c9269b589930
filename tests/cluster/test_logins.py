"""Who one is: asked by any version of the API, and again when a login may be somebody else's."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.conftest import LIMIT, PROJECT, connected, kubeconfig_of, written
from tests.proxy import Exchange, Proxy, answer, forward
from wbtui.cluster.access import account_of, rights_in
from wbtui.cluster.cluster import KubernetesCluster
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.cluster.connection import TABLE
from wbtui.cluster.discovery import Discovery
from wbtui.demo.apiserver.access.users import CLUSTER_ADMIN, Role, RoleRule, TokenUser
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.account import Account
from wbtui.domain.audit_record import AuditRecord
from wbtui.domain.projects import Scope
from wbtui.domain.secret import Secret
from wbtui.errors import AccountChanged, KubeconfigError, UnexpectedAnswer
from wbtui.news import LoginRenewed, Page

PATH = f"/api/v1/namespaces/{PROJECT}/secrets"
USERS = {name: TokenUser(f"{name}@example.com", f"{name}-token", (CLUSTER_ADMIN,)) for name in ("alice", "bob")}
REVIEW = "/apis/authentication.k8s.io/{}/selfsubjectreviews"


def served(*versions: str) -> Any:
    """Return a server that knows only these versions of the review."""

    async def serve(exchange: Exchange) -> None:
        if exchange.request.path in map(REVIEW.format, versions):
            said = {"status": {"userInfo": {"username": "alice@example.com"}}}
            await answer(201, json.dumps(said).encode())(exchange)
        elif exchange.request.path == "/version":
            await answer(200, b'{"gitVersion": "v1.25.0"}')(exchange)
        else:
            await answer(404, b"404 page not found\n", Content_Type="text/plain")(exchange)

    return serve


@pytest.mark.parametrize(
    ("versions", "email", "account"),
    [
        (("v1",), "", Account("alice@example.com", "alice@example.com")),
        (("v1beta1",), "", Account("alice@example.com", "alice@example.com")),
        (("v1alpha1",), "me@example.com", Account("alice@example.com", "me@example.com")),
        ((), "me@example.com", Account("", "me@example.com")),
        ((), "", Account("", "")),
    ],
)
async def test_a_server_tells_who_one_is_by_any_version_or_not_at_all(
    proxy: Proxy, tmp_path: Path, versions: tuple[str, ...], email: str, account: Account
) -> None:
    proxy.default = served(*versions)
    async with connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection:
        assert (await account_of(connection, email))[0] == account


@pytest.mark.parametrize("page", [b"<html>404</html>", b"404 page not found\n", b"default backend - 404"])
async def test_a_gateway_that_knows_no_path_does_not_take_the_user_away(
    proxy: Proxy, tmp_path: Path, page: bytes
) -> None:
    cluster = await KubernetesClusters(Preferences(written(tmp_path, kubeconfig_of(proxy.url)))).connect()
    assert (await cluster.account()).username == "demo@example.com"
    proxy.default = answer(404, page, Content_Type="text/html")
    with pytest.raises(UnexpectedAnswer, match="404 Not Found"):
        await cluster.account()
    await cluster.close()


async def test_whom_one_acts_as_is_known_where_the_server_cannot_tell(proxy: Proxy, tmp_path: Path) -> None:
    proxy.default = served()
    async with connected(written(tmp_path, kubeconfig_of(proxy.url, {"token": "x", "as": "bob"}))) as connection:
        assert (await account_of(connection, ""))[0] == Account("bob", "bob", impersonated=True)


@asynccontextmanager
async def by_token_file(tmp_path: Path, notes: list[AuditRecord]) -> AsyncIterator[KubernetesCluster]:
    written(tmp_path, "alice-token\n", "token")
    with BackgroundCluster(users=USERS) as server:
        path = written(tmp_path, kubeconfig_of(server.url, {"tokenFile": "token"}))
        cluster = await KubernetesClusters(Preferences(path, note=notes.append)).connect()
        try:
            yield cluster
        finally:
            await cluster.close()


async def secrets_of(cluster: KubernetesCluster) -> list[Secret]:
    async with aclosing(cluster.follow(Scope(PROJECT))) as all_news:
        async for news in all_news:
            if isinstance(news, Page):
                return list(news.items)
    raise AssertionError("nothing was listed")


async def test_a_token_file_that_holds_another_users_token_makes_one_that_user(tmp_path: Path) -> None:
    notes: list[AuditRecord] = []
    async with by_token_file(tmp_path, notes) as cluster, asyncio.timeout(LIMIT):
        all_news = cluster.follow_login()
        assert (await cluster.account()).username == "alice@example.com"
        one, another, *_ = await secrets_of(cluster)
        await cluster.delete(one)
        written(tmp_path, "bob-token\n", "token")
        with pytest.raises(AccountChanged, match=r"those of bob@example\.com now"):
            await cluster.delete(another)
        assert another.name in {secret.name for secret in await secrets_of(cluster)}
        assert isinstance(await anext(all_news), LoginRenewed)
        assert (await cluster.account()).creator == "bob@example.com"
        await cluster.delete(another)
    assert [(note.user, note.result) for note in notes] == [
        ("alice@example.com", "done"),
        ("alice@example.com", "another user"),
        ("bob@example.com", "done"),
    ]


@asynccontextmanager
async def as_alice(tmp_path: Path, notes: list[AuditRecord]) -> AsyncIterator[tuple[KubernetesCluster, Proxy]]:
    """Connect as who a token file names, through a proxy; the user is known."""
    written(tmp_path, "alice-token\n", "token")
    with BackgroundCluster(users=USERS) as server:
        async with Proxy(server.url) as proxy:
            path = written(tmp_path, kubeconfig_of(proxy.url, {"tokenFile": "token"}))
            cluster = await KubernetesClusters(Preferences(path, note=notes.append)).connect()
            await cluster.account()
            yield cluster, proxy
            await cluster.close()


async def test_a_write_that_was_begun_as_one_user_is_not_done_as_another(tmp_path: Path) -> None:
    async with as_alice(tmp_path, []) as (cluster, proxy):
        one, *_ = await secrets_of(cluster)

        async def renew(exchange: Exchange) -> None:
            written(tmp_path, "bob-token\n", "token")
            await answer(401)(exchange)

        proxy.next(renew)
        with pytest.raises(AccountChanged):
            await cluster.delete(one)
        assert sum(request.method == "DELETE" for request in proxy.requests) == 1


async def test_a_write_is_recorded_under_who_began_it(tmp_path: Path) -> None:
    notes: list[AuditRecord] = []
    async with as_alice(tmp_path, notes) as (cluster, proxy):
        one, *_ = await secrets_of(cluster)

        async def renew(exchange: Exchange) -> None:
            written(tmp_path, "bob-token\n", "token")
            assert (await cluster.account()).username == "bob@example.com"
            await forward(exchange)

        proxy.once(f"/{one.name}", renew)
        await cluster.delete(one)
    assert [(note.user, note.result) for note in notes] == [("alice@example.com", "done")]


async def test_a_login_that_comes_back_does_not_write_as_another_user_than_the_one_shown(tmp_path: Path) -> None:
    async with as_alice(tmp_path, []) as (cluster, proxy):
        one, another, *_ = await secrets_of(cluster)

        async def there_and_back(exchange: Exchange) -> None:
            written(tmp_path, "bob-token\n", "token")
            assert (await cluster.account()).username == "bob@example.com"
            written(tmp_path, "alice-token\n", "token")
            await answer(401)(exchange)

        proxy.once(f"/{one.name}", there_and_back)
        await cluster.delete(one)
        with pytest.raises(AccountChanged):
            await cluster.delete(another)
        assert another.name in {secret.name for secret in await secrets_of(cluster)}


async def test_while_another_user_is_not_shown_no_write_is_done_as_that_one(tmp_path: Path) -> None:
    notes: list[AuditRecord] = []
    async with by_token_file(tmp_path, notes) as cluster:
        await cluster.account()
        one, *_ = await secrets_of(cluster)
        written(tmp_path, "bob-token\n", "token")
        for _ in range(2):
            with pytest.raises(AccountChanged):
                await cluster.delete(one)
        written(tmp_path, "alice-token\n", "token")
        await cluster.delete(one)
    assert [(note.user, note.result) for note in notes][1:] == [
        ("alice@example.com", "another user"),
        ("alice@example.com", "done"),
    ]


async def test_a_token_file_that_is_gone_for_a_moment_does_no_harm(tmp_path: Path) -> None:
    async with by_token_file(tmp_path, []) as cluster:
        await cluster.account()
        (tmp_path / "token").unlink()
        assert (await cluster.account()).username == "alice@example.com"


async def test_the_same_login_is_no_news(proxy: Proxy, tmp_path: Path) -> None:
    async with connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection:
        news = connection.logins.news()
        for _ in range(3):
            await connection.get(PATH, accept=TABLE)
        waiting = asyncio.ensure_future(anext(news))
        await asyncio.sleep(0)
        assert not waiting.done()
        waiting.cancel()


async def test_a_context_that_leads_elsewhere_meanwhile_is_refused(proxy: Proxy, tmp_path: Path) -> None:
    with BackgroundCluster(users=USERS) as other:
        written(tmp_path, "demo-token", "token")
        path = written(tmp_path, kubeconfig_of(proxy.url, {"tokenFile": "token"}))
        async with connected(path) as connection:
            await connection.get(PATH, accept=TABLE)
            written(tmp_path, kubeconfig_of(other.url, {"token": "alice-token"}))
            written(tmp_path, "stale", "token")
            with pytest.raises(KubeconfigError, match=r"the context here leads to .* now") as caught:
                await connection.delete(f"{PATH}/hf-token-llama", {}, accept=TABLE)
            assert "{list.again}" in caught.value.advice
    assert [request.method for request in proxy.requests] == ["GET"]


async def test_a_right_to_one_secret_alone_is_told_by_its_name(tmp_path: Path) -> None:
    may = Role("one", (RoleRule(("get",), ("secrets",), names=("hf-token-llama",)),), PROJECT)
    users = {"jo": TokenUser("jo", "jo-token", (may,))}
    with BackgroundCluster(users=users) as server:
        async with connected(written(tmp_path, kubeconfig_of(server.url, {"token": "jo-token"}))) as connection:
            rights = await rights_in(connection, Discovery(connection), PROJECT)
    assert rights.names("get") == {"hf-token-llama"}
    assert rights.refusal("get", "hf-token-llama") == ""
    assert rights.refusal("list")
    assert rights.names("list") == frozenset()


async def test_what_the_cluster_serves_is_not_lacking_where_it_cannot_be_asked(proxy: Proxy, tmp_path: Path) -> None:
    async def no_groups(exchange: Exchange) -> None:
        await (answer(503) if exchange.request.path == "/apis" else forward)(exchange)

    proxy.default = no_groups
    async with connected(written(tmp_path, kubeconfig_of(proxy.url))) as connection:
        rights = await rights_in(connection, Discovery(connection), PROJECT)
    assert rights.lacking == {}
