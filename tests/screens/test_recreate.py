"""What cannot be changed is recreated: agreed to before, never done twice, and never lost unsaid."""

import asyncio
import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Kubectl
from tests.proxy import Exchange, Fault, Proxy, answer, cut_after, drop, forward
from tests.refusals import arrive_and_fail, delete_project, status
from tests.screens.driving import Session, session
from tests.screens.replacing import CANARY, license_of, open_form, sent
from tests.stored import stored, values
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.demo.background import BackgroundCluster
from wbtui.repository import Clusters
from wbtui.storage.audit import AuditLog


class Nowhere:
    """A way back that nobody listens to."""

    def write(self, _: bytes) -> None:
        """Drop it."""

    async def drain(self) -> None:
        """Wait for nothing."""

    def can_write_eof(self) -> bool:
        """Tell that there is no end to write."""
        return False


QUESTION = "Recreate the secret license-server?"


@asynccontextmanager
async def asked(clusters: Clusters) -> AsyncIterator[Session]:
    """Enter a new value for an immutable secret, save, and be asked."""
    async with session(clusters) as person:
        await open_form(person, "license-server")
        await person.press(*CANARY, "ctrl+s")
        await person.reads(QUESTION)
        yield person


async def test_an_immutable_secret_is_made_anew_with_all_that_it_was(
    kubeconfig: Path, kubectl: Kubectl, tmp_path: Path
) -> None:
    long = "x" * 5000
    kubectl(
        "annotate", "secret", "license-server", f"long={long}", "kubectl.kubernetes.io/last-applied-configuration={}"
    )
    kubectl("label", "secret", "license-server", "team=a", "airm.silogen.ai/secret-scope=project")
    before = stored(kubectl, "license-server")
    log = AuditLog(tmp_path / "audit.log")
    async with asked(KubernetesClusters(Preferences(str(kubeconfig), note=log.append))) as person:
        await person.reads(
            "it is immutable",
            "pods that need it cannot start",
            "No use was found",
            "ctrl+s tries",
            "the secret and the new values are lost",
            "No (n)",
        )
        await person.press("down", "enter")
        await person.reads("license-server has new values")
    after = stored(kubectl, "license-server")
    assert license_of(kubectl) == CANARY
    assert after["metadata"]["uid"] != before["metadata"]["uid"]
    assert (after["type"], after["immutable"]) == (before["type"], True)
    kept = dict(before["metadata"]["annotations"])
    del kept["kubectl.kubernetes.io/last-applied-configuration"]
    assert after["metadata"]["annotations"] == kept
    assert after["metadata"]["labels"] == {"airm.silogen.ai/use-case": "Generic", "team": "a"}
    assert [(written.action, written.result) for written in reversed(log.latest(10).records)] == [
        ("delete", "done"),
        ("create", "done"),
    ]


@pytest.mark.parametrize("keys", [("enter",), ("escape",), ("n",)])
async def test_no_is_chosen_and_nothing_is_done(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl, keys: tuple[str, ...]
) -> None:
    before = stored(kubectl, "license-server")
    async with asked(proxied) as person:
        trial = json.loads(next(request.body for request in proxy.requests if "dryRun" in request.query))
        assert trial["metadata"]["name"].startswith("license-server-")
        await person.press(*keys)
        await person.loses(QUESTION)
        await person.reads(f"{len(CANARY)} bytes", "Nothing is changed before you save")
        assert sent(proxy) == []
    assert stored(kubectl, "license-server") == before


