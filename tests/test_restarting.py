"""Restarting workloads, without a screen."""

from contextlib import aclosing

from tests.cluster.conftest import PROJECT
from tests.conftest import Kubectl
from tests.proxy import Proxy
from wbtui.commands.following import followed
from wbtui.domain.restarts import restarts_of
from wbtui.domain.secret import Secret
from wbtui.repository import Clusters
from wbtui.restarting import Restarting


async def test_a_restart_is_tried_before_it_is_written(proxied: Clusters, proxy: Proxy, kubectl: Kubectl) -> None:
    here = await proxied.connect()
    kubectl("patch", "secret", "slack-webhook", "-p", '{"stringData": {"url": "new"}}')
    secret = await here.read(Secret("", PROJECT, "slack-webhook", ""))
    async with followed(here, PROJECT) as uses:
        workloads = restarts_of(secret, await uses.searched()).workloads
        restarting = Restarting(here, uses, lambda: secret, workloads)
        async with aclosing(restarting.run()) as steps:  # type: ignore[type-var]
            async for _ in steps:
                if [one for one in proxy.requests if one.method == "PATCH" and "dryRun" not in one.query]:
                    break
    await here.close()
    tried, written = (one for one in proxy.requests if one.method == "PATCH")
    assert tried.query == {**written.query, "dryRun": "All"}
    assert tried.body == written.body
