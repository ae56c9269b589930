"""Deleting several secrets, without a screen."""

from collections.abc import AsyncIterator

import pytest

from tests.cluster.conftest import PROJECT
from tests.conftest import Kubectl
from tests.proxy import Exchange, Proxy, drop, forward
from wbtui.deleting import Deleting
from wbtui.domain.deletion import DeletionOutcome
from wbtui.domain.secret import Secret
from wbtui.repository import Cluster, Clusters

NAMES = ("license-server", "git-deploy-key")


@pytest.fixture
async def here(proxied: Clusters) -> AsyncIterator[Cluster]:
    """The cluster, behind the proxy."""
    cluster = await proxied.connect()
    yield cluster
    await cluster.close()


async def secrets(here: Cluster) -> tuple[Secret, ...]:
    return tuple([await here.read(Secret("", PROJECT, name, "")) for name in NAMES])


async def test_nothing_is_sent_once_another_user_is_named(here: Cluster, proxy: Proxy) -> None:
    users = iter(["me@example.com"])
    deleting = Deleting(here, await secrets(here), lambda: next(users, "other@example.com"))
    async for _ in deleting.run():
        pass
    assert {result.outcome for result in deleting.results.values()} == {DeletionOutcome.NOT_TRIED}
    assert not [request for request in proxy.requests if request.method == "DELETE"]


async def test_a_secret_is_deleted_where_another_one_has_its_name_by_then(
    here: Cluster, proxy: Proxy, kubectl: Kubectl
) -> None:
    first, _ = await secrets(here)

    async def lost(exchange: Exchange) -> None:
        await (drop if exchange.request.path.endswith("/secrets") else forward)(exchange)

    proxy.once(f"/{first.name}", drop)
    proxy.default = lost  # nor can it be looked for
    deleting = Deleting(here, (first,), lambda: "")
    async for results in deleting.run():
        if results[first.uid].outcome is DeletionOutcome.UNKNOWN:
            break
    kubectl("delete", "secret", first.name)
    kubectl("create", "secret", "generic", first.name)
    proxy.default = forward
    async for _ in deleting.look():
        pass
    result = deleting.results[first.uid]
    assert result.outcome is DeletionOutcome.DELETED
    assert "another one of the same name was created" in result.detail
