"""Deleting: what it would hit is said beforehand, and nothing else is hit."""

import json
import stat
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import Kubectl
from tests.screens.driving import Session, session
from wbtui.audit import AuditLog
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.cluster.connection import Manner
from wbtui.domain.projects import Scope
from wbtui.repository import Clusters, Page, ReadOnly, Start


def names(kubectl: Kubectl) -> set[str]:
    return {name.removeprefix("secret/") for name in kubectl("get", "secrets", "-o", "name").split()}


async def ask_to_delete(person: Session, name: str) -> None:
    await person.sees("live")
    await person.goes_to(name)
    await person.press("ctrl+d")
    await person.until(lambda: "for good (y)" in person.text() or "Enter to delete" in person.text())


async def test_an_unused_secret_goes_after_one_key(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await ask_to_delete(person, "litellm-config")
        await person.sees(
            "Delete litellm-config for good?", "Project llm-serving, cluster demo", "No reference was found"
        )
        await person.press("y")
        await person.sees("litellm-config: deleted")
        await person.press("escape")
        await person.sees("26 secrets")
    assert "litellm-config" not in names(kubectl)


@pytest.mark.parametrize("keys", [("enter",), ("escape",), ("n",)])
async def test_cancel_has_the_focus(clusters: Clusters, kubectl: Kubectl, keys: Iterable[str]) -> None:
    async with session(clusters) as person:
        await ask_to_delete(person, "litellm-config")
        await person.press(*keys)
        await person.loses("for good?")
    assert "litellm-config" in names(kubectl)


async def test_a_secret_in_use_wants_its_name_typed(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await ask_to_delete(person, "slack-webhook")
        await person.sees("slack-webhook is in use:", "Deployment llm-gateway", "key url")
        await person.press(*"slack-web", "enter")
        assert "slack-webhook" in names(kubectl)
        await person.press(*"hook", "enter")
        await person.sees("slack-webhook: deleted")
    assert "slack-webhook" not in names(kubectl)


async def test_what_another_resource_manages_is_refused_with_its_name(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to("vault-hf-token")
        await person.press("ctrl+d")
        await person.sees("cannot be deleted here: ExternalSecret vault-hf-token manages it", "Back (Escape)")
        await person.press("y", "enter")
        await person.loses("cannot be deleted here")
    assert "vault-hf-token" in names(kubectl)


async def test_what_someone_changed_meanwhile_is_not_deleted(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await ask_to_delete(person, "litellm-config")
        kubectl("label", "secret", "litellm-config", "touched=yes")
        await person.press("y")
        await person.sees("NOT deleted, changed meanwhile", "kubectl-label")
    assert "litellm-config" in names(kubectl)


async def test_a_new_secret_of_the_same_name_is_not_deleted(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await ask_to_delete(person, "litellm-config")
        kubectl("delete", "secret", "litellm-config")
        kubectl("create", "secret", "generic", "litellm-config", "--from-literal=a=b")
        await person.press("y")
        await person.sees("NOT deleted, changed meanwhile")
    assert "litellm-config" in names(kubectl)


async def test_a_finalizer_holds_the_secret_and_is_named(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("patch", "secret", "litellm-config", "-p", '{"metadata":{"finalizers":["example.com/hold"]}}')
    async with session(clusters) as person:
        await ask_to_delete(person, "litellm-config")
        await person.sees("will stay until example.com/hold lets it go")
        await person.press("y")
        await person.sees("litellm-config: terminating: it waits for example.com/hold")
    assert "litellm-config" in names(kubectl)


async def test_marked_secrets_go_together_and_each_end_is_told(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        for name in ("litellm-config", "license-server", "vault-hf-token"):
            await person.goes_to(name)
            await person.press("space")
        await person.sees("3 marked")
        await person.press("slash", *"litellm", "enter", "ctrl+d")
        await person.sees(
            "Delete 2 secrets for good?",
            "2 of them are hidden",
            "ExternalSecret vault-hf-token manages it",
            "Enter to delete",
        )
        kubectl("annotate", "secret", "license-server", "touched=yes")
        await person.press("2", "enter")
        await person.sees("1 of 2 deleted", "litellm-config: deleted", "license-server: NOT deleted", "Back (Escape)")
    assert {"license-server", "vault-hf-token"} <= names(kubectl)


async def test_a_right_that_is_missing_is_said(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters, start=Start(context="demo-restricted")) as person:
        await person.sees("live", "restricted@example.com")
        await person.goes_to("litellm-config")
        await person.until(lambda: _knows_rights(person))
        await person.press("ctrl+d")
        await person.sees("Not allowed: needs delete on secrets in llm-serving")
        await person.goes_to("hf-token-llama")
        await person.press("ctrl+d")
        await person.sees("Delete hf-token-llama for good?", "you may not list them")
    assert "hf-token-llama" in names(kubectl)


def _knows_rights(person: Session) -> bool:
    return bool(person.app.screen_stack[0].rights.complete)  # type: ignore[attr-defined]


async def test_a_protected_context_wants_the_name_typed(kubeconfig: Path) -> None:
    clusters = KubernetesClusters(Preferences(str(kubeconfig), protected=frozenset({"demo"})))
    async with session(clusters) as person:
        await ask_to_delete(person, "litellm-config")
        await person.sees("type litellm-config and Enter to delete")


@pytest.mark.parametrize(
    "careful", [{"manner": Manner(read_only=True)}, {"read_only": frozenset({"demo"})}], ids=["flag", "context"]
)
async def test_a_read_only_session_has_no_keys_that_write_and_sends_nothing(
    kubeconfig: Path, careful: dict[str, object]
) -> None:
    clusters = KubernetesClusters(replace(Preferences(str(kubeconfig)), **careful))  # type: ignore[arg-type]
    async with session(clusters) as person:
        await person.sees("live", "read-only")
        assert "Delete" not in person.text()
        await person.press("ctrl+d", "a")
        await person.sees("Details")
    cluster = await clusters.connect()
    page = await anext(cluster.follow(Scope("llm-serving")))
    assert isinstance(page, Page)
    with pytest.raises(ReadOnly):
        await cluster.delete(page.secrets[0])
    await cluster.close()


async def test_every_write_is_recorded_without_a_key_or_a_value(kubeconfig: Path, tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "state" / "audit.log")
    clusters = KubernetesClusters(Preferences(str(kubeconfig), note=log.append))
    async with session(clusters) as person:
        await ask_to_delete(person, "litellm-config")
        await person.sees("demo@example.com")
        await person.press("y")
        await person.sees("litellm-config: deleted")
    (line,) = (tmp_path / "state" / "audit.log").read_text().splitlines()
    said = json.loads(line)
    assert (said["action"], said["name"], said["result"]) == ("delete", "litellm-config", "done")
    assert (said["user"], said["context"], said["project"]) == ("demo@example.com", "demo", "llm-serving")
    assert "master-key" not in line
    assert stat.S_IMODE((tmp_path / "state" / "audit.log").stat().st_mode) == 0o600
    assert [written.name for written in log.latest(10)] == ["litellm-config"]
