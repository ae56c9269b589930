"""A new secret that the cluster refuses, or of which it is not known whether it was made."""

import asyncio
import json
from base64 import b64decode
from collections.abc import Callable
from typing import TypeAlias

import pytest
from textual import events

from tests.conftest import Kubectl
from tests.proxy import Exchange, Fault, Gate, Proxy, answer, cut_after, drop, forward, hang
from tests.refusals import arrive_and_fail, delete_project, status
from tests.screens.forms import (
    BY_VALUE,
    TOKEN,
    enter,
    form,
    sample,
    save,
)
from tests.stored import stored
from wbtui.demo.background import BackgroundCluster
from wbtui.repository import Clusters


def created(proxy: Proxy) -> int:
    """Return how often something was really to be created."""
    posts = [request for request in proxy.requests if request.method == "POST" and "/secrets" in request.path]
    return len([request for request in posts if "dryRun" not in request.query])


Switch: TypeAlias = Callable[[BackgroundCluster, Kubectl], object]


@pytest.mark.parametrize(
    ("breaks", "mends", "words"),
    [
        (
            lambda cluster, _: setattr(cluster, "quota", {"llm-serving": 1}),
            lambda cluster, _: setattr(cluster, "quota", {}),
            ("Over quota", "exceeded quota"),
        ),
        (
            lambda cluster, _: setattr(cluster, "webhook_down", True),
            lambda cluster, _: setattr(cluster, "webhook_down", False),
            ("Refused by a webhook", "connect: connection", "try again later with ctrl+s"),
        ),
        (
            lambda cluster, _: cluster.revoke("demo"),
            lambda cluster, _: cluster.restore("demo"),
            ("Not logged in", "press ctrl+s"),
        ),
        (lambda cluster, _: cluster.stop(), lambda cluster, _: cluster.start(), ("No connection", "Check the network")),
        (delete_project, None, ("Project being deleted", "llm-serving is being terminated")),
    ],
    ids=["quota", "webhook", "login", "server", "project"],
)
async def test_a_refusal_leaves_the_form_filled_until_its_cause_is_gone(
    cluster: BackgroundCluster,
    clusters: Clusters,
    kubectl: Kubectl,
    breaks: Switch,
    mends: Switch | None,
    words: tuple[str, ...],
) -> None:
    async with form(clusters, "HuggingFace") as person:
        await enter(person, TOKEN)
        breaks(cluster, kubectl)
        await person.press("ctrl+s")
        await person.sees(*words, f"{len(TOKEN)} bytes", "Name              hf-token")
        if mends:
            mends(cluster, kubectl)
            await person.press("ctrl+s")
            await person.sees("hf-token was created.")


NO_DRY_RUN = 'Internal error occurred: admission webhook "x.io" does not support dry run'


async def test_a_webhook_without_dry_run_is_no_obstacle(proxy: Proxy, proxied: Clusters, kubectl: Kubectl) -> None:
    async with form(proxied, "HuggingFace") as person:
        await enter(person, TOKEN)
        proxy.next(answer(400, status(400, NO_DRY_RUN)))
        await person.press("ctrl+s")
        await person.reads("Dry run not supported", "Save without a dry run?")
        await person.press("n")
        await person.loses("Dry run not supported")
        await person.sees(f"{len(TOKEN)} bytes")
        assert not created(proxy)
        proxy.next(answer(400, status(400, NO_DRY_RUN)))
        await person.press("ctrl+s")
        await person.reads("Save without a dry run?")
        await person.press("down", "enter")
        await person.sees("hf-token was created.")
        assert created(proxy) == 1
    assert b64decode(stored(kubectl, "hf-token")["data"]["token"]).decode() == TOKEN


