"""Manifests by which a cluster gives other projects a secret by itself: only those that it can take, without values."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import NOW, Kubectl, users
from tests.platform import definitions
from tests.proxy import Proxy, answer
from tests.screens.canaries import assert_clean
from tests.screens.driving import session
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.secret import Secret
from wbtui.domain.sharing import ExternalStore, Sharing, sharing_snippets
from wbtui.repository import Clusters

KINDS = {"ExternalSecret", "ClusterExternalSecret", "SecretStore", "ClusterSecretStore", "ClusterPolicy"}
NAME = "hf-token-eval"
PREFIX = "aiwb.apps.eai.amd.com"
STORES = (("ClusterSecretStore", "openbao-secret-store"), ("SecretStore", "of-the-project"))


@pytest.fixture
def cluster(request: pytest.FixtureRequest) -> Iterator[BackgroundCluster]:
    """An embedded cluster with the kinds of AMD's platform in the parameter, by default all that share secrets."""
    kinds = getattr(request, "param", KINDS)
    with BackgroundCluster(now=lambda: NOW, users=users(), definitions=definitions(*kinds)) as cluster:
        yield cluster


@pytest.fixture
def stores(kubectl: Kubectl, tmp_path: Path) -> None:
    """One store of all projects, as the Resource Manager's, and one of this project."""
    provider = {"provider": {"fake": {"data": [{"key": "a", "value": "cAnArY-7c1d/9f?"}]}}}
    for kind, name in STORES:
        manifest = {"apiVersion": "external-secrets.io/v1beta1", "kind": kind, "metadata": {"name": name}}
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps({**manifest, "spec": provider}))
        kubectl("create", "--validate=false", "-f", str(path))


async def offered(clusters: Clusters, name: str = NAME) -> dict[str, str]:
    """Return the manifests that the cluster is found to take, by their titles."""
    cluster = await clusters.connect()
    try:
        secret = Secret("", cluster.namespace, name, "", type="Opaque", keys=("token",), labels={"team": "a"})
        found = sharing_snippets(secret, await cluster.sharing(cluster.namespace), PREFIX)
        return {snippet.title: snippet.text for snippet in found}
    finally:
        await cluster.close()


async def test_a_cluster_without_stores_offers_none(clusters: Clusters) -> None:
    cluster = await clusters.connect()
    try:
        sharing = await cluster.sharing(cluster.namespace)
    finally:
        await cluster.close()
    assert (sharing.stores, sharing.unknown) == ((), ())
    assert sharing.external_secret


@pytest.mark.usefixtures("stores")
async def test_each_that_is_offered_is_taken_by_the_cluster(
    clusters: Clusters, kubectl: Kubectl, tmp_path: Path
) -> None:
    found = await offered(clusters)
    assert list(found) == [
        "ExternalSecret from SecretStore of-the-project",
        "ExternalSecret from ClusterSecretStore openbao-secret-store",
        "ClusterExternalSecret for all projects, from openbao-secret-store",
        "ExternalSecret for the Resource Manager to assign to projects",
        "Kyverno policy that clones it to all projects",
    ]
    for number, text in enumerate(found.values()):
        path = tmp_path / f"{number}.yaml"
        path.write_text(text.replace("name-of-the-project", "training"))
        kubectl("create", "--dry-run=server", "--validate=strict", "-f", str(path))
        assert_clean(text)


@pytest.mark.usefixtures("stores")
async def test_they_are_shown_behind_the_others_and_no_value_of_a_store_is_received(
    proxied: Clusters, proxy: Proxy
) -> None:
    async with session(proxied, size=(120, 50)) as person:
        await person.sees("live")
        await person.goes_to(NAME)
        await person.press("y")
        await person.sees("Use hf-token-eval", "ClusterExternalSecret for all projects", "Kyverno policy that clones")
        await person.press("end")
        await person.sees("kind: ClusterPolicy", "name: clone-hf-token-eval")
        await person.loses("Asking what shares")
    asked = [one for one in proxy.requests if one.path.endswith("secretstores")]
    assert len(asked) == len(STORES)
    assert all("as=PartialObjectMetadataList" in one.headers["accept"] for one in asked)


@pytest.mark.parametrize("cluster", [("ExternalSecret",)], indirect=True)
async def test_what_the_cluster_does_not_have_is_not_offered(clusters: Clusters) -> None:
    assert await offered(clusters) == {}


async def test_without_a_store_only_the_policy_is_offered(clusters: Clusters) -> None:
    assert list(await offered(clusters)) == ["Kyverno policy that clones it to all projects"]


@pytest.mark.usefixtures("stores")
async def test_stores_that_may_not_be_listed_are_said(proxied: Clusters, proxy: Proxy) -> None:
    forbidden = answer(403, b'{"kind":"Status","code":403,"reason":"Forbidden","message":"no"}')
    async with session(proxied, size=(120, 50)) as person:
        await person.sees("live")
        await person.goes_to(NAME)
        proxy.once("/clustersecretstores", forbidden)
        await person.press("y")
        await person.reads(
            "ExternalSecret from SecretStore of-the-project",
            "Not searched: ClusterSecretStore: you may not list them cluster-wide.",
        )


def manifest(title: str, secret: Secret, sharing: Sharing) -> Any:
    found = {snippet.title: snippet.text for snippet in sharing_snippets(secret, sharing, PREFIX)}
    return yaml.safe_load(next(text for name, text in found.items() if name.startswith(title)))


OWN = {"airm.silogen.ai/project-secret-id": "1", "airm.silogen.ai/secret-scope": "Project"}
EVERYTHING = Sharing("external-secrets.io/v1", "", "kyverno.io/v1", ())


def test_labels_of_the_resource_manager_are_not_carried_and_others_are() -> None:
    sharing = EVERYTHING._replace(stores=(ExternalStore("ClusterSecretStore", "vault"),))
    secret = Secret("", "p", "s", "", labels={**OWN, "team": "a"}, display_name="My token")
    made = manifest("ExternalSecret", secret, sharing)
    assert made["spec"]["target"]["template"]["metadata"] == {
        "labels": {"team": "a"},
        "annotations": {f"{PREFIX}/display-name": "My token"},
    }
    assert made["spec"]["dataFrom"] == [{"extract": {"key": "path-in-the-store"}}]
    assert manifest("Kyverno", secret, sharing) is None  # a comment that says why


def test_a_clone_goes_to_the_projects_and_not_to_its_source() -> None:
    (rule,) = manifest("Kyverno", Secret("", "p", "s", ""), EVERYTHING)["spec"]["rules"]
    assert rule["exclude"] == {"any": [{"resources": {"names": ["p"]}}]}
    assert rule["generate"]["clone"] == {"namespace": "p", "name": "s"}
