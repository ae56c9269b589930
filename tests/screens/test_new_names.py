"""Naming a new secret: what people call it may be anything, its name in Kubernetes may not."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.widget import Widget

from tests.conftest import Kubectl
from tests.proxy import Exchange, Proxy, cut_after, forward
from tests.screens.driving import PATIENCE, Session, session
from wbtui.repository import Clusters
from wbtui.widgets.masked_value import MaskedValue

DISPLAY_NAME = "aiwb.apps.eai.amd.com/display-name"
CREATOR = {"airm.silogen.ai/submitter": "demo@example.com"}
TOKEN = "hf_" + "Ab3" * 8
GENERATED = re.compile(r"wb-secret-[0-9a-f]{8}")


@pytest.fixture
def clusters(proxied: Clusters) -> Clusters:
    """The cluster behind the proxy."""
    return proxied


@asynccontextmanager
async def named(clusters: Clusters, name: str) -> AsyncIterator[Session]:
    """Fill the form of a Hugging Face token, with the focus in the token."""
    async with session(clusters) as person:
        await person.sees(" live\n")
        await person.press("a")
        await person.sees("Creates in")
        await person.press("ctrl+u")
        await person.type(name)
        await enter_token(person)
        yield person


async def go_to(person: Session, is_wanted: Callable[[Widget], bool], key: str) -> None:
    """Go from field to field until the wanted one has the focus."""
    async with asyncio.timeout(PATIENCE):
        while not (person.app.focused and is_wanted(person.app.focused)):
            await person.press(key)


async def enter_token(person: Session) -> None:
    """Go to the token, and type one."""
    await go_to(person, lambda field: isinstance(field, MaskedValue), "tab")
    await person.type(TOKEN)
    await person.sees(f"{len(TOKEN)} bytes")


def kubernetes_name(person: Session) -> str:
    """Return the Kubernetes name in the form."""
    return person.line(" Kubernetes name ").split()[2]


def annotations(kubectl: Kubectl, name: str) -> Any:
    """Return the annotations of a secret."""
    return json.loads(kubectl("get", "secret", name, "-o", "json"))["metadata"]["annotations"]


def created(proxy: Proxy) -> int:
    """Return how often a secret was really to be created."""
    posts = [request for request in proxy.requests if request.method == "POST" and "/secrets" in request.path]
    return len([request for request in posts if "dryRun" not in request.query])


@pytest.mark.parametrize("name", ["my-token", "my.token", "1password"])
async def test_a_kubernetes_name_is_all_that_is_needed(clusters: Clusters, kubectl: Kubectl, name: str) -> None:
    async with session(clusters) as person:
        await person.sees(" live\n")
        await person.press("a", "ctrl+u")
        for letter in name:
            await person.press(letter)
            assert "Kubernetes name" not in person.text()
        await enter_token(person)
        assert "Kubernetes name" not in person.text()
        await person.press("ctrl+s")
        await person.sees(f"{name} was created.")
    assert annotations(kubectl, name) == CREATOR


@pytest.mark.parametrize(
    ("title", "name"),
    [("Größe 3.1!", "grosse-3-1"), ("end-", "end"), ("HF", "hf")],
)
async def test_a_kubernetes_name_is_derived_from_a_display_name(
    clusters: Clusters, kubectl: Kubectl, title: str, name: str
) -> None:
    async with named(clusters, title) as person:
        assert kubernetes_name(person) == name
        await person.press("ctrl+s")
        await person.sees(f"{title} ({name}) was created.")
        await person.until(lambda: person.current() == title.split(maxsplit=1)[0])
    assert annotations(kubectl, name) == {**CREATOR, DISPLAY_NAME: title}


async def test_the_kubernetes_name_is_random_where_nothing_can_be_read(clusters: Clusters, kubectl: Kubectl) -> None:
    async with named(clusters, "我的令牌") as person:
        name = kubernetes_name(person)
        assert GENERATED.fullmatch(name)
        await person.press("ctrl+s")
        await person.sees(f"我的令牌 ({name}) was created.")
    assert annotations(kubectl, name) == {**CREATOR, DISPLAY_NAME: "我的令牌"}


async def test_a_kubernetes_name_that_was_entered_stays(clusters: Clusters, kubectl: Kubectl) -> None:
    async with named(clusters, "My token") as person:
        await go_to(person, lambda field: field.id == "kubernetes-name", "shift+tab")
        await person.press("ctrl+u")
        await person.sees("A Kubernetes name is missing.")
        await person.type("Mine")
        await person.sees("A Kubernetes name has small letters a to z")
        await person.press("ctrl+s")
        await person.sees("Not saved: Kubernetes name: a Kubernetes name has small letters")
        await person.press("ctrl+u")
        await person.type("mine")
        await person.press("shift+tab", "end", "s")
        await person.press("ctrl+s")
        await person.sees("My tokens (mine) was created.")
    assert annotations(kubectl, "mine")[DISPLAY_NAME] == "My tokens"


async def test_a_name_is_taken_where_a_secret_is_called_so_or_named_so(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("annotate", "secret", "slack-webhook", f"{DISPLAY_NAME}=Chat")
    async with named(clusters, "Chat") as person:
        await person.sees("There is a secret Chat in llm-serving already.")
        assert kubernetes_name(person) == "chat"
        await person.press("ctrl+s")
        await person.sees("Not saved: Name: there is a secret Chat")
        kubectl("create", "secret", "generic", "chat-2", "--from-literal=a=b")
        kubectl("annotate", "--overwrite", "secret", "slack-webhook", f"{DISPLAY_NAME}=chat")
        await person.loses("There is a secret Chat")
        await person.press("ctrl+s")
        await person.sees("Chat (chat-3) was created.")


async def test_a_generated_name_that_is_taken_is_tried_again_with_another(clusters: Clusters, kubectl: Kubectl) -> None:
    # The list leaves out Helm's secrets, so nothing tells before that the name is taken.
    kubectl("create", "secret", "generic", "my-token", "--type=helm.sh/release.v1", "--from-literal=a=b")
    async with named(clusters, "My token") as person:
        assert kubernetes_name(person) == "my-token"
        await person.press("ctrl+s")
        await person.sees("was created.")
        name = re.search(r"My token \((my-token-[0-9a-f]{4})\) was created", person.text())
        assert name
    assert annotations(kubectl, name[1])[DISPLAY_NAME] == "My token"
    assert json.loads(kubectl("get", "secret", "my-token", "-o", "json"))["data"] == {"a": "Yg=="}


async def test_after_three_names_that_are_taken_it_is_told(clusters: Clusters, proxy: Proxy, kubectl: Kubectl) -> None:
    tried: list[str] = []

    async def be_faster(exchange: Exchange) -> None:
        name = json.loads(exchange.request.body)["metadata"]["name"]
        tried.append(name)
        await asyncio.to_thread(kubectl, "create", "secret", "generic", name, "--from-literal=token=theirs")
        await forward(exchange)

    async with named(clusters, "我的令牌") as person:
        proxy.next(*[forward, be_faster] * 3)
        await person.press("ctrl+s")
        await person.sees("Name taken", " in llm-serving already.", f"{len(TOKEN)} bytes")
        assert len(set(tried)) == len(tried) == 3
        assert all(map(GENERATED.fullmatch, tried))
        await person.press("ctrl+s")
        await person.sees("我的令牌 (wb-secret-", ") was created.")
    for name in tried:
        assert json.loads(kubectl("get", "secret", name, "-o", "json"))["data"] == {"token": "dGhlaXJz"}


async def test_a_name_whose_answer_was_lost_is_not_made_twice(
    clusters: Clusters, proxy: Proxy, kubectl: Kubectl
) -> None:
    async with named(clusters, "我的令牌") as person:
        name = kubernetes_name(person)
        proxy.next(forward, cut_after(1))
        await person.press("ctrl+s")
        await person.sees(f"我的令牌 ({name}) was created.")
        assert created(proxy) == 1
    assert annotations(kubectl, name)[DISPLAY_NAME] == "我的令牌"
