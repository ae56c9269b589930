import json
import re
from base64 import b64decode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.conftest import PROJECT, kubeconfig_of, written
from tests.conftest import Kubectl
from tests.proxy import Exchange, Proxy, answer, cut_after, drop, forward
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.cluster.connection import RequestOptions
from wbtui.domain.draft import Draft
from wbtui.domain.projects import Scope
from wbtui.domain.replacement import Replacement
from wbtui.domain.sealed import Sealed
from wbtui.domain.secret import LAST_APPLIED, Secret
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.errors import (
    AlreadyExists,
    Conflict,
    DryRunUnsupported,
    Forbidden,
    Invalid,
    NotFound,
    NotSent,
    ReadOnly,
    ServerError,
    Uncertain,
    UnexpectedAnswer,
    Unreachable,
    ValuesReceived,
    WebhookRefused,
)
from wbtui.news import Page
from wbtui.repository import Cluster

VALUE = "cAnArY-7c1d"
ECHO = json.dumps({"kind": "Secret", "metadata": {"name": "made"}, "data": {"token": VALUE}}).encode()


def draft(name: str = "made", creator: str = "me@example.com", **more: Any) -> Draft:
    """Return a draft of a token."""
    use_case = USE_CASES[0]
    entries = ({"token": Sealed(VALUE.encode())},)
    keys = use_case.entry_forms[0].keys()
    return Draft(
        namespace=PROJECT,
        name=name,
        use_case=use_case,
        entry_form=use_case.entry_forms[0],
        entries=entries,
        keys=keys,
        creator=creator,
        **more,
    )


@pytest.fixture
async def here(proxy: Proxy, tmp_path: Path) -> AsyncIterator[Cluster]:
    """The cluster, behind the proxy."""
    clusters = KubernetesClusters(Preferences(written(tmp_path, kubeconfig_of(proxy.url))))
    here = await clusters.connect()
    yield here
    await here.close()


async def test_what_is_sent_is_the_secret_and_what_is_taken_is_metadata(proxy: Proxy, here: Cluster) -> None:
    wanted = draft(labels={"team": "a"}, immutable=True)
    await here.create(wanted, dry_run=True)
    made = await here.create(wanted)
    assert (made.name, made.keys, made.creator, made.immutable) == ("made", ("token",), "me@example.com", True)
    first, second = proxy.requests
    assert first.query == {"fieldManager": "wbtui", "fieldValidation": "Strict", "dryRun": "All"}
    assert second.query.keys() == {"fieldManager", "fieldValidation"}
    assert re.fullmatch("wbtui/[0-9a-f]{8}", second.query["fieldManager"])
    assert made.last_change
    assert made.last_change.manager == "wbtui"
    assert "as=PartialObjectMetadata" in second.headers["accept"]
    assert first.body == second.body
    assert {**json.loads(second.body), "data": None} == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": "made",
            "namespace": PROJECT,
            "labels": {"team": "a", "airm.silogen.ai/use-case": "HuggingFace"},
            "annotations": {"airm.silogen.ai/submitter": "me@example.com"},
        },
        "type": "Opaque",
        "data": None,
        "immutable": True,
    }


async def test_a_dry_run_makes_nothing(here: Cluster, kubectl: Kubectl) -> None:
    await here.create(draft(), dry_run=True)
    assert "secret/made\n" not in kubectl("get", "secrets", "-o", "name")


async def test_what_exists_is_never_overwritten(here: Cluster, kubectl: Kubectl) -> None:
    kubectl("create", "secret", "generic", "made", "--from-literal=token=theirs")
    with pytest.raises(AlreadyExists):
        await here.create(draft())
    data = json.loads(kubectl("get", "secret", "made", "-o", "json"))["data"]
    assert b64decode(data["token"]) == b"theirs"


