"""Who uses a secret: found, moved in, and followed while one looks."""

import json
from collections.abc import Callable

import pytest

from tests.conftest import Kubectl
from tests.screens.driving import Session, session
from wbtui.demo.apiserver.objects.store import Watcher
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.index import SecretIndex
from wbtui.domain.projects import StartLocation
from wbtui.repository import Clusters
from wbtui.screens.used_by import UsedByScreen
from wbtui.widgets.use_list import UseList


async def open_used_by(person: Session, name: str) -> None:
    await person.sees("live")
    await person.goes_to(name)
    await person.press("u")
    await person.sees(f"Used by: {name}", "Searched:")
    await person.loses("kinds so far")


async def filter_by(person: Session, text: str) -> None:
    await person.press("slash")
    await person.type(text)
    await person.press("enter")


def under_cursor(person: Session) -> str:
    use = person.app.screen.query_one(UseList).current
    return f"{use.user} {use.reference.path}" if use else ""


def on(person: Session, what: str) -> Callable[[], bool]:
    return lambda: under_cursor(person).startswith(what)


async def test_uses_stand_once_under_who_is_responsible(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await open_used_by(person, "slack-webhook")
        await person.sees(
            "Deployment llm-gateway",
            "…containers[gateway].env[SLACK_WEBHOOK_URL].valueFrom.secretKeyRef.name, key url",
            "; also in 2 Pods, 1 ReplicaSet",
            "Not in this cluster: ",
        )
        assert person.text().count("SLACK_WEBHOOK_URL") == 1


async def test_the_keys_of_the_table_move_from_use_to_use(clusters: Clusters) -> None:
    async with session(clusters, size=(80, 24)) as person:
        await open_used_by(person, "pg-evaluations")
        first, second, last = "CronJob nightly-eval", "Deployment eval-dashboard", "Deployment llm-gateway"
        await person.press("g")  # the cursor is on the use that was found first
        await person.until(on(person, first))
        for key, use in (("j", second), ("down", last), ("k", second), ("G", last), ("g", first), ("up", last)):
            await person.press(key)
            await person.until(on(person, use))
            await person.sees(use)


async def test_enter_gives_the_use_that_was_chosen(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await open_used_by(person, "pg-evaluations")
        chosen: list[object] = []
        table = person.app.screen_stack[0]
        screen = UsedByScreen(table.session, table.list, table.list.table.current, print)  # type: ignore[attr-defined]
        await person.press("escape")
        person.app.push_screen(screen, chosen.append)
        await person.sees("Used by: pg-evaluations", "Searched:")
        await person.press("j")
        await person.until(on(person, "Deployment eval-dashboard"))
        use = screen.query_one(UseList).current
        await person.press("enter")
        await person.loses("Used by: pg-evaluations")
        assert chosen == [use]


@pytest.mark.parametrize("key", ["escape", "q", "u"])
async def test_back_to_the_table(clusters: Clusters, key: str) -> None:
    async with session(clusters) as person:
        await open_used_by(person, "slack-webhook")
        await person.press(key)
        await person.loses("Used by: slack-webhook")
        assert person.current() == "slack-webhook"


async def test_uses_come_and_go_and_the_cursor_stays_on_its_own(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await open_used_by(person, "pg-evaluations")
        await person.press("G")
        await person.until(on(person, "Deployment llm-gateway"))
        kubectl("set", "env", "statefulset/vector-db", "--from=secret/pg-evaluations")
        await person.sees("StatefulSet vector-db")
        assert under_cursor(person).startswith("Deployment llm-gateway")
        kubectl("delete", "cronjob", "nightly-eval")
        await person.loses("CronJob nightly-eval")
        assert under_cursor(person).startswith("Deployment llm-gateway")
        kubectl("delete", "deployment", "llm-gateway")
        await person.until(lambda: not on(person, "Deployment llm-gateway")())
        # What the demo's ReplicaSet and Pods name stays: nobody collects them.
        await person.sees("ReplicaSet llm-gateway-6c9d8f7b54: …containers[gateway]")


async def test_a_secret_that_nobody_names(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await open_used_by(person, "litellm-config")
        await person.sees("No users found. Every kind in the cluster that can name a secret was searched.")
        assert not under_cursor(person)
        await person.press("j", "enter")
        kubectl("set", "env", "deployment/eval-dashboard", "--from=secret/litellm-config")
        await person.sees("Deployment eval-dashboard", "env[MASTER_KEY]")
        await person.loses("No users found")
        assert under_cursor(person).startswith("Deployment eval-dashboard")


async def test_old_revisions_and_optional_references_are_said_to_be_so(clusters: Clusters, kubectl: Kubectl) -> None:
    old = {"spec": {"replicas": 0, "template": {"spec": {"volumes": [_volume("litellm-config")]}}}}
    kubectl("patch", "replicaset", "eval-dashboard-7b5d4c6f8c", "-p", json.dumps(old))
    async with session(clusters) as person:
        await open_used_by(person, "litellm-config")
        await person.sees(
            "Deployment eval-dashboard", "ReplicaSet eval-dashboard-7b5d4c6f8c, scaled to 0: …volumes[old]"
        )
        await person.sees("volumes[old].secret.secretName, optional")
        await person.press("escape")
        await open_used_by(person, "pg-feature-store")
        await person.sees("; also in 1 Pod, 1 ReplicaSet scaled to 0")


def _volume(name: str) -> dict[str, object]:
    return {"name": "old", "secret": {"secretName": name, "optional": True}}


async def test_a_key_that_is_not_there_is_a_finding(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await open_used_by(person, "hf-legacy")
        await person.sees("AIMService qwen-chat", "key hf_token", "no such key in the secret")


async def test_a_secret_that_changes_or_goes_is_said_to(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await open_used_by(person, "hf-legacy")
        patch = json.dumps({"stringData": {"hf_token": "x"}})
        kubectl("patch", "secret", "hf-legacy", "-p", patch)
        await person.sees("─ changed ─")
        await person.loses("no such key in the secret")
        kubectl("delete", "secret", "hf-legacy")
        await person.sees("─ deleted ─", "AIMService qwen-chat")


async def test_nothing_runs_off_a_small_screen(clusters: Clusters, kubectl: Kubectl) -> None:
    long = "a-name-that-is-long-" * 9
    container = {"name": "web", "env": [_env(long)]}
    kubectl(
        "patch",
        "deployment",
        "eval-dashboard",
        "-p",
        json.dumps({"spec": {"template": {"spec": {"containers": [container]}}}}),
    )
    async with session(clusters, size=(80, 24)) as person:
        await open_used_by(person, "litellm-config")
        await person.sees("Deployment eval-dashboard")
        shown = "".join(line.partition("│")[2].partition("│")[0].strip() for line in person.lines())
        assert f"containers[web].env[{long}].valueFrom.secretKeyRef.name, key master-key" in shown


async def test_names_are_no_commands_and_no_markup(clusters: Clusters, kubectl: Kubectl) -> None:
    patch = json.dumps({"spec": {"env": [_env("[bold]a\x1b[31m\u202e")]}})
    kubectl("patch", "aimservice", "support-chat", "--type=merge", "-p", patch)
    async with session(clusters) as person:
        await open_used_by(person, "litellm-config")
        await person.sees("spec.env[[bold]a\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}]")


def _env(name: str) -> dict[str, object]:
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": "litellm-config", "key": "master-key"}}}


async def test_unused_secrets_are_filtered_and_followed(clusters: Clusters, kubectl: Kubectl) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await filter_by(person, "is:unused type:opaque")
        await person.until(lambda: "litellm-config" in person.names())
        assert "slack-webhook" not in person.names()
        count = len(person.names())
        kubectl("set", "env", "deployment/eval-dashboard", "--from=secret/litellm-config")
        await person.until(lambda: "litellm-config" not in person.names())
        await person.sees(f"{count - 1} of 27")
        kubectl("create", "secret", "generic", "fresh-one", "--from-literal=a=1")
        await person.until(lambda: "fresh-one" in person.names())
        kubectl("set", "env", "deployment/eval-dashboard", "MASTER_KEY-")
        await person.until(lambda: "litellm-config" in person.names())


async def test_used_and_unused_are_all_but_what_is_used_by_its_type(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.press("h")
        await person.sees("33 secrets")
        found: list[set[str]] = []
        for text, name in (("is:unused", "litellm-config"), ("!is:unused", "slack-webhook"), ("", "docker-hub-pull")):
            await filter_by(person, text)
            await person.until(lambda: name in person.names())  # noqa: B023  waited for at once
            found.append({secret.name for secret in listed(person)})
            await person.press("escape")
        unused, used, every = found
    assert not used & unused
    assert every - used - unused == {name for name in every if name.startswith("sh.helm.release.v1.")} != set()


def listed(person: Session) -> SecretIndex:
    index = person.app.screen_stack[0].list.index  # type: ignore[attr-defined]
    assert isinstance(index, SecretIndex)
    return index


async def test_while_nothing_is_known_nothing_is_called_unused(clusters: Clusters, cluster: BackgroundCluster) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        cluster.stop()
        await filter_by(person, "is:unused")
        await person.sees("Uses not known: 127.0.0.1", "Unused secrets are shown once the search is complete.")
        assert not len(listed(person))
        cluster.start()
        await person.until(lambda: "litellm-config" in person.names())


async def test_what_could_not_be_searched_is_beside_what_is_unused(clusters: Clusters) -> None:
    async with session(clusters, start=StartLocation(context="demo-restricted"), size=(80, 24)) as person:
        await person.sees("live")
        await filter_by(person, "is:unused")
        await person.sees("0 of 27 · not known which are unused: could not look at ")
        assert not len(listed(person))


async def test_another_project_is_looked_at_anew(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await filter_by(person, "is:unused")
        await person.until(lambda: "litellm-config" in person.names())
        await person.press("p")
        await person.sees("Go to a project", "training")
        await person.type("training")
        await person.press("enter")
        await person.sees("› training", "is:unused")
        await person.until(lambda: "ray-cluster-token" in person.names())


def watchers_of(cluster: BackgroundCluster) -> set[Watcher]:
    found: set[Watcher] = set()
    cluster._call(lambda: found.update(cluster.cluster.store.watchers))  # noqa: SLF001  it changes on its own thread
    return found


_LIST = 2
"""Watches of the list: the secrets, and the ExternalSecrets that write them."""


async def test_nobody_is_followed_before_someone_looks_and_the_project_is_followed_once(
    clusters: Clusters, cluster: BackgroundCluster
) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await person.until(lambda: len(watchers_of(cluster)) == _LIST)
        await open_used_by(person, "slack-webhook")
        watchers = watchers_of(cluster)
        await person.press("escape")
        await open_used_by(person, "hf-legacy")
        await person.press("escape")
        await filter_by(person, "is:unused")
        await person.until(lambda: "litellm-config" in person.names())
        assert watchers_of(cluster) == watchers
        await person.press("h")
        await person.sees("Helm shown", "of 33")
        await person.until(lambda: len(watchers & watchers_of(cluster)) == len(watchers) - _LIST)
        await person.press("escape")
        await person.press("p")
        await person.sees("Go to a project", "training")
        await person.type("training")
        await person.press("enter")
        await person.sees("› training", "live")
        await person.until(lambda: len(watchers_of(cluster)) == _LIST)


async def test_another_cluster_is_looked_at_with_its_own_eyes(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await filter_by(person, "is:unused")
        await person.until(lambda: "litellm-config" in person.names())
        await person.press("colon")
        await person.type("ctx demo-restricted")
        await person.press("enter")
        await person.sees("restricted@example.com", "0 of 27 · not known which are unused: could not look at 24")


async def test_after_a_new_login_uses_are_known_again(clusters: Clusters, cluster: BackgroundCluster) -> None:
    async with session(clusters) as person:
        await person.sees("live")
        await filter_by(person, "is:unused")
        await person.sees("8 of 27")
        cluster.revoke("demo")
        await person.sees("not logged in")
        cluster.restore("demo")
        await person.press("ctrl+r")
        await person.sees("8 of 27")
        await person.loses("not known which are unused", "not known")


async def test_of_all_projects_one_is_looked_at_until_all_are_asked_for(clusters: Clusters) -> None:
    async with session(clusters, start=StartLocation(all_projects=True)) as person:
        await open_used_by(person, "slack-webhook")
        await person.sees("Deployment llm-gateway")
        await person.press("escape")
        await filter_by(person, "is:unused")
        await person.until(lambda: {"litellm-config", "ray-cluster-token"} <= set(person.names()))
        await person.press("slash", "escape")
        await person.sees("43 secrets")
        await open_used_by(person, "hf-legacy")
        await person.sees("AIMService qwen-chat")


async def test_while_the_server_is_away_what_was_known_is_said_to_be_old(
    clusters: Clusters, cluster: BackgroundCluster, kubectl: Kubectl
) -> None:
    async with session(clusters) as person:
        await open_used_by(person, "slack-webhook")
        cluster.stop()
        await person.sees("Deployment llm-gateway", "Searched: ExternalSecret.", "Not up to date (127.0.0.1")
        await person.press("escape")
        await filter_by(person, "is:unused")
        await person.sees("8 of 27 · as of ", "not known which are unused: could not look at ")
        cluster.start()
        await person.loses("not known which are unused")
        kubectl("set", "env", "deployment/eval-dashboard", "--from=secret/litellm-config")
        await person.sees("7 of 27")
