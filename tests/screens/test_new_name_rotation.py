"""Rotating under a new name: create, point each object to it, follow, delete the old one; and the same in reverse."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.conftest import NOW, Kubectl
from tests.demo.client import Client
from tests.proxy import Proxy, answer
from tests.pseudo_terminal import Terminal
from tests.screens.canaries import CANARIES, assert_clean, everything_said
from tests.screens.driving import Session, session
from tests.screens.forms import enter
from tests.screens.killing import SAVE, Held, choose_new_name, enter_value, kill_at, open_values
from tests.screens.replacing import sent
from tests.screens.restarts import LATER, PODS, add_pod, stall
from tests.stored import stored, values
from wbtui.cluster.clusters import KubernetesClusters
from wbtui.demo.background import BackgroundCluster
from wbtui.demo.samples.populate import PROJECT
from wbtui.domain.draft import Draft
from wbtui.domain.handover import REPLACES, REPOINTED, HandoverChange, renamed, users_of
from wbtui.domain.reference_paths import PathTree
from wbtui.domain.rights import Rights
from wbtui.domain.sealed import Sealed
from wbtui.domain.secret import Secret
from wbtui.domain.use_cases.table import GENERIC
from wbtui.handing_over import HandingOver, read_changes
from wbtui.repository import Cluster, Clusters
from wbtui.widgets.masked_value import MaskedValue

OLD, NEW = "slack-webhook", "slack-webhook-v2"
ENV = {"name": "A", "valueFrom": {"secretKeyRef": {"name": OLD, "key": "url"}}}
VOLUME = {"name": "v", "secret": {"secretName": OLD, "items": [{"key": "url", "path": "url"}]}}


def template(**spec: Any) -> dict[str, Any]:
    return {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [{"name": "main", "image": "x"}], **spec}}


@pytest.fixture
def more(kubectl: Kubectl, tmp_path: Path) -> None:
    """Two more workloads that name the secret, one in variables and one as files."""
    container = {"name": "main", "image": "x", "env": [ENV], "envFrom": [{"secretRef": {"name": OLD}}]}
    cron = {"schedule": "0 0 * * *", "jobTemplate": {"spec": {"template": template(restartPolicy="Never")}}}
    cron["jobTemplate"]["spec"]["template"]["spec"]["containers"] = [container]  # type: ignore[index]
    selector = {"matchLabels": {"app": "x"}}
    files = {"replicas": 1, "serviceName": "x", "selector": selector, "template": template(volumes=[VOLUME])}
    for api, kind, name, spec in (
        ("batch/v1", "CronJob", "nightly", cron),
        ("apps/v1", "StatefulSet", "files", files),
    ):
        manifest = tmp_path / f"{name}.json"
        manifest.write_text(json.dumps({"apiVersion": api, "kind": kind, "metadata": {"name": name}, "spec": spec}))
        kubectl("create", "--validate=false", "-f", str(manifest))


async def open_new_name(person: Session, value: str = "https://new") -> None:
    """Enter a value for a new secret, and ask what will happen."""
    await person.sees("live")
    await person.goes_to(OLD)
    await person.press("o")
    await person.sees(f"New values for {OLD}")
    await person.press(*["shift+tab"] * 4, "2")
    await person.sees("New name", NEW)
    await person.press(*["tab"] * 5)
    await enter(person, value)
    await person.press("ctrl+s")


async def rotate(person: Session, objects: str = "1 object is") -> None:
    await open_new_name(person)
    await person.reads(f"From {OLD} to {NEW}", f"{NEW} is created, then {objects} pointed to it", f"+ name: {NEW}")
    await person.press("ctrl+s")
    await person.reads(f"Rotating {OLD} under the new name {NEW}", "Deployment llm-gateway: done")


def names(kubectl: Kubectl, kind: str, name: str) -> set[str]:
    """Return which of the two secrets an object names."""
    manifest = kubectl("get", kind, name, "-o", "json")
    return {secret for secret in (OLD, NEW) if f'"{secret}"' in manifest}


def replace_pods(kubectl: Kubectl, folder: Path) -> None:
    """Do what the controllers do as the Deployment names another secret."""
    add_pod(kubectl, folder, "llm-gateway-new", {"running": {"startedAt": LATER}})
    pod = json.loads(kubectl("get", "pod", "llm-gateway-new", "-o", "json"))
    kubectl("delete", "pod", *PODS, "llm-gateway-new")
    kubectl("patch", "replicaset", "llm-gateway-6c9d8f7b54", "--type=merge", "-p", '{"spec":{"replicas":0}}')
    manifest = folder / "new.json"
    pod["metadata"] = {"name": "llm-gateway-new"}
    manifest.write_text(json.dumps(pod).replace(f'"{OLD}"', f'"{NEW}"'))
    kubectl("create", "--validate=false", "-f", str(manifest))


async def test_all_steps_to_the_end(proxy: Proxy, proxied: Clusters, kubectl: Kubectl, tmp_path: Path) -> None:
    passed = [timedelta()]
    async with session(proxied, size=(120, 50), now=lambda: NOW + passed[0]) as person:
        await rotate(person)
        await person.reads(f"Waiting for 2 pods with {OLD} to be replaced. esc leaves, and o shows this again")
        await person.reads("Waited for 0s so far.")
        passed[0] = timedelta(minutes=25)
        await person.reads("Waited for 25m so far.")
        assert sent(proxy) == ["POST"]
        assert values(kubectl, NEW) == {"url": "https://new"}
        assert stored(kubectl, NEW)["metadata"]["annotations"][REPLACES] == OLD
        assert names(kubectl, "deployment", "llm-gateway") == {NEW}
        replace_pods(kubectl, tmp_path)
        await person.reads(
            f"Done: nothing names {OLD}, and nothing runs on it. ctrl+d deletes it.", "only a rollback needs it"
        )
        await person.press("ctrl+d")
        await person.reads(f"Delete {OLD} for good?", f"type {OLD} and Enter to delete")
        await person.type(OLD)
        await person.press("enter")
        await person.reads("1 of 1 deleted")
        await person.press("escape")
        await person.reads(f"{OLD} was deleted. Nothing is left to do.")
    assert f"secret/{OLD}" not in kubectl("get", "secrets", "-o", "name").split()


async def test_a_workload_that_does_not_replace_its_pods_is_said_to_keep_them(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    paused = "its rollout is paused: resume it first"
    kubectl("patch", "deployment", "llm-gateway", "-p", '{"spec":{"paused":true}}')
    async with session(clusters, size=(120, 50)) as person:
        await open_new_name(person)
        await person.reads(f"Pods of Deployment llm-gateway keep {OLD}: {paused}.", f"+ name: {NEW}")
        await person.press("ctrl+s")
        await person.reads("Waiting for 2 pods", f"Deployment llm-gateway does not replace its pods: {paused}")
        kubectl("patch", "deployment", "llm-gateway", "-p", '{"spec":{"paused":false}}')
        await person.loses("does not replace its pods")
        stall(kubectl, "exceeded quota: small")
        await person.reads("does not replace its pods: its new pods cannot be created: exceeded quota: small")


async def test_nothing_is_written_before_the_difference_is_confirmed(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with session(proxied) as person:
        await open_new_name(person)
        await person.reads(f"From {OLD} to {NEW}", "ctrl+s does that")
        await person.press("escape")
        await person.reads(f"New values for {OLD}", "11 bytes")
    assert sent(proxy) == []
    assert NEW not in kubectl("get", "secrets", "-o", "name")
    assert names(kubectl, "deployment", "llm-gateway") == {OLD}


async def test_the_new_name_may_have_the_date_and_stays_as_it_was_typed(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to(OLD)
        await person.press("o")
        await person.sees(f"New values for {OLD}")
        await person.press(*["shift+tab"] * 4, "3")
        await person.sees("New name", f"{OLD}-2026-11-01")
        await person.press("2")
        await person.sees(NEW)
        await person.press("tab", "end", "x", "shift+tab", "3")
        await person.sees(f"{NEW}x")
        await person.press("tab", "backspace", "shift+tab", "2", "3")
        await person.sees(f"{OLD}-2026-11-01")
        await person.press(*["tab"] * 5)
        await enter(person, "https://new")
        await person.press("ctrl+s")
        await person.reads(f"From {OLD} to {OLD}-2026-11-01")
        await person.press("ctrl+s")
        await person.reads(f"Rotating {OLD} under the new name {OLD}-2026-11-01", "Deployment llm-gateway: done")
        await person.press("escape")
        await person.goes_to(f"{OLD}-2026-11-01")
        await person.press("o")
        await person.reads(f"Rotating {OLD} under the new name {OLD}-2026-11-01")
    assert stored(kubectl, f"{OLD}-2026-11-01")["metadata"]["annotations"][REPLACES] == OLD


async def test_undo_is_the_same_in_reverse(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters, size=(120, 50)) as person:
        await rotate(person)
        await person.reads("goes back")
        await person.press("z")
        await person.reads(f"From {NEW} to {OLD}", f"+ name: {OLD}")
        await person.press("ctrl+s")
        await person.reads("Deployment llm-gateway: done", f"Nothing uses {NEW} yet.")
        assert names(kubectl, "deployment", "llm-gateway") == {OLD}
        await person.press("ctrl+d")
        await person.reads(f"Delete {NEW} for good?")


async def test_an_immutable_secret_gets_a_new_name_by_default(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to("license-server")
        await person.press("o")
        await person.sees("New values for license-server", "[2 under a new name]", "license-server-v2")
        await enter(person, "new license")
        await person.press("ctrl+s")
        await person.reads("From license-server to license-server-v2")
        await person.press("ctrl+s")
        await person.reads("Rotating license-server under the new name license-server-v2")
    made = stored(kubectl, "license-server-v2")
    assert made["immutable"]
    assert values(kubectl, "license-server-v2") == {"license": "new license"}


async def test_a_workload_that_was_changed_since_is_not_changed_until_it_was_shown_again(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    async with session(clusters, size=(120, 50)) as person:
        await open_new_name(person)
        await person.reads(f"From {OLD} to {NEW}", f"+ name: {NEW}")
        kubectl("label", "deployment", "llm-gateway", "by=another")
        await person.press("ctrl+s")
        await person.reads("Deployment llm-gateway: not changed: it is no longer as it was shown")
        assert names(kubectl, "deployment", "llm-gateway") == {OLD}
        await person.reads(f"Nothing uses {NEW} yet. ctrl+s shows what would use it")
        await person.press("ctrl+s")
        await person.reads(f"From {OLD} to {NEW}", "1 object is pointed to it")
        await person.press("ctrl+s")
        await person.reads("Deployment llm-gateway: done")
        assert names(kubectl, "deployment", "llm-gateway") == {NEW}


@pytest.mark.usefixtures("more")
async def test_trouble_with_one_object_does_not_stop_the_others(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with session(proxied, size=(120, 60)) as person:
        await open_new_name(person)
        await person.reads("then 3 objects are pointed to it")
        refused = {"kind": "Status", "message": 'admission webhook "policy" denied the request: no', "code": 403}
        proxy.once("/deployments/llm-gateway", answer(403, json.dumps(refused).encode()))
        await person.press("ctrl+s")
        await person.reads("Deployment llm-gateway: not changed: ", "CronJob nightly: done", "StatefulSet files: done")
        await person.reads(f"Some objects still name {OLD}. ctrl+s shows what would change; z goes back.")
    assert names(kubectl, "deployment", "llm-gateway") == {OLD}
    assert names(kubectl, "statefulset", "files") == {NEW}
    assert names(kubectl, "cronjob", "nightly") == {NEW}


async def test_a_name_that_was_taken_meanwhile_loses_nothing(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await open_new_name(person)
        await person.reads(f"From {OLD} to {NEW}", f"+ name: {NEW}")
        kubectl("create", "secret", "generic", NEW, "--from-literal=url=other")
        await person.press("ctrl+s")
        await person.reads("Name taken")
        assert sum(map(len, person.app.screen.query(MaskedValue))) == len("https://new")
    assert values(kubectl, NEW) == {"url": "other"}
    assert names(kubectl, "deployment", "llm-gateway") == {OLD}


async def test_another_session_shows_where_it_stands_by_either_secret(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("create", "secret", "generic", NEW, "--from-literal=url=new")
    kubectl("annotate", "secret", NEW, f"{REPLACES}={OLD}")
    for name in (OLD, NEW):
        async with session(clusters) as person:
            await person.sees("live")
            await person.goes_to(name)
            await person.press("o")
            await person.reads(f"Rotating {OLD} under the new name {NEW}", f"Nothing uses {NEW} yet.")


async def test_a_value_is_told_nowhere(proxy: Proxy, proxied: Clusters, kubectl: Kubectl) -> None:
    async with session(proxied, size=(120, 50)) as person:
        await open_new_name(person, CANARIES[0])
        fields = list(person.app.screen_stack[-2].query(MaskedValue))
        await person.reads(f"From {OLD} to {NEW}", "ctrl+s does that")
        assert_clean("\n".join(everything_said(person)))
        await person.press("ctrl+s")
        await person.reads("Deployment llm-gateway: done")
        assert_clean("\n".join(everything_said(person)))
        assert not sum(map(len, fields))
    assert values(kubectl, NEW) == {"url": CANARIES[0]}
    carried = [request for request in proxy.requests if b"Y0FuQXJZ" in request.body]
    assert [(request.method, "dryRun" in request.query) for request in carried] == [("POST", True), ("POST", False)]


WATCHED = {
    "secrets": "/api/v1",
    "serviceaccounts": "/api/v1",
    "deployments": "/apis/apps/v1",
    "statefulsets": "/apis/apps/v1",
    "cronjobs": "/apis/batch/v1",
}


class Watch:
    """All that happened to secrets and to what names them, event by event, since it began."""

    def __init__(self, client: Client, existing: dict[str, set[str]], since: str) -> None:
        self._client = client
        self._existing = existing
        self._since = since

    async def assert_nothing_ever_named_what_was_not_there(self) -> int:
        """Check it after every event, in their order; return how many there were."""
        events: list[tuple[int, str, dict[str, Any]]] = []
        for plural, api in WATCHED.items():
            query = f"watch=1&timeoutSeconds=1&resourceVersion={self._since}"
            found = await self._client.send("GET", f"{api}/namespaces/{PROJECT}/{plural}?{query}")
            events += [
                (int(event["object"]["metadata"]["resourceVersion"]), event["type"], event["object"])
                for event in found.body
                if event["type"] != "BOOKMARK"
            ]
        named: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for _, kind, thing in sorted(events, key=lambda event: event[0]):
            name = thing["metadata"]["name"]
            if thing["kind"] == "Secret":
                self._existing[name] = set() if kind == "DELETED" else {"", *(thing.get("data") or {})}
            else:
                named[thing["kind"], name] = set(_named(thing))
            missing = {
                pair for pairs in named.values() for pair in pairs if pair[1] not in self._existing.get(pair[0], ())
            }
            assert not missing, f"{kind} {thing['kind']} {name}: {missing}"
        return len(events)


def _named(thing: dict[str, Any]) -> Iterator[tuple[str, str]]:
    kind = next(kind for (_, name), kind in REPOINTED.items() if name == thing["kind"])
    for holder in PathTree(kind.paths).holders(thing):
        if (name := holder.name(thing)) in {OLD, NEW}:
            yield from ((name, key) for key in holder.used_keys())


@pytest.fixture
async def watch(cluster: BackgroundCluster, more: None) -> AsyncIterator[Watch]:
    del more
    async with aiohttp.ClientSession(cluster.url) as http:
        client = Client(http, cluster.token())
        listed = (await client.send("GET", f"/api/v1/namespaces/{PROJECT}/secrets")).body
        existing = {item["metadata"]["name"]: {"", *(item.get("data") or {})} for item in listed["items"]}
        yield Watch(client, existing, listed["metadata"]["resourceVersion"])


async def reviewed(cluster: Cluster, old: Secret, new: str) -> tuple[HandoverChange, ...]:
    users = users_of(old, await cluster.usage(PROJECT), Rights(PROJECT))
    return (await read_changes(cluster.workloads, users.changeable, old.name, new, ("url",))).changes


def draft_of(old: Secret) -> Draft:
    form = GENERIC.entry_forms[0]
    entry = {form.fields[0].name: Sealed(b"url"), form.fields[1].name: Sealed(b"new")}
    draft = Draft(namespace=PROJECT, name=OLD, use_case=None, entry_form=form, entries=(entry,), keys={}, type=old.type)
    return renamed(draft, old, NEW)


def rotate_in_terminal(terminal: Terminal) -> None:
    open_values(terminal, OLD)
    choose_new_name(terminal)
    enter_value(terminal, "https://new")
    terminal.reads(f"From {OLD} to {NEW}", "3 objects are pointed to it")
    terminal.press(SAVE)


@pytest.mark.parametrize("written", range(5))
async def test_killed_between_any_two_steps_nothing_names_what_is_not_there_and_another_session_goes_on(
    proxy: Proxy,
    proxied: Clusters,
    clusters: Clusters,
    environment: dict[str, str],
    tmp_path: Path,
    kubectl: Kubectl,
    watch: Watch,
    written: int,
) -> None:
    """A process is killed once so many of its writes are done: the new secret, and then one object after the other."""
    del proxied  # its kubeconfig is used
    held = Held(written or 1, done=bool(written))
    await kill_at(held, proxy, environment, tmp_path / "proxied", rotate_in_terminal)
    assert await watch.assert_nothing_ever_named_what_was_not_there() == written
    async with session(clusters, size=(120, 60)) as person:
        await person.sees("live")
        await person.goes_to(OLD)
        await person.press("o")
        if not written:
            await person.sees(f"New values for {OLD}")
            return
        await person.reads(f"Rotating {OLD} under the new name {NEW}")
        await person.loses("Searching", "kinds so far")
        if left := 4 - written:
            await person.press("ctrl+s")
            await person.reads(f"{left} object{'s are' if left > 1 else ' is'} pointed to it")
            await person.press("ctrl+s")
        await person.reads(f"Waiting for 2 pods with {OLD}")
        await person.press("z")
        await person.reads(f"From {NEW} to {OLD}", "3 objects are pointed to it")
        await person.press("ctrl+s")
        await person.reads("StatefulSet files: done", "Deployment llm-gateway: done", "CronJob nightly: done")
    assert await watch.assert_nothing_ever_named_what_was_not_there() >= 7
    assert names(kubectl, "statefulset", "files") == {OLD}


@pytest.mark.usefixtures("more")
@pytest.mark.parametrize(
    ("keys", "reason"),
    [(("other",), f"it reads url, which is no key in {NEW}"), (None, f"it reads url; the keys of {NEW} are not known")],
)
async def test_what_reads_a_key_that_the_new_secret_does_not_have_is_left_alone(
    clusters: KubernetesClusters, keys: tuple[str, ...] | None, reason: str
) -> None:
    cluster = await clusters.connect()
    old = await cluster.read(Secret("", PROJECT, OLD, ""))
    users = users_of(old, await cluster.usage(PROJECT), Rights(PROJECT))
    found = await read_changes(cluster.workloads, users.changeable, OLD, NEW, keys)
    await cluster.close()
    assert not found.changes
    assert {str(user): said for user, said in found.left} == dict.fromkeys(
        ("CronJob nightly", "Deployment llm-gateway", "StatefulSet files"), reason
    )


async def test_a_quota_that_is_full_by_then_loses_nothing(proxy: Proxy, proxied: Clusters, kubectl: Kubectl) -> None:
    async with session(proxied) as person:
        await open_new_name(person)
        await person.reads(f"From {OLD} to {NEW}", f"+ name: {NEW}")
        said = "secrets is forbidden: exceeded quota: q, requested: secrets=1, used: secrets=5, limited: secrets=5"
        full = {"kind": "Status", "code": 403, "reason": "Forbidden", "message": said}
        proxy.once("/secrets", answer(403, json.dumps(full).encode()))
        await person.press("ctrl+s")
        await person.reads("Over quota", "11 bytes")
    assert f"secret/{NEW}" not in kubectl("get", "secrets", "-o", "name").split()
    assert names(kubectl, "deployment", "llm-gateway") == {OLD}


async def test_nothing_is_pointed_to_a_secret_that_was_deleted_after_the_review(
    clusters: KubernetesClusters, kubectl: Kubectl, watch: Watch
) -> None:
    cluster = await clusters.connect()
    old = await cluster.read(Secret("", PROJECT, OLD, ""))
    changes = await reviewed(cluster, old, NEW)
    new = await cluster.create(draft_of(old))
    kubectl("delete", "secret", NEW)
    handing_over = HandingOver(cluster, new, changes)
    async for _ in handing_over.run():
        pass
    assert {str(state) for state in handing_over.progress.values()} == {f"not changed: {NEW} was deleted"}
    await cluster.close()
    await watch.assert_nothing_ever_named_what_was_not_there()
    assert names(kubectl, "deployment", "llm-gateway") == {OLD}