@pytest.mark.parametrize("creator", ["me@example.com", ""])
@pytest.mark.parametrize("size", [1, 200, 10_000], ids=["one byte", "some", "no end"])
async def test_an_answer_that_breaks_off_is_looked_for(proxy: Proxy, here: Cluster, creator: str, size: int) -> None:
    proxy.next(cut_after(size))
    made = await here.create(draft(creator=creator))
    assert made.keys == ("token",)
    assert [request.method for request in proxy.requests if request.body] == ["POST"]


async def test_an_answer_that_is_none_of_ours_is_looked_for(proxy: Proxy, here: Cluster) -> None:
    for body in (ECHO, b"<html>", b"{}"):
        proxy.next(answer(201, body))
        with pytest.raises(Uncertain, match="no secret made so far, but it may still be created"):
            await here.create(draft())
        proxy.next(answer(201, body))
        with pytest.raises((ValuesReceived, UnexpectedAnswer)) as raised:
            await here.create(draft(), dry_run=True)
        assert "created" not in str(raised.value)


NO = answer(403, b'{"kind": "Status", "message": "no"}')
GATEWAYS_404 = answer(404, b"<html>404</html>", Content_Type="text/html")


@pytest.mark.parametrize(
    ("fault", "error"), [(drop, Unreachable), (answer(504), ServerError), (GATEWAYS_404, UnexpectedAnswer)]
)
async def test_what_may_still_arrive_is_not_said_to_be_undone(
    proxy: Proxy, here: Cluster, fault: Any, error: type[Exception]
) -> None:
    secret = await listed(here, "hf-token-eval")
    writes = {
        "made so far, but it may still be created": here.create(draft()),
        "not replaced so far, but may still be": here.replace(Replacement(secret, draft(secret.name), whole=True)),
        "hf-token-eval is still there, but it may still be deleted": here.delete(secret),
    }
    for words, writing in writes.items():
        proxy.next(fault)
        with pytest.raises(Uncertain, match=words):
            await writing
    proxy.next(fault)
    with pytest.raises(error) as raised:
        await here.create(draft(), dry_run=True)
    assert "created" not in str(raised.value)


@pytest.mark.parametrize("look", [[drop, drop], [answer(503)], [NO, NO], [answer(200, ECHO)]])
async def test_what_cannot_be_seen_is_not_known(proxy: Proxy, here: Cluster, look: list[Any]) -> None:
    proxy.next(cut_after(1), *look)
    with pytest.raises(Uncertain, match="cannot be seen whether secret made was created"):
        await here.create(draft())


async def test_a_secret_of_another_session_is_not_ones_own(proxy: Proxy, here: Cluster, kubectl: Kubectl) -> None:
    kubectl("create", "secret", "generic", "made", "--from-literal=token=theirs")
    await here.create(draft("also"))
    for name in ("made", "also"):
        proxy.next(drop)
        with pytest.raises(Uncertain, match="someone else seems to have created it"):
            await here.create(draft(name))


async def test_a_deleted_secret_is_gone_whoever_made_another_of_its_name(
    proxy: Proxy, here: Cluster, kubectl: Kubectl
) -> None:
    made = await here.create(draft())

    async def delete_and_lose(exchange: Exchange) -> None:
        await cut_after(1)(exchange)
        kubectl("create", "secret", "generic", "made", "--from-literal=token=theirs")

    proxy.next(delete_and_lose)
    assert await here.delete(made) is None
    assert kubectl("get", "secret", "made", "-o", "jsonpath={.metadata.uid}") != made.uid


async def test_what_an_earlier_request_made_is_told_when_it_is_sent_again(
    proxy: Proxy, here: Cluster, kubectl: Kubectl
) -> None:
    proxy.next(cut_after(1), drop, drop)
    with pytest.raises(Uncertain):
        await here.create(draft())
    uid = kubectl("get", "secret", "made", "-o", "jsonpath={.metadata.uid}")
    with pytest.raises(AlreadyExists):
        await here.create(draft(labels={"another": "draft"}))
    assert (await here.create(draft(), dry_run=True)).uid == uid
    assert (await here.create(draft())).uid == uid
    with pytest.raises(AlreadyExists):
        await here.create(draft())


