import base64
import json
from pathlib import Path

import pytest

from tests.conftest import Kubectl
from tests.screens.driving import Session, session
from wbtui.demo.apiserver.kinds.table import SECRETS
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.projects import StartLocation
from wbtui.repository import Clusters


async def open_details(person: Session, name: str, key: str = "enter") -> None:
    await person.sees("live")
    await person.goes_to(name)
    await person.press(key)
    await person.sees("Values are never shown")


async def test_details_open_and_close(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to("gateway-api-keys")
        for key, back in (("enter", "escape"), ("d", "q"), ("enter", "enter"), ("d", "d")):
            await person.press(key)
            await person.sees("Values are never shown")
            await person.press(back)
            await person.loses("Values are never shown")
            assert person.current() == "gateway-api-keys"


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        (
            "gateway-api-keys",
            (
                "project       llm-serving",
                "use case      Generic",
                "type          Opaque",
                "keys          ci.token internal partner",
                "created by    jonas.lindqvist@example.com",
                "created       2026-08-24 13:37 UTC (68 days ago)",
                "last changed  2026-08-24 13:37 UTC (68 days ago), by airm-api",
                "airm.silogen.ai/use-case",
            ),
        ),
        ("old-inference-key", ("finalizers    airm.silogen.ai/secret-finalizer", "Deletion was requested; it waits")),
        ("license-server", ("Immutable: its values cannot change",)),
        ("git-deploy-key", ("use case      GitKey", "The Workbench knows no use case GitKey: its page")),
        ("gateway-tls", ("not recorded; first written by", "It has no use case")),
        ("hf-legacy", ("airm.silogen.com/use-case", "Resource Manager's label")),
        ("pg-vectors-app", ("managed by    Cluster pg-vectors (postgresql.cnpg.io/v1)", "Managed by Cluster pg-")),
    ],
)
async def test_details_tell_all_but_the_values(clusters: Clusters, name: str, facts: tuple[str, ...]) -> None:
    async with session(clusters, size=(120, 60)) as person:
        await open_details(person, name)
        await person.sees(name, *facts)


async def test_values_that_kubectl_put_into_an_annotation_are_not_shown(
    cluster: BackgroundCluster, clusters: Clusters
) -> None:
    stored = cluster.cluster.store.get(SECRETS, "llm-serving", "litellm-config")
    assert stored
    value = stored.body["data"]["master-key"]
    assert value in json.dumps(stored.body["metadata"]["annotations"])
    async with session(clusters, size=(120, 60)) as person:
        await open_details(person, "litellm-config")
        await person.sees("An annotation contains a copy of the values")
        assert value not in person.text()
        assert base64.b64decode(value).decode() not in person.text()


async def test_where_an_external_secret_gets_its_values(clusters: Clusters) -> None:
    async with session(clusters, size=(120, 60)) as person:
        await open_details(person, "vault-s3-archive")
        await person.sees(
            "managed by    ExternalSecret vault-s3-archive",
            "store         ClusterSecretStore vault",
            "access-key ← ai/vault-s3-archive / access-key",
            "in sync       NO — SecretSyncedError",
            "permission denied",
        )
        await person.press("escape")
        await open_details(person, "vault-hf-token")
        await person.sees("in sync       yes — SecretSynced")


async def test_a_secret_that_no_external_secret_owns_is_known_by_its_target(
    clusters: Clusters, kubectl: Kubectl, tmp_path: Path
) -> None:
    spec = {
        "secretStoreRef": {"name": "vault"},
        "target": {"name": "wandb-api-key", "creationPolicy": "Merge"},
        "data": [{"secretKey": "token", "remoteRef": {"key": "ai/wandb"}}],
    }
    merging = {"apiVersion": "external-secrets.io/v1beta1", "kind": "ExternalSecret", "metadata": {"name": "more"}}
    file = tmp_path / "external.json"
    file.write_text(json.dumps({**merging, "spec": spec}))
    kubectl("create", "-f", str(file))
    ready = {"type": "Ready", "status": "False", "reason": "SecretSyncedError", "message": "no store"}
    patch = {"status": {"conditions": [{**ready, "lastTransitionTime": "2026-10-30T04:00:00Z"}]}}
    kubectl("patch", "externalsecret", "more", "--subresource=status", "--type=merge", "-p", json.dumps(patch))
    async with session(clusters, size=(120, 60)) as person:
        await open_details(person, "wandb-api-key")
        await person.sees(
            "ExternalSecret more: adds its keys to the secret, without owning it",
            "token ← ai/wandb",
            "in sync       NO — SecretSyncedError — no store",
        )


