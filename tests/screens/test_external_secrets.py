"""What the list says of secrets that ExternalSecrets write: the result of the last sync, from its condition."""

import json
from pathlib import Path

from tests.conftest import Kubectl
from tests.screens.driving import session
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.demo.apiserver.access.users import Role, RoleRule, TokenUser
from wbtui.demo.background import BackgroundCluster
from wbtui.repository import Clusters

SINCE = {"lastTransitionTime": "2026-10-31T00:00:00Z"}


def report(kubectl: Kubectl, name: str, status: str, reason: str) -> None:
    """Say of an ExternalSecret what the operator would."""
    condition = {"type": "Ready", "status": status, "reason": reason, "message": "said by the test", **SINCE}
    body = json.dumps({"status": {"conditions": [condition]}})
    kubectl("patch", "externalsecret", name, "--subresource=status", "--type=merge", "-p", body)


async def test_the_list_says_whether_the_last_sync_worked_and_follows_it(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters, size=(170, 40)) as person:
        await person.sees(" live\n", "failed: SecretSyncedError", "in sync: SecretSynced")
        await person.press("slash")
        await person.type("is:unsynced")
        await person.press("enter")
        await person.until(lambda: person.names() == ["vault-s3-archive"])
        report(kubectl, "vault-s3-archive", "True", "SecretSynced")
        await person.sees("No matches.")
        report(kubectl, "vault-hf-token", "False", "SecretDeleted")
        await person.until(lambda: person.names() == ["vault-hf-token"])
        await person.sees("failed: SecretDeleted")
        await person.press("enter")
        await person.reads("ExternalSecret vault-hf-token could not sync it: SecretDeleted.")


async def test_a_secret_without_a_sign_is_known_by_its_target(
    clusters: Clusters, kubectl: Kubectl, tmp_path: Path
) -> None:
    body = {
        "apiVersion": "external-secrets.io/v1beta1",
        "kind": "ExternalSecret",
        "metadata": {"name": "more", "namespace": "llm-serving"},
        "spec": {"secretStoreRef": {"name": "vault"}, "target": {"name": "hf-token-eval", "creationPolicy": "Merge"}},
    }
    file = tmp_path / "more.json"
    file.write_text(json.dumps(body))
    async with session(clusters, size=(170, 40)) as person:
        await person.sees(" live\n", "in sync: SecretSynced")
        kubectl("create", "-f", str(file))
        await person.sees("sync not known")
        report(kubectl, "more", "False", "SecretSyncedError")
        await person.loses("sync not known")
        await person.goes_to("hf-token-eval")
        await person.press("ctrl+d")
        await person.reads("ExternalSecret more puts it back as it is there, at its next sync")


async def test_where_external_secrets_may_not_be_listed_the_list_says_so(tmp_path: Path) -> None:
    rules = (RoleRule(("list", "watch"), ("secrets",)),)
    member = TokenUser("demo@example.com", "demo-token", (Role("member", rules, "llm-serving"),))
    with BackgroundCluster(users={"demo": member}) as cluster:
        path = tmp_path / "kubeconfig"
        path.write_text(json.dumps(cluster.kubeconfig()))
        async with session(KubernetesClusters(Preferences(str(path))), size=(170, 40)) as person:
            await person.sees(" live\n", "sync not known, managed")
            await person.goes_to("vault-s3-archive")
            await person.press("enter")
            await person.reads("Whether its last sync worked is not known: ExternalSecret: you may not list them.")