async def test_what_somebody_else_made_after_a_lost_answer_is_not_ones_own(
    proxy: Proxy, here: Cluster, kubectl: Kubectl
) -> None:
    proxy.next(drop)
    with pytest.raises(Uncertain):
        await here.create(draft())
    kubectl("create", "secret", "generic", "made", "--from-literal=token=theirs")
    for _ in range(2):
        with pytest.raises(AlreadyExists):
            await here.create(draft())
    proxy.next(forward, drop, drop)
    with pytest.raises(Uncertain, match="cannot be seen whether secret made was created"):
        await here.create(draft())


async def test_only_what_was_on_the_screen_is_deleted(proxy: Proxy, here: Cluster, kubectl: Kubectl) -> None:
    secret = await listed(here, "hf-token-eval")
    kubectl("annotate", "secret", secret.name, "note=new")
    with pytest.raises(Conflict):
        await here.delete(secret)
    sent = json.loads(proxy.requests[-1].body)
    assert sent["preconditions"] == {"uid": secret.uid, "resourceVersion": secret.resource_version}


@pytest.mark.parametrize("whole", [True, False])
async def test_new_values_overwrite_nothing_that_somebody_else_has_changed(
    here: Cluster, kubectl: Kubectl, *, whole: bool
) -> None:
    secret = await listed(here, "hf-token-eval")
    kubectl("patch", "secret", secret.name, "-p", '{"stringData": {"token": "theirs"}}')
    with pytest.raises(Conflict):
        await here.replace(Replacement(secret, draft(secret.name), whole))
    data = json.loads(kubectl("get", "secret", secret.name, "-o", "json"))["data"]
    assert b64decode(data["token"]) == b"theirs"


async def test_a_copy_of_the_values_that_is_gone_by_now_keeps_no_new_ones_from_being_written(
    here: Cluster, kubectl: Kubectl
) -> None:
    secret = await listed(here, "hf-token-eval")
    assert not secret.copied_in_annotation
    await here.replace(Replacement(secret, draft(secret.name), whole=True, clean=True))
    data = json.loads(kubectl("get", "secret", secret.name, "-o", "json"))["data"]
    assert b64decode(data["token"]) == VALUE.encode()


async def test_new_values_whose_answer_is_lost_may_have_been_written(proxy: Proxy, here: Cluster) -> None:
    secret = await listed(here, "hf-token-eval")
    proxy.next(cut_after(1))
    with pytest.raises(Uncertain, match="it has changed since; whether by this request or by someone else"):
        await here.replace(Replacement(secret, draft(secret.name), whole=True))


async def test_without_a_connection_nothing_was_sent(proxy: Proxy, here: Cluster) -> None:
    secret = await listed(here, "hf-token-eval")
    await proxy.stop()
    for writing in (here.create(draft()), here.delete(secret)):
        with pytest.raises(NotSent, match="cannot be reached"):
            await writing


async def test_only_a_status_means_not_found(proxy: Proxy, here: Cluster, kubectl: Kubectl) -> None:
    secret = await listed(here, "hf-token-eval")
    proxy.next(GATEWAYS_404)
    with pytest.raises(UnexpectedAnswer, match="404 Not Found, and it is not from a Kubernetes API"):
        await here.read(secret)
    kubectl("delete", "secret", secret.name)
    with pytest.raises(NotFound, match="there is no hf-token-eval in llm-serving any more"):
        await here.delete(secret)