async def test_a_copied_mark_of_external_secrets_is_not_taken_for_a_sync(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("label", "secret", "wandb-api-key", "reconcile.external-secrets.io/created-by=1f3a")
    async with session(clusters, size=(120, 60)) as person:
        await open_details(person, "wandb-api-key")
        await person.sees("No ExternalSecret of the project writes it", "is a copy.")


async def test_an_external_secret_that_one_may_not_read_is_not_known(clusters: Clusters) -> None:
    async with session(clusters, start=StartLocation(context="demo-restricted"), size=(120, 60)) as person:
        await open_details(person, "vault-hf-token")
        await person.sees("Where its values come from", "Not known: externalsecrets.external-secrets.io", "forbidden")


async def test_details_follow_what_happens_to_the_secret(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters, size=(120, 60)) as person:
        await open_details(person, "wandb-api-key")
        kubectl("label", "secret", "wandb-api-key", "team=vision")
        await person.sees("team", "vision")
        kubectl("delete", "secret", "slack-webhook")
        await person.until(lambda: person.app.screen_stack[0].query_one("#table").index.total == 26)  # type: ignore[attr-defined]
        assert "─ deleted ─" not in person.text()
        kubectl("delete", "secret", "wandb-api-key")
        await person.sees("─ deleted ─", "WANDB_API_KEY")


async def test_who_uses_the_secret_is_said_and_followed(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters, size=(120, 60)) as person:
        await open_details(person, "pg-evaluations")
        await person.sees(
            "CronJob nightly-eval: 1 place",
            "Deployment eval-dashboard: 1 place; also in 1 Pod, 1 ReplicaSet",
            "Deployment llm-gateway: 1 place; also in 2 Pods, 1 ReplicaSet",
        )
        kubectl("delete", "cronjob", "nightly-eval")
        await person.loses("CronJob nightly-eval")
        kubectl("set", "env", "statefulset/vector-db", "--from=secret/pg-evaluations")
        await person.sees("StatefulSet vector-db: 1 place")


async def test_a_secret_that_nobody_names_is_not_called_safe(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters, size=(120, 60)) as person:
        await open_details(person, "litellm-config")
        await person.sees("No users found. Every kind in the cluster that can name a secret was searched.")
        kubectl("set", "env", "statefulset/vector-db", "--from=secret/litellm-config")
        await person.sees("StatefulSet vector-db: 1 place")
        await person.loses("No reference")


async def test_what_could_not_be_searched_is_said_in_the_details(clusters: Clusters) -> None:
    async with session(clusters, start=StartLocation(context="demo-restricted"), size=(120, 60)) as person:
        await open_details(person, "litellm-config")
        await person.sees("No users found", "Not searched (you may not list them): ", " kinds: ")


async def test_a_key_that_a_workload_misses_is_a_finding(clusters: Clusters) -> None:
    async with session(clusters, size=(120, 60)) as person:
        await open_details(person, "hf-legacy")
        await person.sees("AIMService qwen-chat: 1 place — wants hf_token, which is no key in the secret")


async def test_a_login_that_ends_does_not_make_the_secret_look_deleted(
    cluster: BackgroundCluster, clusters: Clusters
) -> None:
    async with session(clusters) as person:
        await open_details(person, "wandb-api-key")
        cluster.revoke("demo")
        await person.sees("not logged in", "WANDB_API_KEY")
        assert "deleted" not in person.text()


async def test_long_details_scroll_with_the_keys_of_the_table(clusters: Clusters) -> None:
    async with session(clusters, size=(60, 15)) as person:
        await open_details_at_the_top(person, "gateway-api-keys")
        await person.until(lambda: bool(person.app.screen_stack[0].session.uses.usage))  # type: ignore[attr-defined]
        await person.settle()
        await person.press("G")
        await person.sees("Values are never shown")
        await person.press("g")
        await person.sees("│ gateway-api-keys")
        await person.press("j", "j")
        await person.loses("│ gateway-api-keys")
        await person.press("k", "k")
        await person.sees("│ gateway-api-keys")


async def open_details_at_the_top(person: Session, name: str) -> None:
    await person.sees("live")
    await person.goes_to(name)
    await person.press("d")
    await person.sees("use case ", "esc Back")


async def test_a_copy_of_the_object_in_an_annotation_is_not_shown(clusters: Clusters, kubectl: Kubectl) -> None:
    copy = json.dumps({"kind": "Secret", "data": {"token": "canary-77"}})
    kubectl("annotate", "secret", "hf-token-eval", f"kapp.k14s.io/original={copy}")
    async with session(clusters, size=(120, 60)) as person:
        await person.sees("live")
        await person.goes_to("hf-token-eval")
        await person.press("enter")
        await person.sees("kapp.k14s.io/original", "it may repeat values")
        assert "canary-77" not in person.text()
