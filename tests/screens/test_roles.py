"""The two roles of the platform: a member of a project may list, watch and create secrets, and nothing else."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.conftest import Kubectl
from tests.proxy import Proxy, cut_after, forward
from tests.screens.driving import Session, session
from wbtui.domain.projects import StartLocation
from wbtui.repository import Clusters

TOKEN = "hf_" + "Ab3" * 8


@pytest.fixture
def clusters(proxied: Clusters) -> Clusters:
    """The cluster behind the proxy."""
    return proxied


@asynccontextmanager
async def as_user(clusters: Clusters, context: str, username: str) -> AsyncIterator[Session]:
    """Run the application as one of the users of the demo."""
    async with session(clusters, start=StartLocation(context=context)) as person:
        await person.sees(" live\n", "27 secrets", username)
        await person.until(lambda: person.app.screen_stack[0].session.rights.complete)  # type: ignore[attr-defined]
        yield person


def refused(proxy: Proxy) -> list[str]:
    """Return the requests for one secret by its name."""
    return [request.path for request in proxy.requests if "/secrets/" in request.path]


async def test_a_member_sees_everything_and_changes_no_secret(clusters: Clusters, proxy: Proxy) -> None:
    async with as_user(clusters, "demo-member", "oidc:member@example.com") as person:
        await person.goes_to("hf-token-llama")
        for key, verb in (("e", "patch"), ("ctrl+d", "delete")):
            assert not person.app.screen.active_bindings[key].enabled
            await person.press(key)
            await person.sees(f"Not allowed: needs {verb} on secrets in llm-serving.")
        await person.press("enter")
        await person.sees("created by", "amara.okafor@example.com", "Used by")
        await person.press("escape", "u")
        await person.reads("AIMService llama-chat", "Not searched (you may not list them)")
        await person.press("escape", "y")
        await person.sees("Use hf-token-llama: Enter copies")
        await person.press("escape", "w")
        await person.sees("Deployment llm-gateway")
    assert not refused(proxy)


async def test_a_member_creates_a_secret_also_where_the_answer_is_lost(
    clusters: Clusters, proxy: Proxy, kubectl: Kubectl
) -> None:
    async with as_user(clusters, "demo-member", "oidc:member@example.com") as person:
        await person.press("a")
        await person.sees("Creates in llm-serving", "created by member@example.com")
        await person.press("ctrl+u")
        await person.type("mine")
        await person.press("tab", "tab")
        await person.type(TOKEN)
        proxy.next(forward, forward, cut_after(1))
        await person.press("ctrl+s")
        await person.sees("mine was created.")
        await person.until(lambda: person.current() == "mine")
    assert not refused(proxy)
    annotations = json.loads(kubectl("get", "secret", "mine", "-o", "json"))["metadata"]["annotations"]
    assert annotations == {"airm.silogen.ai/submitter": "member@example.com"}


async def test_a_member_is_offered_the_projects_of_its_groups(clusters: Clusters) -> None:
    async with as_user(clusters, "demo-member", "oidc:member@example.com") as person:
        await person.press("p")
        await person.reads("* llm-serving", "You may not list namespaces")
        await person.type("training")
        await person.press("enter")
        await person.reads("Forbidden", 'cannot list resource "secrets"')
        await person.press("p")
        await person.reads("* training", "llm-serving")
        await person.type("llm")
        await person.press("enter")
        await person.sees("27 secrets", " live\n")


async def test_an_administrator_of_the_platform_may_change_secrets(clusters: Clusters, kubectl: Kubectl) -> None:
    async with as_user(clusters, "demo-platform-admin", "oidc:admin@example.com") as person:
        await person.press("p")
        await person.sees("research", "training")
        await person.press("escape")
        await person.goes_to("s3-scratch")
        await person.press("ctrl+d")
        await person.sees("Delete s3-scratch for good?")
        await person.press(*"s3-scratch", "enter")
        await person.sees("1 of 1 deleted")
        await person.press("escape")
        await person.goes_to("hf-token-llama")
        await person.press("e")
        await person.sees("New values for hf-token-llama")
        await person.press("escape", "m")
        await person.sees("Not allowed: needs create on aimservices in llm-serving.")
    assert "s3-scratch" not in kubectl("get", "secrets", "-o", "name")
