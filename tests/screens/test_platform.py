"""What AMD's platform does with secrets by their names and labels, said where it matters."""

import json
from pathlib import Path

import pytest

from tests.conftest import Kubectl
from tests.proxy import Exchange, Proxy, drop, forward
from tests.screens.driving import session
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.demo.background import BackgroundCluster
from wbtui.repository import Clusters

MISSING = "no minio-credentials: workspaces, fine-tuning and custom models will not run"


async def test_what_a_project_lacks_is_said_once(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters, size=(140, 36)) as person:
        await person.sees("27 secrets", MISSING)
        await person.press("p")
        await person.type("training")
        await person.press("enter")
        await person.sees("demo › training", "11 secrets", MISSING)
        kubectl("create", "secret", "generic", "minio-credentials", "-n", "training", "--from-literal=a=b")
        await person.sees("12 secrets")
        await person.loses(MISSING)
        await person.press("p")
        await person.type("llm")
        await person.press("enter")
        await person.sees("27 secrets", " live\n")
        assert MISSING not in person.text()


async def test_nothing_is_said_of_a_namespace_that_is_no_project(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("create", "secret", "generic", "plain", "-n", "default", "--from-literal=a=b")
    async with session(clusters, size=(140, 36)) as person:
        await person.sees("27 secrets")
        await person.press("p")
        await person.type("default")
        await person.press("enter")
        await person.sees("demo › default", "1 secret", " live\n")
        assert MISSING not in person.text()


async def test_a_secret_that_is_read_by_its_name_is_never_unused(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("create", "secret", "generic", "minio-credentials", "--from-literal=a=b")
    kubectl("create", "secret", "generic", "minio-other", "--from-literal=a=b")
    async with session(clusters, size=(140, 36)) as person:
        await person.sees("29 secrets", "read by its name")
        for text, names in (("is:unused minio", ["minio-other"]), ("is:wellknown", ["minio-credentials"])):
            await person.press("slash", "ctrl+u")
            await person.type(text)
            await person.press("enter")
            await person.until(lambda names=names: person.names() == names)  # type: ignore[misc]
        await person.press("u")
        await person.reads("custom models may read it by its name, without a reference.")
        await person.press("escape", "ctrl+d")
        await person.reads("custom models may read it by its name", "type minio-credentials and Enter")


async def test_an_unknown_use_case_is_marked_and_replaced_by_one_action(clusters: Clusters, kubectl: Kubectl) -> None:
    before = json.loads(kubectl("get", "secret", "git-deploy-key", "-o", "json"))
    async with session(clusters, size=(140, 36)) as person:
        await person.sees("27 secrets", "unknown use case")
        await person.goes_to("git-deploy-key")
        await person.press("enter")
        await person.reads("The Workbench knows no use case GitKey: its page of secrets fails for the whole project")
        await person.press("escape", "l")
        await person.sees("Use case of git-deploy-key")
        await person.type("pull")
        await person.press("enter")
        await person.reads("it is for secrets of type kubernetes.io/dockerconfigjson, and this one has type Opaque")
        await person.press("ctrl+u")
        await person.type("generic")
        await person.press("enter")
        await person.sees("git-deploy-key has the use case Generic.")
        await person.loses("unknown use case")
    after = json.loads(kubectl("get", "secret", "git-deploy-key", "-o", "json"))
    assert after["metadata"]["labels"] == {"airm.silogen.ai/use-case": "Generic"}
    assert after["data"] == before["data"]
    assert after["metadata"]["annotations"] == before["metadata"]["annotations"]


async def test_a_secret_that_has_changed_meanwhile_is_not_relabelled(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters, size=(140, 36)) as person:
        await person.sees("27 secrets")
        await person.goes_to("git-deploy-key")
        await person.press("l")
        await person.sees("Use case of git-deploy-key")
        kubectl("label", "secret", "git-deploy-key", "--overwrite", "airm.silogen.ai/use-case=S3")
        await person.sees("Use case of git-deploy-key")
        await person.type("generic")
        await person.press("enter")
        await person.loses("Use case of git-deploy-key")
        await person.sees(
            "changed by another user", "It was changed by kubectl-label at", "Its use case was not changed."
        )
        assert "Operation cannot be fulfilled" not in person.text()
    labels = json.loads(kubectl("get", "secret", "git-deploy-key", "-o", "json"))["metadata"]["labels"]
    assert labels == {"airm.silogen.ai/use-case": "S3"}


@pytest.mark.parametrize(
    ("recreated", "told"),
    [
        (
            True,
            ("changed by another user", "It was deleted, and another one of the same name was created"),
        ),
        (False, ("not found", "there is no git-deploy-key in llm-serving any more. Another user")),
    ],
)
async def test_a_secret_that_was_deleted_meanwhile_is_not_relabelled(
    clusters: Clusters, kubectl: Kubectl, told: tuple[str, ...], *, recreated: bool
) -> None:
    async with session(clusters, size=(140, 36)) as person:
        await person.sees("27 secrets")
        await person.goes_to("git-deploy-key")
        await person.press("l")
        await person.sees("Use case of git-deploy-key")
        kubectl("delete", "secret", "git-deploy-key")
        if recreated:
            kubectl("create", "secret", "generic", "git-deploy-key", "--from-literal=a=b")
        await person.type("generic")
        await person.press("enter")
        await person.loses("Use case of git-deploy-key")
        await person.sees(*told)
        assert "Operation cannot be fulfilled" not in person.text()
    if recreated:
        assert "labels" not in json.loads(kubectl("get", "secret", "git-deploy-key", "-o", "json"))["metadata"]


async def lose_patches(exchange: Exchange) -> None:
    """Close the connection of a patch without an answer."""
    await (drop if exchange.request.method == "PATCH" else forward)(exchange)


async def test_a_new_use_case_whose_answer_is_lost_is_not_known(
    cluster: BackgroundCluster, kubectl: Kubectl, tmp_path: Path
) -> None:
    async with Proxy(cluster.url) as proxy:
        path = tmp_path / "proxied"
        path.write_text(json.dumps(cluster.kubeconfig()).replace(cluster.url, proxy.url))
        async with session(KubernetesClusters(Preferences(str(path))), size=(140, 36)) as person:
            await person.sees("27 secrets")
            await person.goes_to("git-deploy-key")
            await person.press("l")
            await person.sees("Use case of git-deploy-key")
            await person.type("generic")
            proxy.default = lose_patches
            await person.press("enter")
            await person.sees("not known whether it was done", "use case is")
    labels = json.loads(kubectl("get", "secret", "git-deploy-key", "-o", "json"))["metadata"]["labels"]
    assert labels == {"airm.silogen.ai/use-case": "GitKey"}