async def test_what_is_typed_while_the_question_comes_up_is_no_answer(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with asked(proxied) as person:
        await person.press("y", "x")
        await person.sees(QUESTION)
        await person.press("n")
        await person.loses(QUESTION)
        assert sent(proxy) == []
    assert license_of(kubectl) != CANARY


async def test_a_secret_that_is_there_after_all_is_no_one_elses(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with asked(proxied) as person:
        proxy.next(drop, answer(404, b'{"kind":"Status","reason":"NotFound"}'))
        await person.press("down", "enter")
        await person.reads("Perhaps deleted", "license-server still exists")
        assert license_of(kubectl) != CANARY
        await person.press("ctrl+s")
        await person.sees(QUESTION)
        await person.press("down", "enter")
        await person.sees("license-server has new values")
    assert license_of(kubectl) == CANARY


async def test_the_question_is_whole_on_a_small_screen(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("patch", "secret", "license-server", "-p", '{"metadata":{"finalizers":["example.com/hold"]}}')
    kubectl("annotate", "secret", "license-server", "kubectl.kubernetes.io/last-applied-configuration={}")
    async with session(clusters, size=(80, 24)) as person:
        await open_form(person, "license-server")
        await person.press(*CANARY, "ctrl+s")
        await person.reads(QUESTION, "with a copy of its values is removed.", "No (n)", " Recreate ")


async def test_what_is_deleted_is_what_was_on_the_screen(proxy: Proxy, proxied: Clusters, kubectl: Kubectl) -> None:
    metadata = stored(kubectl, "license-server")["metadata"]
    async with asked(proxied) as person:
        await person.press("down", "enter")
        await person.reads("license-server has new values")
    body = json.loads(next(request.body for request in proxy.requests if request.method == "DELETE"))
    assert body["preconditions"] == {"uid": metadata["uid"], "resourceVersion": metadata["resourceVersion"]}
    assert sent(proxy) == ["DELETE", "POST"]


def fill(cluster: BackgroundCluster, kubectl: Kubectl, more: int) -> None:
    names = kubectl("get", "secrets", "-o", "name").split()
    cluster.quota = {"llm-serving": len(names) - more}


@pytest.mark.parametrize(
    ("breaks", "words"),
    [
        (lambda cluster, _: setattr(cluster, "webhook_down", True), "Refused by a webhook"),
        (lambda cluster, kubectl: fill(cluster, kubectl, 1), "Over quota"),
        (lambda cluster, _: cluster.stop(), "No connection"),
        (delete_project, "Project being deleted"),
    ],
    ids=["webhook", "more than full", "server", "project"],
)
async def test_what_would_keep_it_from_being_made_is_heard_before_it_is_deleted(
    cluster: BackgroundCluster, clusters: Clusters, kubectl: Kubectl, breaks: Callable[..., None], words: str
) -> None:
    before = stored(kubectl, "license-server")
    async with session(clusters) as person:
        await open_form(person, "license-server")
        breaks(cluster, kubectl)
        await person.press(*CANARY, "ctrl+s")
        await person.reads(words, f"{len(CANARY)} bytes")
        assert QUESTION not in person.text()
        cluster.webhook_down = False
        if words == "No connection":
            cluster.start()
    assert stored(kubectl, "license-server") == before


async def test_a_full_project_is_part_of_the_question(
    cluster: BackgroundCluster, clusters: Clusters, kubectl: Kubectl
) -> None:
    fill(cluster, kubectl, 0)
    async with asked(clusters) as person:
        await person.reads("The quota is full", "exceeded quota", "another user may take the free place first")
        await person.press("down", "enter")
        await person.reads("license-server has new values")
    assert license_of(kubectl) == CANARY


@pytest.mark.parametrize("fault", [cut_after(1), arrive_and_fail], ids=["cut", "gateway"])
async def test_a_delete_whose_answer_is_lost_is_looked_for_and_it_goes_on(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl, fault: Fault
) -> None:
    async with asked(proxied) as person:
        proxy.next(fault)
        await person.press("down", "enter")
        await person.reads("license-server has new values")
    assert license_of(kubectl) == CANARY
    assert sent(proxy) == ["DELETE", "POST"]


async def test_a_delete_that_did_not_arrive_changes_nothing_until_it_is_agreed_to_again(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    before = stored(kubectl, "license-server")
    async with asked(proxied) as person:
        proxy.next(drop)
        await person.press("down", "enter")
        await person.reads("may still be deleted", f"{len(CANARY)} bytes")
        assert stored(kubectl, "license-server") == before
        await person.press("ctrl+s")
        await person.reads(QUESTION)
        await person.press("down", "enter")
        await person.reads("license-server has new values")
    assert license_of(kubectl) == CANARY


async def test_a_delete_that_arrives_late_is_not_the_end_of_the_secret(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with asked(proxied) as person:
        proxy.next(drop)
        await person.press("down", "enter")
        await person.reads("may still be deleted")
        kubectl("delete", "secret", "license-server")
        await person.press("ctrl+s")
        await person.reads("license-server has new values")
    assert license_of(kubectl) == CANARY


async def test_a_delete_that_cannot_be_looked_for_is_said_and_looked_for_again(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with asked(proxied) as person:
        proxy.next(cut_after(1), drop, drop)
        await person.press("down", "enter")
        await person.reads("Perhaps deleted", "cannot be seen whether license-server was deleted")
        await person.press("ctrl+s")
        await person.reads("license-server has new values")
    assert license_of(kubectl) == CANARY
    assert sent(proxy) == ["DELETE", "POST"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (answer(403, status(403, "you may not")), "you may not"),
        (answer(422, status(422, "too odd")), "refused as invalid: too odd"),
        (answer(429, status(429, "later")), "later"),
        (drop, "it may still be created"),
        (answer(503, b"no backend"), "it may still be created"),
    ],
    ids=["forbidden", "invalid", "busy", "drop", "gateway"],
)
async def test_a_create_that_fails_is_said_in_strong_words_and_alone_tried_again(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl, fault: Fault, words: str
) -> None:
    async with asked(proxied) as person:
        proxy.next(forward, fault, *([drop] if fault is drop else []))
        await person.press("down", "enter")
        known = "perhaps" if "may still" in words else "not"
        await person.reads(f"Deleted and {known} created again", "ctrl+s tries again", words, f"{len(CANARY)} bytes")
        assert "license-server" not in kubectl("get", "secrets", "-o", "name")
        await person.press("x")
        await person.reads(f"Deleted and {known} created again", f"{len(CANARY) + 1} bytes")
        proxy.next(answer(403, status(403, "still not")))
        await person.press("ctrl+s")
        await person.reads("Deleted and not created again yet", "still not")
        await person.press("ctrl+s")
        await person.reads("license-server has new values")
    assert license_of(kubectl) == f"{CANARY}x"
    assert sent(proxy).count("DELETE") == 1


async def test_a_create_whose_answer_is_lost_is_not_done_twice(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with asked(proxied) as person:
        proxy.next(forward, cut_after(1), drop, drop)
        await person.press("down", "enter")
        await person.reads("perhaps created again", "cannot be seen whether secret license-server was created")
        uid = stored(kubectl, "license-server")["metadata"]["uid"]
        await person.press("ctrl+s")
        await person.reads("license-server has new values")
    assert stored(kubectl, "license-server")["metadata"]["uid"] == uid


async def test_what_somebody_else_makes_in_between_is_not_overwritten(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async def be_faster(exchange: Exchange) -> None:
        arguments = ("create", "secret", "generic", "license-server", "--from-literal=license=theirs")
        await asyncio.to_thread(kubectl, *arguments)
        await forward(exchange)

    async with asked(proxied) as person:
        proxy.next(forward, be_faster)
        await person.press("down", "enter")
        await person.reads("Deleted and not created again yet", "another user has created a secret license-server")
        await person.press("ctrl+s")
        await person.reads("another user has created a secret license-server", f"{len(CANARY)} bytes")
        assert license_of(kubectl) == "theirs"
        kubectl("delete", "secret", "license-server")
        await person.press("ctrl+s")
        await person.reads("license-server has new values")


async def test_what_somebody_else_makes_with_wbtui_in_between_does_not_count_as_ours(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async def be_faster(exchange: Exchange) -> None:
        ours, theirs = b64encode(CANARY.encode()), b64encode(b"theirs")
        body = exchange.request.body.replace(ours, theirs)
        headers = {**exchange.request.headers, "content-length": str(len(body))}
        request = replace(exchange.request, body=body, headers=headers)
        await forward(Exchange(exchange.proxy, request, exchange.reader, Nowhere()))  # type: ignore[arg-type]
        assert license_of(kubectl) == "theirs"
        await forward(exchange)

    async with asked(proxied) as person:
        proxy.next(forward, be_faster)
        await person.press("down", "enter")
        for _ in range(2):
            await person.reads("Deleted and not created again yet", "another user has created a secret license-server")
            await person.press("ctrl+s")
        await person.reads("another user has created a secret license-server", f"{len(CANARY)} bytes")
    assert license_of(kubectl) == "theirs"


async def test_a_finalizer_is_waited_for_and_never_stripped(
    cluster: BackgroundCluster, proxy: Proxy, kubectl: Kubectl, tmp_path: Path
) -> None:
    kubectl("patch", "secret", "license-server", "-p", '{"metadata":{"finalizers":["example.com/hold"]}}')
    log = AuditLog(tmp_path / "audit.log")
    path = tmp_path / "behind"
    path.write_text(json.dumps(cluster.kubeconfig()).replace(cluster.url, proxy.url))
    async with asked(KubernetesClusters(Preferences(str(path), note=log.append))) as person:
        await person.reads("It stays until example.com/hold is removed")
        await person.press("down", "enter")
        await person.reads("Being deleted", "waits for example.com/hold since", f"{len(CANARY)} bytes")
        await person.press("ctrl+s")
        await person.reads("Being deleted")
        kubectl("patch", "secret", "license-server", "-p", '{"metadata":{"finalizers":null}}')
        await person.press("ctrl+s")
        await person.reads("license-server has new values")
    assert license_of(kubectl) == CANARY
    assert sent(proxy) == ["DELETE", "POST"]
    results = [one.result for one in reversed(log.latest(10).records)]
    assert results == ["being deleted, waits for example.com/hold", "done"]


async def test_a_change_while_one_is_asked_is_asked_about(clusters: Clusters, kubectl: Kubectl) -> None:
    async with asked(clusters) as person:
        kubectl("label", "secret", "license-server", "team=b")
        await person.press("down", "enter")
        await person.reads("Changed by another user", "kubectl-label", "its labels differ")
        await person.press("down", "enter")
        await person.reads(QUESTION)
        await person.press("down", "enter")
        await person.reads("license-server has new values")
    assert stored(kubectl, "license-server")["metadata"]["labels"]["team"] == "b"


async def test_another_of_the_same_name_is_left_alone(clusters: Clusters, kubectl: Kubectl) -> None:
    async with asked(clusters) as person:
        kubectl("delete", "secret", "license-server")
        kubectl("create", "secret", "generic", "license-server", "--from-literal=license=theirs")
        await person.press("down", "enter")
        await person.reads("another one of the same name was created by kubectl-create", "Nothing was changed")
    assert license_of(kubectl) == "theirs"


async def test_what_is_gone_before_is_said_to_be(clusters: Clusters, kubectl: Kubectl) -> None:
    async with asked(clusters) as person:
        kubectl("delete", "secret", "license-server")
        await person.press("down", "enter")
        await person.reads("there is no license-server in llm-serving any more", f"{len(CANARY)} bytes")
        await person.press("ctrl+s")
        await person.reads("there is no license-server in llm-serving any more")
    assert "license-server" not in kubectl("get", "secrets", "-o", "name")


@pytest.mark.parametrize("key", ["escape", "ctrl+c", "ctrl+q"])
async def test_leaving_between_the_two_is_asked_about_and_staying_is_chosen(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl, key: str
) -> None:
    async with asked(proxied) as person:
        proxy.next(forward, answer(403, status(403, "you may not")))
        await person.press("down", "enter")
        await person.reads("Deleted and not created again yet")
        await person.press(key)
        await person.reads("license-server is deleted and not created again yet", "the new values are lost")
        await person.press("enter")
        await person.loses("the new values are lost")
        await person.press("ctrl+s")
        await person.reads("license-server has new values")
    assert license_of(kubectl) == CANARY


async def test_leaving_between_the_two_after_all_sends_nothing_more(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with asked(proxied) as person:
        proxy.next(forward, answer(503, status(503, "etcd is away")))
        await person.press("down", "enter")
        await person.reads("Deleted and perhaps created again")
        await person.press("ctrl+c")
        await person.reads("the new values are lost")
        await person.press("down", "enter")
        await person.until(lambda: person.app.return_code is not None)
    assert sent(proxy) == ["DELETE", "POST"]
    assert "license-server" not in kubectl("get", "secrets", "-o", "name")


async def test_another_type_is_made_anew_under_the_use_case_that_has_it(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("create", "secret", "generic", "registry", "--from-literal=a=b")
    async with session(clusters) as person:
        await person.reads("28 secrets")
        await open_form(person, "registry")
        await person.press("shift+tab", "shift+tab", "4", "tab", "tab")
        await person.type("ghcr.io\tme\t" + CANARY)
        await person.press("ctrl+s")
        await person.reads("removed: a", "added: .dockerconfigjson")
        await person.press("ctrl+s")
        await person.reads("its type would change from Opaque")
        await person.press("down", "enter")
        await person.reads("registry has new values")
    made = stored(kubectl, "registry")
    assert made["type"] == "kubernetes.io/dockerconfigjson"
    assert made["metadata"]["labels"] == {"airm.silogen.ai/use-case": "ImagePullSecret"}
    auths = json.loads(b64decode(made["data"][".dockerconfigjson"]))["auths"]
    assert auths["ghcr.io"]["password"] == CANARY


async def test_a_secret_of_another_type_keeps_it(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("patch", "secret", "gateway-tls", "-p", '{"immutable":true}')
    before = stored(kubectl, "gateway-tls")
    async with session(clusters) as person:
        await person.until(lambda: _is_immutable(person, "gateway-tls"))
        await open_form(person, "gateway-tls")
        await person.press(*CANARY, "tab", *CANARY, "ctrl+s")
        await person.reads("Recreate the secret gateway-tls?")
        await person.press("down", "enter")
        await person.reads("gateway-tls has new values")
    after = stored(kubectl, "gateway-tls")
    assert (after["type"], after["immutable"]) == ("kubernetes.io/tls", True)
    assert after["metadata"].get("labels") == before["metadata"].get("labels")
    assert values(kubectl, "gateway-tls") == {"tls.crt": CANARY, "tls.key": CANARY}


def _is_immutable(person: Session, name: str) -> bool:
    index: Any = person.app.screen_stack[0].list.index  # type: ignore[attr-defined]
    return any(secret.name == name and secret.immutable for secret in index)


async def test_some_keys_alone_cannot_be_made_anew(proxy: Proxy, proxied: Clusters) -> None:
    async with session(proxied) as person:
        await open_form(person, "license-server")
        await person.press(*CANARY, "shift+tab", "shift+tab", "shift+tab", "2", "ctrl+s")
        await person.reads("it is immutable: it has to be recreated, which needs all keys")
        assert sent(proxy) == []


async def test_a_label_alone_can_be_set_where_values_cannot(clusters: Clusters, kubectl: Kubectl) -> None:
    before = stored(kubectl, "license-server")
    async with session(clusters) as person:
        await open_form(person, "license-server")
        await person.press("shift+tab", "shift+tab", "5", "shift+tab", "2", "ctrl+s")
        await person.reads("Press ctrl+s again to save anyway")
        await person.press("ctrl+s")
        await person.reads("license-server has new values")
    after = stored(kubectl, "license-server")
    assert after["metadata"]["labels"]["airm.silogen.ai/use-case"] == "Database"
    assert (after["data"], after["metadata"]["uid"]) == (before["data"], before["metadata"]["uid"])


YES, NO = (answer(201, json.dumps({"status": {"allowed": allowed}}).encode()) for allowed in (True, False))


@pytest.mark.parametrize(("told", "verb"), [((NO,), "delete"), ((YES, NO), "create")], ids=["delete", "create"])
async def test_a_right_that_is_missing_is_said_before_anything_is_tried(
    proxy: Proxy, proxied: Clusters, told: tuple[Fault, ...], verb: str
) -> None:
    async with session(proxied) as person:
        await open_form(person, "license-server")
        await person.press(*CANARY)
        proxy.next(forward, *told)
        await person.press("ctrl+s")
        await person.reads(f"needs {verb} on secrets in llm-serving", f"{len(CANARY)} bytes")
        assert not [request for request in proxy.requests if CANARY.encode() in request.body]
        assert sent(proxy) == []


async def test_rights_and_use_that_cannot_be_asked_for_do_not_keep_it_from_being_asked(
    proxy: Proxy, proxied: Clusters
) -> None:
    async def no_use(exchange: Exchange) -> None:
        await (forward if "/secrets" in exchange.request.path else answer(500, b"{}"))(exchange)

    async with session(proxied) as person:
        await open_form(person, "license-server")
        await person.press(*CANARY)
        proxy.next(*[no_use] * 40)
        await person.press("ctrl+s")
        await person.reads(QUESTION, "No use was found. Not everything could be")


async def test_who_uses_it_is_counted_and_who_must_restart_is_said(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("patch", "secret", "slack-webhook", "-p", '{"immutable":true}')
    async with session(clusters) as person:
        await person.until(lambda: _is_immutable(person, "slack-webhook"))
        await open_form(person, "slack-webhook")
        await person.press(*CANARY, "ctrl+s")
        await person.reads("Recreate the secret slack-webhook?", "Uses found: 1.")
        await person.press("down", "enter")
        await person.sees("1 workload sees the new values")
    assert values(kubectl, "slack-webhook") == {"url": CANARY}


async def test_a_change_before_one_saves_is_asked_about_first(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with session(proxied) as person:
        await open_form(person, "license-server")
        await person.press(*CANARY)
        kubectl("label", "secret", "license-server", "team=b")
        await person.press("ctrl+s")
        await person.reads("Changed by another user", "kubectl-label")
        await person.press("n")
        await person.loses("anyway?")
        kubectl("delete", "secret", "license-server")
        kubectl("create", "secret", "generic", "license-server", "--from-literal=license=theirs")
        await person.press("ctrl+s")
        await person.reads("another one of the same name was created by kubectl-create", "Nothing was changed")
        assert sent(proxy) == []
    assert license_of(kubectl) == "theirs"