async def test_a_name_that_is_taken_between_two_requests_is_told(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async def be_faster(exchange: Exchange) -> None:
        await asyncio.to_thread(kubectl, "create", "secret", "generic", "hf-token", "--from-literal=token=theirs")
        await forward(exchange)

    async with form(proxied, "HuggingFace") as person:
        await enter(person, TOKEN)
        proxy.next(forward, be_faster)
        await person.press("ctrl+s")
        await person.sees("Name taken", "Choose another name", "There is a secret", f"{len(TOKEN)} bytes")
        kubectl("delete", "secret", "hf-token")
        await person.loses("There is a secret hf-token in llm-serving already")
        await save(person, "hf-token")


async def test_a_name_that_the_list_does_not_show_is_told(clusters: Clusters, kubectl: Kubectl) -> None:
    async with form(clusters, "HuggingFace") as person:
        await enter(person, TOKEN)
        kubectl("create", "secret", "generic", "hf-token", "--type=helm.sh/release.v1")
        await person.press("ctrl+s")
        await person.sees("Name taken", "A secret of this name exists in llm-serving already.")
        kubectl("delete", "secret", "hf-token")
        await save(person, "hf-token")


@pytest.mark.parametrize(
    ("use_case", "way", "field", "line"),
    [
        ("HuggingFace", 0, "data[token]", "Token"),
        ("HuggingFace", 0, "metadata.name", "Name"),
        ("HuggingFace", 0, "metadata.labels", "Labels (optional)"),
        ("S3", 0, "data[secret-key]", "Secret key"),
        ("ImagePullSecret", 1, "data[.dockerconfigjson]", "Configuration"),
        ("Generic", 0, "data[api-key]", "Key"),
    ],
)
async def test_what_the_cluster_finds_invalid_stands_at_its_field(
    proxy: Proxy, proxied: Clusters, use_case: str, way: int, field: str, line: str
) -> None:
    typed = (
        "api-key" if entry.name == "key" else sample(entry) for entry in BY_VALUE[use_case].entry_forms[way].fields
    )
    async with form(proxied, use_case, way) as person:
        await enter(person, *(part for text in typed for part in (text, "tab")))
        proxy.next(answer(422, status(422, "it is invalid", **{field: "must rhyme"})))
        await person.press("ctrl+s")
        await person.sees("Refused as invalid", f"{field}: must rhyme", "Must rhyme.")
        lines = person.lines()
        at = next(number for number, text in enumerate(lines) if text.startswith(f" {line} "))
        assert lines[at + 1].strip() == "Must rhyme."
        await save(person, BY_VALUE[use_case].stem)


async def test_forbidden_is_told_in_the_form(proxy: Proxy, proxied: Clusters) -> None:
    async with form(proxied, "HuggingFace") as person:
        await enter(person, TOKEN)
        proxy.next(answer(403, status(403, "you may not")))
        await person.press("ctrl+s")
        await person.sees("Forbidden: you may not. Ask an administrator of the project", f"{len(TOKEN)} bytes")


@pytest.mark.parametrize("fault", [cut_after(1), arrive_and_fail], ids=["cut", "gateway"])
async def test_a_lost_answer_is_looked_for_and_nothing_sent_twice(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl, fault: Fault
) -> None:
    async with form(proxied, "HuggingFace") as person:
        await enter(person, TOKEN)
        proxy.next(forward, fault)
        await save(person, "hf-token")
        assert created(proxy) == 1
    assert b64decode(stored(kubectl, "hf-token")["data"]["token"]).decode() == TOKEN


@pytest.mark.parametrize("fault", [drop, answer(503, b"no backend")], ids=["drop", "gateway"])
async def test_a_lost_request_is_said_to_be_not_known(proxy: Proxy, proxied: Clusters, fault: Fault) -> None:
    async with form(proxied, "HuggingFace") as person:
        await enter(person, TOKEN)
        proxy.next(forward, fault)
        await person.press("ctrl+s")
        await person.reads("no secret hf-token so far, but it may still be created", f"{len(TOKEN)} bytes")
        assert created(proxy) == 1
        await save(person, "hf-token")


async def test_what_cannot_be_known_is_said(proxy: Proxy, proxied: Clusters, kubectl: Kubectl) -> None:
    async with form(proxied, "HuggingFace") as person:
        await enter(person, TOKEN)
        proxy.next(forward, cut_after(1), drop, drop)
        await person.press("ctrl+s")
        await person.sees("Not known whether it was done", "check the list", f"{len(TOKEN)} bytes")
        assert created(proxy) == 1
        await person.press("ctrl+s")
        await person.sees("There is a secret hf-token in llm-serving already.")
        assert created(proxy) == 1
    assert b64decode(stored(kubectl, "hf-token")["data"]["token"]).decode() == TOKEN


async def test_what_somebody_else_made_meanwhile_is_not_taken_for_ones_own(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async def be_faster(_: Exchange) -> None:
        await asyncio.to_thread(kubectl, "create", "secret", "generic", "hf-token", "--from-literal=token=theirs")

    async with form(proxied, "HuggingFace") as person:
        await enter(person, TOKEN)
        proxy.next(forward, be_faster)
        await person.press("ctrl+s")
        await person.reads("Not known whether it was done", "someone else seems to have created it")


async def test_saving_twice_at_once_sends_once(proxy: Proxy, proxied: Clusters) -> None:
    gate = Gate()
    async with form(proxied, "HuggingFace") as person:
        await enter(person, TOKEN)
        proxy.next(gate)
        await person.press("ctrl+s", "ctrl+s")
        await person.sees("Checking with the cluster whether it can be created")
        gate.open()
        await person.sees("hf-token was created.")
        posts = [
            request for request in proxy.requests if request.path.endswith("/secrets") and request.method == "POST"
        ]
        assert [request.query.get("dryRun") for request in posts] == ["All", None]


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("/selfsubjectreviews", "Asking the cluster who you are … esc stops."),
        ("/secrets", "Checking with the cluster whether it can be created … esc stops."),
    ],
)
async def test_escape_stops_what_stores_nothing_and_what_was_entered_stays(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl, end: str, words: str
) -> None:
    reached = asyncio.Event()

    async def hang_here(exchange: Exchange) -> None:
        reached.set()
        await hang(exchange)

    async with form(proxied, "HuggingFace") as person:
        await enter(person, TOKEN)
        proxy.once(end, hang_here)
        await person.press("ctrl+s")
        await reached.wait()
        await person.sees(words)
        await person.press("escape")
        await person.sees("Stopped. Nothing was stored.", f"{len(TOKEN)} bytes", "ctrl+s saves")
        assert "secret/hf-token" not in kubectl("get", "secrets", "-o", "name").splitlines()
        await person.press("ctrl+s")
        await person.sees("hf-token was created.")


