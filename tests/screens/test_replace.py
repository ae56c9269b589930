"""Replacing values: with nothing read, in one step, and never over somebody else's change unseen."""

import json
from base64 import b64decode
from typing import Any

import pytest

from tests.conftest import Kubectl
from tests.screens.driving import Session, session
from wbtui.repository import Clusters

CANARY = "canary-7f3b1c"


def stored(kubectl: Kubectl, name: str) -> Any:
    return json.loads(kubectl("get", "secret", name, "-o", "json"))


def values(kubectl: Kubectl, name: str) -> dict[str, str]:
    return {key: b64decode(value).decode() for key, value in stored(kubectl, name)["data"].items()}


async def open_form(person: Session, name: str) -> None:
    await person.sees("live")
    await person.goes_to(name)
    await person.press("e")
    await person.sees(f"New values for {name}")


async def test_one_key_is_replaced_and_who_must_restart_is_said(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("patch", "secret", "slack-webhook", "-p", '{"stringData":{"old":"x"}}')
    async with session(clusters) as person:
        await open_form(person, "slack-webhook")
        await person.press("shift+tab", "shift+tab", "2", "tab", "tab", "tab", *CANARY)
        assert CANARY not in person.text()
        await person.press("ctrl+s")
        await person.sees("kubectl rollout restart deployment/llm-gateway -n llm-serving")
    assert values(kubectl, "slack-webhook") == {"old": "x", "url": CANARY}


async def test_one_key_secrets_are_replaced_whole(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await open_form(person, "hf-token-eval")
        await person.press(*CANARY, "ctrl+s")
        await person.sees("does not look like a Hugging Face token")
        await person.press("ctrl+s")
        await person.sees("hf-token-eval has new values")
    assert values(kubectl, "hf-token-eval") == {"token": CANARY}


async def test_a_change_by_another_person_is_asked_about_and_the_form_stays(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    async with session(clusters) as person:
        await open_form(person, "wandb-api-key")
        await person.press(*CANARY)
        kubectl("annotate", "secret", "wandb-api-key", "touched=yes")
        await person.until(lambda: _is_touched(person))
        await person.press("ctrl+s")
        await person.sees("Changed meanwhile", "kubectl-annotate", "all the same?")
        await person.press("n")
        await person.sees("New values for wandb-api-key", "13 bytes")
        assert values(kubectl, "wandb-api-key")["WANDB_API_KEY"] != CANARY
        await person.press("ctrl+s")
        await person.sees("wandb-api-key has new values")
    assert values(kubectl, "wandb-api-key") == {"WANDB_API_KEY": CANARY}


def _is_touched(person: Session) -> bool:
    index = person.app.screen_stack[0].list.index  # type: ignore[attr-defined]
    return any("touched" in secret.annotations for secret in index if secret.name == "wandb-api-key")


async def test_a_secret_that_is_gone_is_said_to_be(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await open_form(person, "wandb-api-key")
        await person.press(*CANARY)
        kubectl("delete", "secret", "wandb-api-key")
        await person.press("ctrl+s")
        await person.sees("Not found", "13 bytes")


async def test_what_another_resource_manages_is_to_be_changed_there(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to("vault-hf-token")
        await person.press("e")
        await person.sees("ExternalSecret vault-hf-token manages it")


async def test_keys_that_would_go_or_be_new_are_asked_about(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await open_form(person, "s3-model-weights")
        await person.press("shift+tab", "2", "tab", *CANARY, "tab", *"other", "ctrl+s")
        await person.sees("would go: access-key, secret-key", "would be new: minio-access-key, minio-secret-key")
        assert set(values(kubectl, "s3-model-weights")) == {"access-key", "secret-key"}
        await person.press("ctrl+s")
        await person.sees("s3-model-weights has new values")


async def test_typing_value_after_value_never_types_into_a_key(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await open_form(person, "metrics-basic-auth")
        await person.press(*"first", "tab", *CANARY)
        assert CANARY not in person.text()
        assert "13 bytes" in person.text()


async def test_a_use_case_can_be_given_and_the_copy_taken_away(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("label", "secret", "wandb-api-key", "airm.silogen.ai/use-case-")
    async with session(clusters) as person:
        await person.until(lambda: "—" in person.text())
        await open_form(person, "wandb-api-key")
        await person.sees("Use case", "as it is")
        await person.press("shift+tab", "6", "shift+tab", "2", "ctrl+s")
        await person.sees("wandb-api-key has new values")
        await open_form(person, "litellm-config")
        await person.press("shift+tab", "shift+tab", "2", "ctrl+s")
        await person.sees("litellm-config has new values")
    assert stored(kubectl, "wandb-api-key")["metadata"]["labels"]["airm.silogen.ai/use-case"] == "Generic"
    annotations = stored(kubectl, "litellm-config")["metadata"]["annotations"]
    assert "kubectl.kubernetes.io/last-applied-configuration" not in annotations
    assert set(values(kubectl, "litellm-config")) == {"master-key"}


@pytest.mark.parametrize("name", ["hf-token-llama", "ghcr-pull", "s3-model-weights", "pg-evaluations", "slack-webhook"])
async def test_every_use_case_has_its_form_and_focus_is_in_the_first_value(clusters: Clusters, name: str) -> None:
    async with session(clusters) as person:
        await open_form(person, name)
        await person.press("x")
        assert person.app.screen._content.touched  # type: ignore[attr-defined]  # noqa: SLF001