async def test_a_webhook_that_cannot_be_tried_is_an_error_of_its_own(proxy: Proxy, here: Cluster) -> None:
    # As Kubernetes 1.36 says it where a stored configuration has `sideEffects: Some`, which its API takes no more.
    words = 'admission webhook "x.example.com" does not support dry run'
    said = {"kind": "Status", "status": "Failure", "message": words, "reason": "BadRequest", "code": 400}
    proxy.next(answer(400, json.dumps(said).encode()))
    with pytest.raises(DryRunUnsupported) as raised:
        await here.create(draft(), dry_run=True)
    assert isinstance(raised.value, WebhookRefused)


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize(("code", "error"), [(403, Forbidden), (422, Invalid), (400, Invalid)])
async def test_a_refusal_has_no_value_in_it(
    proxy: Proxy, here: Cluster, code: int, error: type[Exception], *, dry_run: bool
) -> None:
    said = {
        "kind": "Status",
        "message": f"bad {VALUE}",
        "details": {"causes": [{"field": "data[token]", "message": f"{VALUE} is bad"}]},
    }
    proxy.next(answer(code, json.dumps(said).encode()))
    with pytest.raises(error) as raised:
        await here.create(draft(), dry_run=dry_run)
    assert str(raised.value) == "bad [removed]"
    assert getattr(raised.value, "fields", ()) == (("data[token]", "[removed] is bad"),)
    assert raised.value.__cause__ is None
    assert VALUE not in repr(raised.value)


async def listed(here: Cluster, name: str) -> Secret:
    """Return a secret as the list shows it."""
    page = await anext(here.follow(Scope(PROJECT)))
    assert isinstance(page, Page)
    secrets: tuple[Secret, ...] = page.items
    return next(secret for secret in secrets if secret.name == name)


@pytest.mark.parametrize("whole", [True, False])
async def test_a_read_only_session_sends_nothing_that_writes(proxy: Proxy, tmp_path: Path, *, whole: bool) -> None:
    path = written(tmp_path, kubeconfig_of(proxy.url))
    here = await KubernetesClusters(Preferences(path, options=RequestOptions(read_only=True))).connect()
    secret = await listed(here, "hf-token-eval")
    await here.account()
    assert await here.refusal("delete", PROJECT, secret.name) == ""
    for writing in (
        here.create(draft()),
        here.create(draft(), dry_run=True),
        here.replace(Replacement(secret, draft(secret.name), whole)),
        here.delete(secret),
    ):
        with pytest.raises(ReadOnly):
            await writing
    await here.close()
    sent = {request.path for request in proxy.requests if request.method != "GET"}
    assert {path.rpartition("/")[2] for path in sent} == {"selfsubjectreviews", "selfsubjectaccessreviews"}


async def test_metadata_is_read_whole_but_for_the_copy_of_the_values(
    proxy: Proxy, here: Cluster, kubectl: Kubectl
) -> None:
    long = "x" * 5000
    kubectl("annotate", "secret", "hf-token-eval", f"long={long}", f"{LAST_APPLIED}=secret")
    secret = await listed(here, "hf-token-eval")
    found = await here.read(secret)
    assert "as=PartialObjectMetadata" in proxy.requests[-1].headers["accept"]
    assert found.annotations["long"] == long
    assert LAST_APPLIED not in found.annotations
    assert (found.type, found.keys, found.copied_in_annotation) == ("Opaque", ("token",), True)
    kubectl("delete", "secret", "hf-token-eval")
    with pytest.raises(NotFound, match="there is no hf-token-eval in llm-serving any more"):
        await here.read(secret)


@pytest.mark.parametrize("body", [ECHO, b"<html>", b"{}"])
async def test_values_that_come_back_on_reading_are_dropped(proxy: Proxy, here: Cluster, body: bytes) -> None:
    secret = await listed(here, "hf-token-eval")
    proxy.next(answer(200, body))
    with pytest.raises((ValuesReceived, UnexpectedAnswer)):
        await here.read(secret)


@pytest.mark.parametrize("part", ["data", "stringData"])
async def test_values_beside_metadata_are_dropped(proxy: Proxy, here: Cluster, part: str) -> None:
    secret = await listed(here, "hf-token-eval")
    one = {"kind": "PartialObjectMetadata", "metadata": {"name": secret.name}, part: {"token": VALUE}}
    proxy.next(answer(201, json.dumps(one).encode()))
    with pytest.raises(ValuesReceived):
        await here.create(draft(), dry_run=True)
    proxy.next(answer(200, json.dumps({"kind": "PartialObjectMetadataList", "items": [one]}).encode()))
    with pytest.raises(ValuesReceived):
        await here.read(secret)
