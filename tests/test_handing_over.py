"""Pointing objects to another secret, without a screen: never to one that lacks what they read."""

from collections.abc import AsyncIterator

import pytest

from tests.cluster.conftest import PROJECT
from tests.conftest import Kubectl
from tests.proxy import Proxy
from wbtui.domain.references import SecretUser
from wbtui.domain.secret import Secret
from wbtui.handing_over import HandingOver, HandoverStep, read_changes
from wbtui.repository import Cluster, Clusters

OLD, NEW = "slack-webhook", "slack-webhook-v2"
FINALIZER = '{"metadata": {"finalizers": ["example.com/keep"]}}'


@pytest.fixture
async def here(proxied: Clusters) -> AsyncIterator[Cluster]:
    """The cluster, behind the proxy."""
    cluster = await proxied.connect()
    yield cluster
    await cluster.close()


@pytest.mark.parametrize(
    ("meanwhile", "step", "said"),
    [
        ([], HandoverStep.DONE, ""),
        (
            [("patch", "secret", NEW, "-p", FINALIZER), ("delete", "secret", NEW, "--wait=false")],
            HandoverStep.FAILED,
            f"{NEW} was deleted, or is being deleted",
        ),
        (
            [("patch", "secret", NEW, "-p", '{"data": {"url": null, "other": "eA=="}}')],
            HandoverStep.FAILED,
            f"{NEW} has no key url any more",
        ),
        ([("delete", "secret", NEW)], HandoverStep.FAILED, f"{NEW} was deleted"),
    ],
    ids=["as it was", "terminating", "without the key", "deleted"],
)
async def test_an_object_is_only_pointed_to_a_secret_that_has_what_it_reads(
    here: Cluster, proxy: Proxy, kubectl: Kubectl, meanwhile: list[tuple[str, ...]], step: HandoverStep, said: str
) -> None:
    kubectl("create", "secret", "generic", NEW, "--from-literal=url=x")
    target = await here.read(Secret("", PROJECT, NEW, ""))
    usage = await here.usage(PROJECT)
    old = await here.read(Secret("", PROJECT, OLD, ""))
    users: tuple[SecretUser, ...] = tuple({use.top for use in usage.of(old) if use.top.kind == "Deployment"})
    reviewed = await read_changes(here.workloads, users, OLD, NEW, target.keys)
    (change,) = reviewed.changes
    assert change.needed == {"url"}
    for command in meanwhile:
        kubectl(*command)
    handing = HandingOver(here, target, reviewed.changes)
    async for _ in handing.run():
        pass
    assert handing.progress[change.user] == (step, said)
    written = [one for one in proxy.requests if one.method == "PATCH" and "dryRun" not in one.query]
    assert len(written) == (step is HandoverStep.DONE)
