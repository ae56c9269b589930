"""Deleting: what it would hit is said beforehand, and nothing else is hit."""

import asyncio
import json
import re
import stat
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from textual import events

from tests.conftest import Kubectl
from tests.proxy import Exchange, Fault, Gate, Proxy, answer, cut_after, drop, forward, hang
from tests.refusals import arrive_and_fail, status
from tests.screens.driving import Session, session
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.cluster.connection import RequestOptions
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.projects import Scope, StartLocation
from wbtui.errors import ReadOnly
from wbtui.news import Page
from wbtui.repository import Clusters
from wbtui.storage.audit import AuditLog


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
        await person.sees("Delete litellm-config for good?", "Project llm-serving, cluster demo", "No users found")
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
        await person.sees("cannot be deleted here: ExternalSecret vault-hf-token manages it", "Close (Escape)")
        await person.press("y", "enter")
        await person.loses("cannot be deleted here")
    assert "vault-hf-token" in names(kubectl)


async def test_what_someone_changed_meanwhile_is_not_deleted(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await ask_to_delete(person, "litellm-config")
        kubectl("label", "secret", "litellm-config", "touched=yes")
        await person.press("y")
        await person.sees("NOT deleted, changed by another user", "kubectl-label")
    assert "litellm-config" in names(kubectl)


async def test_a_new_secret_of_the_same_name_is_not_deleted(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await ask_to_delete(person, "litellm-config")
        kubectl("delete", "secret", "litellm-config")
        kubectl("create", "secret", "generic", "litellm-config", "--from-literal=a=b")
        await person.press("y")
        await person.sees("NOT deleted, changed by another user")
    assert "litellm-config" in names(kubectl)


async def test_a_finalizer_holds_the_secret_and_is_named(kubeconfig: Path, kubectl: Kubectl, tmp_path: Path) -> None:
    kubectl("patch", "secret", "litellm-config", "-p", '{"metadata":{"finalizers":["example.com/hold"]}}')
    log = AuditLog(tmp_path / "audit.log")
    async with session(KubernetesClusters(Preferences(str(kubeconfig), note=log.append))) as person:
        await ask_to_delete(person, "litellm-config")
        await person.sees("will stay until example.com/hold is removed")
        await person.press("y")
        await person.sees("litellm-config: terminating: it waits for example.com/hold")
    assert "litellm-config" in names(kubectl)
    assert [one.result for one in log.latest(9).records] == ["being deleted, waits for example.com/hold"]


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
        await person.sees("1 of 2 deleted", "litellm-config: deleted", "license-server: NOT deleted", "Close (Escape)")
    assert {"license-server", "vault-hf-token"} <= names(kubectl)


async def test_a_right_that_is_missing_is_said(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters, start=StartLocation(context="demo-restricted")) as person:
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
    return bool(person.app.screen_stack[0].session.rights.complete)  # type: ignore[attr-defined]


async def test_a_protected_context_wants_the_name_typed(kubeconfig: Path) -> None:
    clusters = KubernetesClusters(Preferences(str(kubeconfig), protected=frozenset({"demo"})))
    async with session(clusters) as person:
        await ask_to_delete(person, "litellm-config")
        await person.sees("type litellm-config and Enter to delete")


@pytest.mark.parametrize(
    "careful",
    [{"options": RequestOptions(read_only=True)}, {"read_only": frozenset({"demo"})}],
    ids=["flag", "context"],
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
        await cluster.delete(page.items[0])
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
    assert [written.name for written in log.latest(10).records] == ["litellm-config"]


def deleted(proxy: Proxy) -> list[str]:
    """Return the names of what was sent to be deleted."""
    return [request.path.rpartition("/")[2] for request in proxy.requests if request.method == "DELETE"]


@pytest.mark.parametrize("fault", [cut_after(1), arrive_and_fail], ids=["cut", "gateway"])
async def test_a_lost_answer_is_looked_for_and_nothing_sent_twice(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl, fault: Fault
) -> None:
    async with session(proxied) as person:
        await ask_to_delete(person, "litellm-config")
        proxy.next(fault)
        await person.press("y")
        await person.sees("litellm-config: deleted", "1 of 1 deleted")
        assert deleted(proxy) == ["litellm-config"]
    assert "litellm-config" not in names(kubectl)


async def test_what_did_not_arrive_is_said_to_be_not_known(proxy: Proxy, proxied: Clusters, kubectl: Kubectl) -> None:
    async with session(proxied) as person:
        await ask_to_delete(person, "litellm-config")
        proxy.next(drop)
        await person.press("y")
        await person.reads("litellm-config: not known whether it was deleted", "may still be deleted", "0 of 1 deleted")
        assert deleted(proxy) == ["litellm-config"]
    assert "litellm-config" in names(kubectl)


async def test_what_cannot_be_known_is_said(proxy: Proxy, proxied: Clusters) -> None:
    async with session(proxied) as person:
        await ask_to_delete(person, "litellm-config")
        proxy.next(cut_after(1), drop, drop)
        await person.press("y")
        await person.reads("not known whether it was deleted", "cannot be seen whether litellm-config was deleted")
        assert deleted(proxy) == ["litellm-config"]


def own(kubectl: Kubectl, name: str) -> None:
    owner = {"apiVersion": "v1", "kind": "ConfigMap", "name": "boss", "uid": "1"}
    kubectl("patch", "secret", name, "-p", json.dumps({"metadata": {"ownerReferences": [owner]}}))


def recreate(kubectl: Kubectl, name: str) -> None:
    kubectl("delete", "secret", name)
    kubectl("create", "secret", "generic", name, "--from-literal=a=b")


@pytest.mark.parametrize(
    ("meanwhile", "words", "there"),
    [
        (own, "ConfigMap boss manages it now", True),
        (recreate, "another one of the same name was created by kubectl-create at", True),
        (lambda kubectl, name: kubectl("patch", "secret", name, "-p", '{"immutable":true}'), "immutable now", True),
        (lambda kubectl, name: kubectl("delete", "secret", name), "already deleted", False),
        (lambda kubectl, name: kubectl("patch", "secret", name, "-p", '{"data":{"n":""}}'), "new keys n", True),
    ],
    ids=["owned", "anew", "immutable", "gone", "keys"],
)
async def test_what_became_of_it_while_one_was_asked_is_said_and_nothing_else_deleted(
    clusters: Clusters, kubectl: Kubectl, meanwhile: Callable[[Kubectl, str], object], words: str, *, there: bool
) -> None:
    async with session(clusters) as person:
        await ask_to_delete(person, "litellm-config")
        meanwhile(kubectl, "litellm-config")
        await person.press("y")
        await person.reads(words, "0 of 1 deleted")
    assert ("litellm-config" in names(kubectl)) is there


async def mark(person: Session, *marked: str) -> None:
    """Mark secrets, and ask to delete them."""
    await person.sees("live")
    for name in marked:
        await person.goes_to(name)
        await person.press("space")
    await person.press("ctrl+d")
    await person.sees("Enter to delete")


async def test_what_was_marked_and_is_another_now_is_named_and_not_deleted(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with session(proxied) as person:
        await person.sees("live")
        await person.goes_to("litellm-config")
        await person.press("space")
        await person.sees("1 marked")
        recreate(kubectl, "litellm-config")
        await person.loses("1 marked")
        await person.press("ctrl+d")
        await person.reads("litellm-config was deleted after it was marked", "Close (Escape)")
        await person.press("y", "enter")
        await person.loses("after it was marked")
        await person.press("ctrl+d")
        await person.sees("for good?")
        assert deleted(proxy) == []
    assert "litellm-config" in names(kubectl)


async def test_many_in_a_protected_context_want_the_context_typed_too(kubeconfig: Path, kubectl: Kubectl) -> None:
    clusters = KubernetesClusters(Preferences(str(kubeconfig), protected=frozenset({"demo"})))
    async with session(clusters, size=(120, 60)) as person:
        await mark(person, "litellm-config", "license-server")
        await person.sees("type 2 demo and Enter to delete")
        await person.press("2", "enter")
        assert "litellm-config" in names(kubectl)
        await person.type(" demo")
        await person.press("enter")
        await person.sees("2 of 2 deleted")
        person.app.post_message(events.Key("ctrl+c", "\x03"))  # nothing is left to stop
        await person.until(lambda: not person.app.is_running)


@pytest.mark.parametrize("typed", ["y", "/yaml"], ids=["confirmed", "filter"])
async def test_a_key_that_was_typed_before_the_answer_was_shown_deletes_nothing(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl, typed: str
) -> None:
    gate = Gate()
    async with session(proxied) as person:
        await person.sees("live")
        await person.goes_to("litellm-config")
        proxy.default = gate
        await person.press("ctrl+d")
        await person.sees("Delete litellm-config for good?", "Searching for uses")
        await person.type(typed)
        gate.open()
        await person.type(typed * 3)
        await person.sees("for good (y)")
        await person.type(typed)
        await person.press("down")
        assert deleted(proxy) == []
        await person.press("y")
        await person.sees("1 of 1 deleted")
    assert "litellm-config" not in names(kubectl)


async def lose_answers(exchange: Exchange) -> None:
    """Give no answer, but let a delete happen."""
    exchange.writer.transport.abort()
    if exchange.request.method == "DELETE":
        await forward(exchange)


async def test_what_was_not_known_and_waits_for_a_finalizer_is_found_terminating(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    kubectl("patch", "secret", "litellm-config", "-p", '{"metadata":{"finalizers":["example.com/hold"]}}')
    async with session(proxied) as person:
        await ask_to_delete(person, "litellm-config")
        await person.sees("for good (y)")
        proxy.default = lose_answers
        await person.press("y")
        await person.reads("not known whether it was deleted")
        proxy.default = forward
        await person.reads("litellm-config: terminating: it waits for example.com/hold")


async def test_what_was_not_known_is_looked_for_until_it_is(proxy: Proxy, proxied: Clusters, kubectl: Kubectl) -> None:
    async with session(proxied, size=(120, 60)) as person:
        person.app.set_keymap({"delete.look": "f5"})
        await mark(person, *MANY)
        proxy.default = lose_answers
        await person.press("6", "enter")
        await person.reads("not known whether it was deleted", "Press f5 to check again", "Close (Escape)")
        assert len(deleted(proxy)) == len(set(deleted(proxy)))
        proxy.default = forward
        await person.loses("not known whether it was deleted: ")
        await person.press("escape")
        gone = set(deleted(proxy))
        await person.until(lambda: not gone & set(person.names()))
    assert set(MANY) & names(kubectl) == set(MANY) - gone


MANY = ("docker-hub-pull", "gateway-api-keys", "hf-legacy", "hf-token-eval", "license-server", "litellm-config")


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
async def test_a_key_stops_after_those_under_way_and_it_is_said_what_is_left(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl, key: str
) -> None:
    gate = Gate()
    async with session(proxied, size=(120, 60)) as person:
        await mark(person, *MANY)
        proxy.next(*[gate] * 4)
        await person.press("6", "enter")
        await person.until(lambda: len(deleted(proxy)) == 4)
        await person.sees("0 of 6 deleted", "esc stops after those in progress.", "esc Stop")
        await person.press(key)
        await person.sees("Stopping after those in progress.")
        gate.open()
        await person.sees("4 of 6 deleted, 2 not tried", "litellm-config: not tried, stopped by you", "Close (Escape)")
        assert sorted(deleted(proxy)) == sorted(MANY[:4])
    assert set(MANY) & names(kubectl) == set(MANY[4:])


async def test_what_is_in_progress_and_what_failed_stands_above_what_is_deleted(
    proxy: Proxy, proxied: Clusters
) -> None:
    gate = Gate()
    async with session(proxied, size=(120, 60)) as person:
        await mark(person, *MANY)
        for name in MANY[2:4]:
            proxy.once(f"/secrets/{name}", gate if name == MANY[2] else answer(403, status(403, "no")))
        await person.press("6", "enter")
        await person.sees("4 of 6 deleted, 1 NOT deleted")
        inside = [line.split("│")[1].strip() for line in person.lines() if line.count("│") > 1]
        lines = [line.partition(":")[0] for line in inside if ": " in line]
        assert lines[:2] == [MANY[3], MANY[2]]
        assert sorted(lines[2:]) == sorted((*MANY[:2], *MANY[4:]))
        gate.open()
        await person.sees("5 of 6 deleted", "Close (Escape)")


async def test_how_far_the_search_for_uses_is_is_said_while_it_is_waited_for(proxy: Proxy, proxied: Clusters) -> None:
    gate = Gate()
    async with session(proxied) as person:
        await person.sees("live")
        await person.goes_to("license-server")
        proxy.once("/cronjobs", gate)
        await person.press("ctrl+d")
        done_and_all = re.compile(r"Searching for uses: (\d+) of (\d+) kinds …")
        await person.until(
            lambda: bool((found := done_and_all.search(person.text())) and int(found[1]) + 1 == int(found[2]))
        )
        gate.open()
        await person.sees("Searched: ")


async def test_ctrl_c_once_more_leaves_while_deletes_are_in_progress(proxy: Proxy, proxied: Clusters) -> None:
    async with session(proxied, size=(120, 60)) as person:
        await mark(person, *MANY[:2])
        proxy.next(hang, hang)
        await person.press("2", "enter")
        await person.until(lambda: len(deleted(proxy)) == 2)
        await person.press("ctrl+c")
        await person.sees("Stopping after those in progress.")
        person.app.post_message(events.Key("ctrl+c", "\x03"))
        await person.until(lambda: not person.app.is_running)


@pytest.mark.parametrize(
    ("fault", "words"),
    [(drop, "no answer came"), (answer(401, status(401, "no")), "not logged in")],
    ids=["cut", "login"],
)
async def test_trouble_in_the_middle_stops_the_rest(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl, fault: Fault, words: str
) -> None:
    reached = asyncio.Event()

    async def wait(exchange: Exchange) -> None:
        await reached.wait()
        await forward(exchange)

    async def fail(exchange: Exchange) -> None:
        await fault(exchange)

    async with session(proxied, size=(120, 60)) as person:
        await mark(person, *MANY)
        proxy.next(wait, wait, wait, fail, fail)
        await person.press("6", "enter")
        await person.until(lambda: "NOT deleted" in person.text() or "not known" in person.text())
        reached.set()
        await person.reads("3 of 6 deleted", "2 not tried", f"not tried, stopped: {words}", "Close (Escape)")
        assert set(deleted(proxy)) == set(MANY[:4])
    assert set(MANY) & names(kubectl) == set(MANY[3:])


async def test_nothing_is_deleted_as_another_user_than_the_one_who_agreed(
    proxy: Proxy, cluster: BackgroundCluster, kubectl: Kubectl, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text("demo-token")
    said = json.loads(json.dumps(cluster.kubeconfig()).replace(cluster.url, proxy.url))
    for entry in said["users"]:
        entry["user"] = {"tokenFile": str(token)}
    path = tmp_path / "by-token-file"
    path.write_text(json.dumps(said))
    shown = asyncio.Event()

    async def renew(exchange: Exchange) -> None:
        token.write_text("demo-restricted-token")
        await answer(401)(exchange)

    async def wait(exchange: Exchange) -> None:
        await shown.wait()
        await forward(exchange)

    async def wait_and_refuse(exchange: Exchange) -> None:
        await shown.wait()
        await answer(401)(exchange)

    async with session(KubernetesClusters(Preferences(str(path))), size=(120, 60)) as person:
        await mark(person, *MANY)
        proxy.next(renew, wait, wait, wait_and_refuse)
        await person.press("6", "enter")
        await person.reads("NOT deleted, another user: the credentials are those of restricted@example.com")
        await person.until(lambda: person.line("restricted@example.com  ") == person.lines()[0])
        shown.set()
        await person.reads("2 of 6 deleted", "not tried, stopped: another user", "Close (Escape)")
    bearers = {request.headers["authorization"] for request in proxy.requests if request.method == "DELETE"}
    assert bearers == {"Bearer demo-token"}
    assert len(set(MANY) & names(kubectl)) == 4


async def test_a_right_withdrawn_in_the_middle_is_told_of_each(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with session(proxied, size=(120, 60)) as person:
        await mark(person, *MANY)
        proxy.next(forward, forward, *[answer(403, status(403, "you may not"))] * 4)
        await person.press("6", "enter")
        await person.reads("2 of 6 deleted", "litellm-config: NOT deleted, forbidden: you may not", "Close (Escape)")
        assert sorted(deleted(proxy)) == sorted(MANY)
    assert set(MANY) & names(kubectl) == set(MANY[2:])


async def test_each_of_several_is_asked_about_where_the_rules_do_not_tell(proxy: Proxy, proxied: Clusters) -> None:
    asked: list[str] = []

    async def allow_the_first(exchange: Exchange) -> None:
        if "selfsubjectrulesreviews" in exchange.request.path:
            await answer(201, b'{"status": {"resourceRules": [], "incomplete": true}}')(exchange)
        elif "selfsubjectaccess" in exchange.request.path:
            asked.append(json.loads(exchange.request.body)["spec"]["resourceAttributes"]["name"])
            await answer(201, json.dumps({"status": {"allowed": asked[-1] == MANY[0]}}).encode())(exchange)
        else:
            await forward(exchange)

    proxy.default = allow_the_first
    async with session(proxied, size=(120, 60)) as person:
        await mark(person, *MANY[:3])
        await person.reads(*(f"{name} cannot be deleted by you" for name in MANY[1:3]))
        assert f"{MANY[0]} cannot" not in person.said()
        assert sorted(asked) == sorted(MANY[:3])


async def test_what_is_terminating_is_shown_with_its_finalizer_and_deleted_no_further(
    proxy: Proxy, proxied: Clusters
) -> None:
    async with session(proxied) as person:
        await person.sees("live")
        await person.goes_to("old-inference-key")
        await person.press("ctrl+d")
        await person.reads(
            "old-inference-key is being deleted, since 2026", "waits for airm.silogen.ai/secret-finalizer"
        )
        await person.press("y", "enter")
        await person.loses("is being deleted")
        assert deleted(proxy) == []
        await person.press("enter")
        await person.sees("deleting since", "ago)", "finalizers")