async def test_what_is_sent_cannot_be_stopped(proxy: Proxy, proxied: Clusters) -> None:
    gate = Gate()
    async with form(proxied, "HuggingFace") as person:
        await enter(person, TOKEN)
        proxy.next(forward, gate)
        await person.press("ctrl+s")
        await person.sees("Creating …")
        await person.press("escape")
        await person.sees("Saving: waiting for the answer of the cluster.", f"{len(TOKEN)} bytes")
        gate.open()
        await person.sees("hf-token was created.")


async def test_what_comes_while_it_is_saved_is_not_saved(proxy: Proxy, proxied: Clusters, kubectl: Kubectl) -> None:
    gate = Gate()
    async with form(proxied, "HuggingFace") as person:
        await enter(person, TOKEN)
        proxy.default = gate
        await person.press("ctrl+s")
        await person.sees("Asking the cluster who you are")
        await person.type("late")
        person.app.post_message(events.Paste("pasted late"))
        await person.press("shift+tab", "x", "tab", "x", "ctrl+u")
        await person.sees(f"{len(TOKEN)} bytes")
        gate.open()
        await person.sees("hf-token was created.")
    stored = json.loads(kubectl("get", "secret", "hf-token", "-o", "json"))
    assert b64decode(stored["data"]["token"]).decode() == TOKEN


async def test_what_is_typed_after_a_refusal_goes_where_it_went_before(proxy: Proxy, proxied: Clusters) -> None:
    async with form(proxied, "HuggingFace") as person:
        await enter(person, TOKEN)
        proxy.next(answer(403, b'{"kind":"Status","reason":"Forbidden","message":"you may not","code":403}'))
        await person.press("ctrl+s")
        await person.sees("you may not")
        await person.type("more")
        await person.sees(f"{len(TOKEN) + 4} bytes")
