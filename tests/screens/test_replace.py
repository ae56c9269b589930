"""Replacing values: with nothing read, in one step, and never over somebody else's change unseen."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Kubectl
from tests.proxy import Exchange, Fault, Proxy, answer, cut_after, drop, forward, hang
from tests.refusals import status
from tests.screens.driving import Session, session
from tests.screens.forms import (
    enter,
    take_file,
)
from tests.screens.replacing import CANARY, open_form
from tests.stored import stored, values
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.cluster.connection import RequestOptions
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.projects import StartLocation
from wbtui.domain.secret_types import OPAQUE
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.repository import Clusters
from wbtui.widgets.field_row import FieldRow


async def test_one_key_is_replaced_and_who_must_restart_is_said(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("patch", "secret", "slack-webhook", "-p", '{"stringData":{"old":"x"}}')
    async with session(clusters) as person:
        await open_form(person, "slack-webhook")
        await person.press(*["shift+tab"] * 3, "2", *["tab"] * 4, *CANARY)
        assert CANARY not in person.text()
        await person.press("ctrl+s")
        await person.sees("1 workload sees the new values")
        await person.type("/slack")
        await person.sees("1 of 27")
        await person.press("enter", "u")
        await person.sees("r Restart")
        await person.press("r")
        await person.sees("kubectl rollout restart deployment/llm-gateway -n llm-serving")
    assert values(kubectl, "slack-webhook") == {"old": "x", "url": CANARY}


PARTS = {"username": "app", "password": "old", "host": "db", "port": "5433", "dbname": "shop"}


def make(kubectl: Kubectl, name: str, use_case: str, data: dict[str, str]) -> None:
    """Create a secret as another tool does."""
    literals = [f"--from-literal={key}={value}" for key, value in data.items()]
    kubectl("create", "secret", "generic", name, *literals)
    kubectl("label", "secret", name, f"airm.silogen.ai/use-case={use_case}")


async def go_to_value(person: Session, name: str) -> None:
    """Give the focus to the value of a field."""
    (row,) = (row for row in person.app.screen.query(FieldRow) if row.field.name == name)
    row.value.focus()
    await person.until(lambda: row.value.has_focus)


@pytest.mark.parametrize("uri", ["", "postgresql://app:old@db:5433/shop"], ids=["parts", "parts and uri"])
async def test_the_password_of_a_database_is_changed_alone(clusters: Clusters, kubectl: Kubectl, uri: str) -> None:
    data = {**PARTS, **({"uri": uri} if uri else {})}
    make(kubectl, "parts", "Database", data)
    async with session(clusters) as person:
        await open_form(person, "parts")
        await choose_some(person)
        await go_to_value(person, "password")
        await person.press(*"n@w", "ctrl+s")
        if uri:
            await person.reads("uri does not change, because it is made of all parts")
            await person.press("ctrl+s")
        await person.sees("parts has new values")
    assert values(kubectl, "parts") == {**data, "password": "n@w"}
    assert stored(kubectl, "parts")["metadata"]["labels"] == {"airm.silogen.ai/use-case": "Database"}


async def choose_some(person: Session) -> None:
    """Choose to replace only the keys that are entered."""
    extent = person.app.screen.query_one("#extent")
    extent.focus()
    await person.until(lambda: extent.has_focus)
    await person.press("2")
    await person.sees("[2 only the keys entered]")


async def test_a_token_is_judged_as_one_whatever_its_key_is(
    clusters: Clusters, kubectl: Kubectl, tmp_path: Path
) -> None:
    make(kubectl, "odd-key", "HuggingFace", {"HF_TOKEN": "old"})
    token = "hf_" + "Ab3" * 8
    (tmp_path / "token").write_text(f"{token}\n")
    async with session(clusters) as person:
        await open_form(person, "odd-key")
        await take_file(person, tmp_path / "token")
        await person.sees("It ends with a line end — ctrl+t corrects it.")
        await person.press("ctrl+s")
        await person.reads("Not saved yet: Token: it ends with a line end")
        await person.press("ctrl+t")
        await person.loses("ctrl+t corrects it")
        await person.press("ctrl+s")
        await person.sees("odd-key has new values")
    assert values(kubectl, "odd-key") == {"HF_TOKEN": token}


async def test_logins_of_other_registries_are_said_to_go(clusters: Clusters, kubectl: Kubectl) -> None:
    before = stored(kubectl, "ghcr-pull")["data"]
    async with session(clusters) as person:
        await open_form(person, "ghcr-pull")
        await enter(person, "ghcr.io", "tab", "robot", "tab", "p")
        await person.press("ctrl+s")
        await person.reads("logins of registries that are not entered here are deleted")
        assert stored(kubectl, "ghcr-pull")["data"] == before
        await person.press("ctrl+s")
        await person.sees("ghcr-pull has new values")


async def test_an_empty_file_is_a_value_of_a_row(clusters: Clusters, kubectl: Kubectl, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    async with session(clusters) as person:
        await open_form(person, "wandb-api-key")
        await take_file(person, tmp_path / "empty")
        await person.sees("from empty, 0 bytes", "It is empty.")
        await person.press("ctrl+s")
        await person.reads("Not saved yet: Value: it is empty")
        await person.press("ctrl+s")
        await person.sees("wandb-api-key has new values")
    assert values(kubectl, "wandb-api-key") == {"WANDB_API_KEY": ""}


async def test_some_keys_of_what_becomes_immutable_are_not_replaced(clusters: Clusters, kubectl: Kubectl) -> None:
    before = values(kubectl, "wandb-api-key")
    async with session(clusters) as person:
        await open_form(person, "wandb-api-key")
        await choose_some(person)
        await go_to_value(person, "value")
        await person.press(*CANARY)
        kubectl("patch", "secret", "wandb-api-key", "-p", '{"immutable":true}')
        await person.press("ctrl+s")
        await person.reads("it is immutable now", "which needs all keys", "13 bytes")
    assert values(kubectl, "wandb-api-key") == before


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
        for _ in range(2):
            await person.reads("Changed by another user", "kubectl-annotate", "Replace the values anyway?")
            await person.press("n")
            await person.loses("anyway?")
            await person.sees("New values for wandb-api-key", "13 bytes")
            assert values(kubectl, "wandb-api-key")["WANDB_API_KEY"] != CANARY
            await person.press("ctrl+s")
        await person.reads("Replace the values anyway?")
        await person.press("down", "enter")
        await person.sees("wandb-api-key has new values")
    assert values(kubectl, "wandb-api-key") == {"WANDB_API_KEY": CANARY}


def _is_touched(person: Session) -> bool:
    index = person.app.screen_stack[0].list.index  # type: ignore[attr-defined]
    return any("touched" in secret.annotations for secret in index if secret.name == "wandb-api-key")


async def test_a_conflict_without_a_change_is_told_and_nothing_asked(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with session(proxied) as person:
        await open_form(person, "wandb-api-key")
        await person.press(*CANARY)
        proxy.next(answer(409, status(409, "try again later")))
        await person.press("ctrl+s")
        await person.reads("try again later", "13 bytes")
        assert "anyway?" not in person.text()
    assert values(kubectl, "wandb-api-key")["WANDB_API_KEY"] != CANARY


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
        await person.press("shift+tab", "shift+tab", "2", "tab", *CANARY, "tab", *"other", "ctrl+s")
        await person.sees("removed: access-key, secret-key", "added: minio-access-key, minio-secret-key")
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
        await person.press("shift+tab", "shift+tab", "6", "shift+tab", "2", "ctrl+s")
        await person.reads("Not saved yet: Labels: label airm.silogen.ai/use-case=Generic is added")
        await person.press("ctrl+s")
        await person.sees("wandb-api-key has new values")
        await open_form(person, "litellm-config")
        await person.press("shift+tab", "shift+tab", "shift+tab", "2", "ctrl+s")
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
        assert person.app.screen._form.touched  # type: ignore[attr-defined]  # noqa: SLF001


async def test_a_secret_made_anew_under_the_same_name_is_left_alone(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await open_form(person, "wandb-api-key")
        await person.press(*CANARY)
        kubectl("delete", "secret", "wandb-api-key")
        kubectl("create", "secret", "generic", "wandb-api-key", "--from-literal=WANDB_API_KEY=theirs")
        for _ in range(2):
            await person.press("ctrl+s")
            await person.reads(
                "another one of the same name was created by kubectl-create", "Nothing was changed", "13 bytes"
            )
    assert values(kubectl, "wandb-api-key") == {"WANDB_API_KEY": "theirs"}


async def test_a_secret_that_becomes_managed_is_left_alone(clusters: Clusters, kubectl: Kubectl) -> None:
    owner = {"apiVersion": "v1", "kind": "ConfigMap", "name": "boss", "uid": "1"}
    before = values(kubectl, "wandb-api-key")
    async with session(clusters) as person:
        await open_form(person, "wandb-api-key")
        await person.press(*CANARY)
        patch = json.dumps({"metadata": {"ownerReferences": [owner]}})
        kubectl("patch", "secret", "wandb-api-key", "-p", patch)
        await person.press("ctrl+s")
        await person.reads("ConfigMap boss manages it now", "Nothing was changed", "13 bytes")
    assert values(kubectl, "wandb-api-key") == before


async def test_a_secret_that_becomes_immutable_goes_the_way_of_those(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await open_form(person, "wandb-api-key")
        await person.press(*CANARY)
        kubectl("patch", "secret", "wandb-api-key", "-p", '{"immutable":true}')
        await person.press("ctrl+s")
        await person.reads("Changed by another user", "it is immutable now")
        await person.press("down", "enter")
        await person.sees("Recreate the secret wandb-api-key?")
        await person.press("down", "enter")
        await person.sees("wandb-api-key has new values")
    assert values(kubectl, "wandb-api-key") == {"WANDB_API_KEY": CANARY}
    assert stored(kubectl, "wandb-api-key")["immutable"] is True


@pytest.mark.parametrize(
    ("breaks", "mends", "words"),
    [
        (lambda cluster, _: cluster.revoke("demo"), lambda cluster: cluster.restore("demo"), "Not logged in"),
        (lambda cluster, _: cluster.stop(), lambda cluster: cluster.start(), "No connection"),
        (
            lambda cluster, _: setattr(cluster, "webhook_down", True),
            lambda cluster: setattr(cluster, "webhook_down", False),
            "Refused by a webhook",
        ),
    ],
    ids=["login", "server", "webhook"],
)
async def test_a_refusal_leaves_the_form_filled_until_its_cause_is_gone(
    cluster: BackgroundCluster,
    clusters: Clusters,
    kubectl: Kubectl,
    breaks: Callable[[BackgroundCluster, Kubectl], object],
    mends: Callable[[BackgroundCluster], object],
    words: str,
) -> None:
    async with session(clusters) as person:
        await open_form(person, "wandb-api-key")
        await person.press(*CANARY)
        breaks(cluster, kubectl)
        await person.press("ctrl+s")
        await person.sees(words, "13 bytes")
        mends(cluster)
        await person.press("ctrl+s")
        await person.sees("wandb-api-key has new values")


def patches(proxy: Proxy) -> int:
    return sum(request.method == "PATCH" for request in proxy.requests)


@pytest.mark.parametrize("fault", [drop, answer(503, b"no backend"), hang], ids=["drop", "gateway", "silence"])
async def test_what_did_not_arrive_is_said_to_be_not_known(
    cluster: BackgroundCluster, proxy: Proxy, kubectl: Kubectl, tmp_path: Path, fault: Fault
) -> None:
    path = tmp_path / "proxied"
    path.write_text(json.dumps(cluster.kubeconfig()).replace(cluster.url, proxy.url))
    async with session(KubernetesClusters(Preferences(str(path), options=RequestOptions(timeout=2)))) as person:
        await open_form(person, "wandb-api-key")
        await person.press(*CANARY)
        proxy.next(fault)
        await person.press("ctrl+s")
        await person.reads("the values are not replaced so far, but may still be", "13 bytes")
        assert patches(proxy) == 1
        await person.press("ctrl+s")
        await person.sees("wandb-api-key has new values")
    assert values(kubectl, "wandb-api-key") == {"WANDB_API_KEY": CANARY}


async def test_a_lost_answer_is_said_and_nothing_is_sent_again_unasked(proxy: Proxy, proxied: Clusters) -> None:
    async with session(proxied) as person:
        await open_form(person, "wandb-api-key")
        await person.press(*CANARY)
        proxy.next(cut_after(1))
        await person.press("ctrl+s")
        await person.sees("Not known whether it was done", "13 bytes")
        assert patches(proxy) == 1
        await person.press("ctrl+s")
        await person.reads("Changed by another user", "changed by wbtui at")
        await person.press("n")
        await person.sees("13 bytes")
        assert patches(proxy) == 2
        assert proxy.requests[-2].method == "PATCH"


async def test_a_conflict_where_nothing_has_changed_is_no_question(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with session(proxied) as person:
        await open_form(person, "wandb-api-key")
        await person.press(*CANARY)
        proxy.next(answer(409, status(409, "a webhook is busy")))
        await person.press("ctrl+s")
        await person.reads("a webhook is busy", "13 bytes")
        assert patches(proxy) == 1
        await person.press("ctrl+s")
        await person.sees("wandb-api-key has new values")
    assert values(kubectl, "wandb-api-key") == {"WANDB_API_KEY": CANARY}


@pytest.mark.parametrize("key", ["e", "ctrl+d"])
async def test_what_the_rules_do_not_tell_is_asked_with_the_name(proxy: Proxy, proxied: Clusters, key: str) -> None:
    verb = {"e": "patch", "ctrl+d": "delete"}[key]
    proxy.default = incomplete
    async with session(proxied, start=StartLocation(context="demo-restricted")) as person:
        await person.sees("live", "restricted@example.com")
        await person.until(lambda: any("selfsubjectrules" in request.path for request in proxy.requests))
        await person.goes_to("litellm-config")
        await person.press(key)
        await person.sees(f"Not allowed: needs {verb} on secrets in llm-serving")
        asked = [json.loads(request.body) for request in proxy.requests if "selfsubjectaccess" in request.path]
        assert [review["spec"]["resourceAttributes"]["name"] for review in asked] == ["litellm-config"]
        if key == "ctrl+d":
            await person.press("escape")
            await person.goes_to("hf-token-llama")
            await person.press(key)
            await person.sees("Delete hf-token-llama for good?")


async def test_what_is_typed_behind_the_key_is_in_the_form_before_any_right_is_known(
    proxy: Proxy, proxied: Clusters
) -> None:
    proxy.next(*[slow_with_rights] * 30)
    async with session(proxied) as person:
        await person.sees("live")
        await person.goes_to("hf-token-eval")
        await person.type("ehf_typed")
        await person.sees("New values for hf-token-eval", "8 bytes")


@pytest.mark.parametrize(("key", "opened"), [("e", "New values for litellm"), ("ctrl+d", "Delete litellm-config for")])
async def test_a_right_that_cannot_be_asked_for_is_left_to_the_cluster(
    proxy: Proxy, proxied: Clusters, key: str, opened: str
) -> None:
    proxy.default = silent_of_rights
    async with session(proxied, start=StartLocation(context="demo-restricted")) as person:
        await person.sees("live", "restricted@example.com")
        await person.until(lambda: any("selfsubjectrules" in request.path for request in proxy.requests))
        await person.goes_to("litellm-config")
        await person.press(key)
        await person.sees(opened)


async def test_a_right_that_turns_out_to_be_there_answers_no_question(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    told = asyncio.Event()

    async def tell_late(exchange: Exchange) -> None:
        await told.wait()
        await forward(exchange)

    proxy.default = incomplete
    proxy.once("/selfsubjectaccessreviews", tell_late)
    async with session(proxied) as person:
        await open_form(person, "hf-token-eval")
        await person.press(*CANARY, "ctrl+s")
        await person.reads("Press ctrl+s again to save anyway")
        answers = [worker for worker in person.app.workers if worker.group == "answer"]
        told.set()
        await person.until(lambda: bool(answers) and all(worker.is_finished for worker in answers))
        await person.press("ctrl+s")
        await person.sees("hf-token-eval has new values")
    assert values(kubectl, "hf-token-eval") == {"token": CANARY}


async def incomplete(exchange: Exchange) -> None:
    """Say of the rules that they are not all; pass everything else on."""
    said = json.dumps({"status": {"resourceRules": [], "incomplete": True}}).encode()
    asked = "selfsubjectrulesreviews" in exchange.request.path
    await (answer(201, said) if asked else forward)(exchange)


async def silent_of_rights(exchange: Exchange) -> None:
    """Tell nothing of rights; pass everything else on."""
    await (answer(500, b"{}") if "/authorization.k8s.io/" in exchange.request.path else forward)(exchange)


async def slow_with_rights(exchange: Exchange) -> None:
    """Answer no question about rights; pass everything else on."""
    await (hang if "/authorization.k8s.io/" in exchange.request.path else forward)(exchange)


async def test_what_is_being_deleted_gets_no_new_values(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("patch", "secret", "wandb-api-key", "-p", '{"metadata":{"finalizers":["example.com/hold"]}}')
    kubectl("delete", "secret", "wandb-api-key", "--wait=false")
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to("wandb-api-key")
        await person.press("e")
        await person.sees("Not allowed: it is being deleted")
        await person.press("ctrl+d")
        await person.sees("wandb-api-key is being deleted, since", "waits for example.com/hold", "Close (Escape)")


async def test_the_values_of_one_use_case_stay_while_another_is_looked_at(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await open_form(person, "hf-token-eval")
        await person.press(*"hf_", *CANARY, "shift+tab", "3")
        await person.sees("Access key", "For workloads that read and write buckets")
        await person.press("2")
        await person.loses("Access key")
        await person.press("1")
        await person.sees("16 bytes")
        await person.press("ctrl+s")
        await person.reads("Press ctrl+s again to save anyway")
        await person.press("ctrl+s")
        await person.sees("hf-token-eval has new values")
    assert values(kubectl, "hf-token-eval") == {"token": f"hf_{CANARY}"}


@pytest.mark.parametrize("digit", range(1, len(USE_CASES) + 2))
@pytest.mark.parametrize("extent", ["1", "2"], ids=["all", "some"])
async def test_what_is_missing_is_said_in_every_form(proxy: Proxy, proxied: Clusters, digit: int, extent: str) -> None:
    async with session(proxied) as person:
        await open_form(person, "hf-token-eval")
        await person.press("shift+tab", f"{digit}", "shift+tab", extent, "ctrl+s")
        if extent == "1":
            await person.sees("Not saved:", "equired")
        elif digit == 1:
            await person.sees("Not saved: Values: nothing was entered")
        elif USE_CASES[digit - 2].type != OPAQUE:
            await person.reads("its type would change", "which needs all keys")
        elif digit == 2:  # what it is
            await person.sees("hf-token-eval has new values")
        else:
            await person.reads("Labels: label airm.silogen.ai/use-case changes from HuggingFace to")
        assert patches(proxy) == int(extent == "2" and digit == 2)
