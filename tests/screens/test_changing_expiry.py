"""Changing or removing the date of a secret that is there, without its values."""

import json
from datetime import timedelta
from pathlib import Path

from tests.conftest import NOW, Kubectl
from tests.proxy import Proxy, answer
from tests.screens.driving import Session, session
from tests.screens.replacing import sent
from tests.stored import stored
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.demo.apiserver.access.users import Role, RoleRule, TokenUser
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.expiry import EXPIRES
from wbtui.repository import Clusters

SECRET = "hf-token-eval"


def date_of(kubectl: Kubectl) -> str | None:
    """Return the date that is stored."""
    found: str | None = stored(kubectl, SECRET)["metadata"]["annotations"].get(EXPIRES)
    return found


async def open_date(person: Session) -> None:
    """Open the form with the date."""
    await person.sees(" live\n")
    await person.goes_to(SECRET)
    await person.press("E")
    await person.reads(f"When {SECRET} in llm-serving expires")


async def test_a_date_is_set_changed_and_removed(proxy: Proxy, proxied: Clusters, kubectl: Kubectl) -> None:
    before = stored(kubectl, SECRET)["data"]
    async with session(proxied) as person:
        await open_date(person)
        await person.type("10d\n")
        await person.sees(f"{SECRET} expires 2026-11-11 12:00 UTC.")
        await person.until(lambda: "expires in 10d" in person.line(SECRET))
        assert date_of(kubectl) == "2026-11-11T12:00:00Z"
        await open_date(person)
        await person.sees("2026-11-11T12:00:00Z")
        await person.press("ctrl+u")
        await person.type("2027-01-31")
        await person.press("ctrl+s")
        await person.sees(f"{SECRET} expires 2027-01-31.")
        await open_date(person)
        await person.press("ctrl+u", "ctrl+s")
        await person.sees(f"{SECRET} has no date of its own any more.")
    assert date_of(kubectl) is None
    assert stored(kubectl, SECRET)["data"] == before
    assert sent(proxy) == ["PATCH"] * 3
    assert not [request for request in proxy.requests if b'"data"' in request.body]


async def test_a_command_brings_the_date_into_the_form(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await person.sees(" live\n")
        await person.goes_to(SECRET)
        await person.press(":")
        await person.type("expires 12w\n")
        await person.sees(f"{(NOW + timedelta(weeks=12)):%Y-%m-%d %H:%M} UTC, in 84d.")
        await person.press("ctrl+s")
        await person.sees(f"{SECRET} expires 2027-01-24 12:00 UTC.")
    assert date_of(kubectl) == "2027-01-24T12:00:00Z"


async def test_what_is_no_date_stays_in_the_line(proxy: Proxy, proxied: Clusters) -> None:
    async with session(proxied) as person:
        await open_date(person)
        await person.type("next week\n")
        await person.reads("Not saved: Expires: a date is written as 2027-01-31", "next week")
        await person.press("escape")
        await person.sees("Leave the form?")
        await person.press("y")
        await person.sees(" live\n")
    assert not sent(proxy)


async def test_an_annotation_that_is_no_date_is_shown_until_a_date_replaces_it(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    kubectl("annotate", "secret", SECRET, f"{EXPIRES}=tomorrow")
    async with session(clusters) as person:
        await open_date(person)
        await person.reads('Now it is "tomorrow", which is no date.')
        await person.type("2027-01-31\n")
        await person.sees(f"{SECRET} expires 2027-01-31.")
        await open_date(person)
        await person.until(lambda: "which is no date" not in person.said())
    assert date_of(kubectl) == "2027-01-31"


async def test_a_change_of_somebody_else_is_shown_and_saved_over_only_when_asked(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    async with session(clusters) as person:
        await open_date(person)
        kubectl("annotate", "secret", SECRET, f"{EXPIRES}=2026-11-05")
        await person.type("90d")
        await person.press("ctrl+s")
        await person.reads("saves the date anyway", "90d")
        assert date_of(kubectl) == "2026-11-05"
        await person.press("ctrl+s")
        await person.sees(f"{SECRET} expires 2027-01-30 12:00 UTC.")
    assert date_of(kubectl) == "2027-01-30T12:00:00Z"


async def test_another_secret_of_the_same_name_gets_no_date_and_the_form_says_what_happened(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    async with session(clusters) as person:
        await open_date(person)
        kubectl("delete", "secret", SECRET)
        kubectl("create", "secret", "generic", SECRET, "--from-literal=token=another")
        await person.type("90d")
        for _ in range(2):
            await person.press("ctrl+s")
            await person.reads("another one of the same name was created", "Go back with esc", "90d")
    assert EXPIRES not in stored(kubectl, SECRET)["metadata"].get("annotations", {})


async def test_a_refusal_leaves_the_date_in_the_line(proxy: Proxy, proxied: Clusters) -> None:
    async with session(proxied) as person:
        await open_date(person)
        await person.type("90d")
        refusal = {"kind": "Status", "code": 403, "message": 'secrets "x" is forbidden: quiet hours'}
        proxy.next(answer(201, b"{}"), answer(403, json.dumps(refusal).encode()))
        await person.press("ctrl+s")
        await person.until(lambda: "Saving" not in person.text())
        await person.sees("90d")


async def test_patch_is_all_that_it_takes(tmp_path: Path) -> None:
    rules = (RoleRule(("list", "watch", "patch"), ("secrets",)),)
    users = {"demo": TokenUser("demo@example.com", "demo-token", (Role("dates", rules, "llm-serving"),))}
    with BackgroundCluster(now=lambda: NOW, users=users) as cluster:
        path = tmp_path / "kubeconfig-of-dates"
        path.write_text(json.dumps(cluster.kubeconfig()))
        async with session(KubernetesClusters(Preferences(str(path)))) as person:
            await open_date(person)
            await person.type("90d\n")
            await person.sees(f"{SECRET} expires 2027-01-30 12:00 UTC.")


async def test_without_patch_the_key_says_what_is_missing(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees(" live\n")
        await person.goes_to("pg-vectors-app")
        await person.press("E")
        await person.sees("Cluster pg-vectors manages it")
