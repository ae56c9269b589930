"""What the session knows: who one is and what one may, asked again whenever it may be something else."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Kubectl
from tests.proxy import Exchange, Fault, Proxy, answer, forward, hang
from tests.screens.driving import Session, session
from tests.screens.restarts import see_old_value_held
from wbtui.actions import ACTIONS
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.cluster.connection import RequestOptions
from wbtui.demo.apiserver.access.users import CLUSTER_ADMIN, TokenUser
from wbtui.demo.apiserver.kinds.table import SECRETS
from wbtui.demo.background import BackgroundCluster
from wbtui.domain.projects import StartLocation
from wbtui.repository import Clusters

USER = "demo@example.com"
SUBMITTER = "jsonpath={.metadata.annotations.airm\\.silogen\\.ai/submitter}"
READS_ALL = {"verbs": ["get", "list", "watch"], "apiGroups": ["*"], "resources": ["*"]}
WRITES = {"verbs": ["*"], "apiGroups": [""], "resources": ["secrets"]}
READS = {"verbs": ["get", "list", "watch"], "apiGroups": [""], "resources": ["secrets"]}


def with_rules(*rules: dict[str, list[str]]) -> Fault:
    """Tell of fewer rights than one has."""
    said = {"status": {"resourceRules": rules, "incomplete": False}}

    async def fault(exchange: Exchange) -> None:
        reviews = exchange.request.path.endswith("/selfsubjectrulesreviews")
        await (answer(201, json.dumps(said).encode()) if reviews else forward)(exchange)

    return fault


only_reading, only_secrets = with_rules(READS), with_rules(READS_ALL, WRITES)


async def test_the_user_is_named_when_the_server_comes_late(cluster: BackgroundCluster, clusters: Clusters) -> None:
    cluster.stop()
    async with session(clusters) as person:
        await person.sees("No connection", "reconnecting in")
        assert USER not in person.text()
        cluster.start()
        await person.sees("27 secrets", " live\n", f"  {USER}")


async def test_the_user_is_named_after_a_new_login_and_ctrl_r(cluster: BackgroundCluster, clusters: Clusters) -> None:
    cluster.revoke("demo")
    async with session(clusters) as person:
        await person.sees("Not logged in")
        assert USER not in person.text()
        cluster.restore("demo")
        await person.press("ctrl+r")
        await person.sees("live", f"  {USER}")


async def test_a_form_from_before_the_login_names_who_saves_it(
    cluster: BackgroundCluster, clusters: Clusters, kubectl: Kubectl
) -> None:
    cluster.revoke("demo")
    async with session(clusters) as person:
        await person.sees("Not logged in")
        await person.press("a")
        await person.sees("created by unknown")
        await person.press(*"late", "ctrl+u", *"late-login", "tab", "tab", *"hf_0123456789abcdefghijABCDEFGHIJ0123")
        cluster.restore("demo")
        await person.press("ctrl+s")
        await person.sees("late-login was created")
    assert kubectl("get", "secret", "late-login", "-o", SUBMITTER) == USER


def edit(kubeconfig: Path, replacements: dict[str, str]) -> None:
    text = kubeconfig.read_text()
    for before, after in replacements.items():
        text = text.replace(before, after)
    kubeconfig.write_text(text)


async def test_a_context_that_is_edited_takes_no_write_until_ctrl_r_shows_where_it_leads(
    cluster: BackgroundCluster, kubeconfig: Path, clusters: Clusters, kubectl: Kubectl
) -> None:
    elsewhere = {"alice": TokenUser("alice@example.com", "alice-token", (CLUSTER_ADMIN,))}
    with BackgroundCluster(secrets=3, users=elsewhere) as other:
        async with session(clusters) as person:
            await person.sees("27 secrets", " live\n", f"  {USER}")
            await person.press("a")
            await person.press(*"late", "ctrl+u", *"late-login", "tab", "tab", *"hf_0123456789abcdefghijABCDEFGHIJ0123")
            edit(kubeconfig, {cluster.url: other.url, "demo-token": "alice-token"})
            await person.press("ctrl+s")
            await person.sees("leads to", "which is another server", "late-login")
            await person.press("escape")
            await person.sees("Leave the form?")
            await person.press("y")
            await person.sees("27 secrets")
            await person.press("ctrl+r")
            await person.sees("30 secrets", " live\n", "  alice@example.com")
    assert "late-login" not in kubectl("get", "secrets", "-o", "name")


async def test_a_right_that_was_granted_works_after_ctrl_r(proxy: Proxy, proxied: Clusters) -> None:
    proxy.default = only_reading
    async with session(proxied) as person:
        await person.sees("live", USER)
        await person.goes_to("hf-token-llama")
        await person.until(lambda: not person.app.screen.active_bindings["e"].enabled)
        await person.press("e")
        await person.sees("Not allowed: needs patch on secrets in llm-serving")
        proxy.default = forward
        await person.press("ctrl+r")
        await person.until(lambda: person.app.screen.active_bindings["e"].enabled)
        await person.press("e")
        await person.sees("New values for hf-token-llama")


@asynccontextmanager
async def without_right(proxied: Clusters, proxy: Proxy, answers: Fault, **more: Any) -> AsyncIterator[Session]:
    """Yield a session on a secret whose workloads the user may not change, as the proxy answers for the cluster."""
    proxy.default = answers
    async with session(proxied, **more) as person:
        await person.sees("live", USER)
        await person.goes_to("slack-webhook")
        await person.until(lambda: not person.app.screen.active_bindings["w"].enabled)
        yield person


@pytest.mark.parametrize(
    ("window", "key", "missing", "opened"),
    [
        ("enter", "o", "secrets", "New values for slack-webhook"),
        ("u", "o", "secrets", "New values for slack-webhook"),
        ("u", "enter", "deployments", "Remove slack-webhook from Deployment llm-gateway"),
    ],
)
async def test_a_right_that_was_granted_works_at_the_second_press_in_a_window(
    proxy: Proxy, proxied: Clusters, window: str, key: str, missing: str, opened: str
) -> None:
    async with without_right(proxied, proxy, only_reading) as person:
        proxy.default = forward
        await person.press(window)
        await person.sees("Deployment llm-gateway")
        await person.press(key)
        await person.sees(f"Not allowed: needs patch on {missing} in llm-serving.")
        await person.until(lambda: person.app.screen.active_bindings["w"].enabled)
        await person.press(window)
        await person.sees("Deployment llm-gateway")
        await person.press(key)
        await person.sees(opened)


async def test_a_right_to_restart_that_was_granted_is_asked_for_again(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with without_right(proxied, proxy, only_secrets) as person:
        await see_old_value_held(person, kubectl)
        await person.press("r")
        await person.reads("Not allowed: needs patch on deployments in llm-serving.")
        proxy.default = forward
        await person.press("escape", "r")
        await person.reads("ctrl+s restarts what holds the old value")
        await person.press("ctrl+s")
        await person.reads("Restart what holds the old value?")


async def test_a_rotation_asks_for_the_right_to_restart_again(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with without_right(proxied, proxy, only_secrets, size=(160, 40)) as person:
        await see_old_value_held(person, kubectl)
        await person.press("escape")
        await person.sees("old value held")
        await person.press("o")
        await person.reads("What holds old values of slack-webhook", "Not allowed: needs patch on deployments")
        proxy.default = forward
        await person.press("ctrl+s")
        await person.reads("ctrl+s restarts what still holds the old value.")
        await person.press("ctrl+s")
        await person.reads("Restart what holds the old value?")


async def test_a_right_that_was_granted_works_at_the_second_press(proxy: Proxy, proxied: Clusters) -> None:
    proxy.default = only_reading
    async with session(proxied) as person:
        await person.sees("live", USER)
        await person.until(lambda: not person.app.screen.active_bindings["a"].enabled)
        await person.press("a")
        await person.sees("Not allowed: needs create on secrets in llm-serving")
        await person.until(lambda: sum("selfsubjectrules" in request.path for request in proxy.requests) == 2)
        proxy.default = forward
        await person.press("a")
        await person.until(lambda: person.app.screen.active_bindings["a"].enabled)
        await person.press("a")
        await person.sees("Creates in llm-serving")


async def test_a_read_only_session_offers_no_writing_in_all_projects(kubeconfig: Path) -> None:
    clusters = KubernetesClusters(Preferences(str(kubeconfig), options=RequestOptions(read_only=True)))
    async with session(clusters, start=StartLocation(all_projects=True)) as person:
        await person.sees("live", "read-only", "q Quit")
        assert not any(title in person.lines()[-1] for title in ("Create", "Replace", "Delete", "Use ", "Model"))


async def test_escape_ends_the_wait_for_a_server_that_says_nothing(proxy: Proxy, proxied: Clusters) -> None:
    proxy.default = hang
    async with session(proxied) as person:
        await person.sees("connecting to demo … 3 s, Escape stops")
        await person.press("escape")
        await person.sees("Stopped", "You stopped waiting for the cluster.", "Press ctrl+r to try again.")
        proxy.default = forward
        await person.press("ctrl+r")
        await person.sees("27 secrets", " live\n")


async def test_escape_means_the_filter_while_there_is_one(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.sees("live", "27 secrets")
        await person.press("slash", *"hf", "enter", "escape")
        await person.sees("27 secrets", "live")
        await person.press("escape")
        await person.sees("27 secrets", "live")


async def one_secret_alone(exchange: Exchange) -> None:
    """Forbid to list secrets."""
    if exchange.request.path.endswith("/namespaces/llm-serving/secrets"):
        said = {"kind": "Status", "reason": "Forbidden", "message": "secrets is forbidden", "code": 403}
        await answer(403, json.dumps(said).encode())(exchange)
    else:
        await forward(exchange)


async def test_a_secret_can_be_opened_by_its_name_where_listing_is_forbidden(proxy: Proxy, proxied: Clusters) -> None:
    proxy.default = one_secret_alone
    async with session(proxied) as person:
        await person.sees("Forbidden", USER)
        await person.press("colon", *"secret", "space", *"hf-token-llama", "enter")
        await person.until(lambda: person.names() == ["hf-token-llama"])
        await person.sees(" forbidden")
        await person.press("enter")
        await person.sees("created by", "Values are never shown")
        await person.press("escape", "colon", *"secret", "space", *"nobody", "enter")
        await person.sees("There is no secret nobody in llm-serving")
        await person.press("colon", *"secret", "space", *"../pods", "enter")
        await person.sees("No secret can be called ../pods")


ODD: dict[str, dict[str, Any]] = {
    "bare": {},
    "no-keys": {"type": "Opaque", "metadata": {"labels": {"airm.silogen.ai/use-case": "HuggingFace"}}},
    "unknown-use": {"type": "example.com/odd", "metadata": {"labels": {"airm.silogen.ai/use-case": "[/]\u001b[31m"}}},
    "owned": {
        "metadata": {"ownerReferences": [{"apiVersion": "v1", "kind": "Pod", "name": "[b]../x", "uid": "1"}]},
        "data": {"k": "eA=="},
    },
    "going": {"metadata": {"deletionTimestamp": "2026-10-01T00:00:00Z", "finalizers": ["example.com/[x]"]}},
    "odd-keys": {"data": {"..data.": "", "-": "", "9": "eA=="}, "immutable": True},
    "pull": {"type": "kubernetes.io/dockerconfigjson"},
}


@pytest.mark.parametrize("name", ODD)
async def test_no_action_breaks_on_an_odd_secret(cluster: BackgroundCluster, clusters: Clusters, name: str) -> None:
    odd = ODD[name]
    metadata = {"name": name, "namespace": "llm-serving", "uid": f"uid-{name}", **odd.get("metadata", {})}
    cluster.cluster.store.load(SECRETS, [{**odd, "metadata": metadata}])
    async with session(clusters) as person:
        await person.sees("live")
        await person.goes_to(name)
        screen: Any = person.app.screen
        for action in ACTIONS.values():
            if action.name not in {"quit", "demo", "context"}:
                screen.run(action)
                await person.pilot.pause()
                while person.app.screen is not screen:
                    await person.app.pop_screen()
        await person.sees("live")


async def test_where_nothing_may_be_searched_nothing_is_known_of_uses(proxy: Proxy, proxied: Clusters) -> None:
    refuse = answer(403, b'{"kind":"Status","reason":"Forbidden","message":"you may not","code":403}')

    async def only_secrets(exchange: Exchange) -> None:
        listed = exchange.request.method == "GET" and not exchange.request.path.endswith("/secrets")
        await (refuse if listed else forward)(exchange)

    proxy.default = only_secrets
    async with session(proxied, size=(120, 60)) as person:
        await person.sees("live")
        await person.goes_to("litellm-config")
        await person.press("enter")
        await person.sees("Nothing could be searched: it is unknown whether anything uses it.")
        await person.press("escape", "u")
        await person.sees("Nothing could be searched: it is unknown whether anything uses it.")
        await person.press("escape", "ctrl+d")
        await person.sees("Nothing could be searched: it is unknown whether anything uses it.", "Searched: nothing.")
