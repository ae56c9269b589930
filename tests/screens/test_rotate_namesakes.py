"""New values for secrets of one name in several projects, chosen from one of them."""

import json

import pytest

from tests.conftest import Kubectl
from tests.proxy import Proxy, answer
from tests.screens.driving import Session, session
from tests.screens.forms import enter
from wbtui.domain.display_name import annotation
from wbtui.domain.prefixes import Prefixes
from wbtui.domain.projects import StartLocation
from wbtui.repository import Clusters

NAME = "shared-token"
PROJECTS = ("llm-serving", "training", "default")
CALLED = "wb-secret-0123abcd"
"""A secret whose display name is the other secrets' name."""


@pytest.fixture
def shared(kubectl: Kubectl) -> None:
    for project in PROJECTS:
        kubectl("create", "secret", "generic", NAME, "-n", project, "--from-literal=a=old", "--from-literal=b=stays")
    kubectl("create", "secret", "generic", CALLED, "-n", "research", "--from-literal=a=old")
    kubectl("annotate", "secret", CALLED, "-n", "research", f"{annotation(Prefixes().workbench)}={NAME}")
    kubectl("create", "secret", "generic", f"{NAME}-2", "-n", "research", "--from-literal=a=old")


pytestmark = pytest.mark.usefixtures("shared")


async def choose(person: Session) -> None:
    await person.sees("live")
    await person.goes_to(NAME)
    await person.press("ctrl+o")
    await person.sees(f"New values for {NAME} in these projects")
    await person.loses("Searching", "Asking", "not checked yet")


def value(kubectl: Kubectl, project: str, name: str = NAME) -> str:
    data: dict[str, str] = json.loads(kubectl("get", "secret", name, "-n", project, "-o", "json"))["data"]
    assert data.get("b") in {None, "c3RheXM="}
    return data["a"]


async def test_those_of_the_same_name_or_display_name_are_found_and_written(
    proxied: Clusters, proxy: Proxy, kubectl: Kubectl
) -> None:
    async with session(proxied) as person:
        await choose(person)
        await person.reads(
            f"[x] {NAME} in llm-serving",
            f"[ ] {NAME} in default",
            f"[ ] {NAME} ({CALLED}) in research",
            f"[ ] {NAME} in training",
            "1 marked.",
        )
        assert f"{NAME}-2" not in person.text()
        await person.press("asterisk", "enter")
        await person.reads("New values for 4 secrets: shared-token in llm-serving, ")
        await enter(person, "new")
        await person.press("ctrl+s")
        await person.reads("ctrl+s writes 4")
        proxy.once(f"/training/secrets/{NAME}", answer(403, b'{"kind":"Status","code":403,"message":"no right"}'))
        await person.press("ctrl+s")
        await person.reads("3 written", f"{NAME} in training: NOT written: forbidden: no right")
        await person.press("escape")
        await person.reads(f"3 written; left: {NAME} in training.")
    assert [value(kubectl, project) for project in PROJECTS] == ["bmV3", "b2xk", "bmV3"]
    assert value(kubectl, "research", CALLED) == "bmV3"
    assert value(kubectl, "research", f"{NAME}-2") == "b2xk"


async def test_those_that_cannot_be_changed_say_why(proxied: Clusters, proxy: Proxy, kubectl: Kubectl) -> None:
    kubectl("patch", "secret", NAME, "-n", "training", "-p", '{"immutable":true}')
    async with session(proxied) as person:
        await person.sees("live")
        await person.goes_to(NAME)
        denied = b'{"kind":"SelfSubjectAccessReview","status":{"allowed":false}}'
        proxy.once("/selfsubjectaccessreviews", answer(201, denied))
        await person.press("ctrl+o")
        await person.reads(
            f"{NAME} in llm-serving needs patch on secrets in llm-serving",
            f"{NAME} in training it is immutable: rotate it by itself",
            "0 marked.",
        )


async def test_in_the_list_of_all_projects_nothing_is_read_for_it(proxied: Clusters, proxy: Proxy) -> None:
    async with session(proxied, start=StartLocation(all_projects=True)) as person:
        await person.sees("live")
        await person.press("slash")
        await person.type(NAME)
        await person.press("enter", "g")
        proxy.requests.clear()
        await person.press("ctrl+o")
        await person.reads(f"{NAME} in training", f"{NAME} ({CALLED}) in research")
        await person.loses("Asking", "not checked yet")
        assert not [one.path for one in proxy.requests if one.path.endswith("/secrets") and "watch" not in one.query]


@pytest.mark.parametrize(
    ("paths", "found", "not_searched", "missing"),
    [
        (
            ("/api/v1/secrets", "/api/v1/namespaces"),
            f"[x] {NAME} in llm-serving",
            "other namespaces",
            f"{NAME} in training",
        ),
        (("/api/v1/secrets", "/research/secrets"), f"[ ] {NAME} in training", "the secrets of research.", CALLED),
    ],
)
async def test_what_may_not_be_listed_is_said(
    proxied: Clusters, proxy: Proxy, paths: tuple[str, ...], found: str, not_searched: str, missing: str
) -> None:
    forbidden = answer(403, b'{"kind":"Status","code":403,"reason":"Forbidden","message":"no"}')
    async with session(proxied) as person:
        await person.sees("live")
        await person.goes_to(NAME)
        for path in paths:
            proxy.once(path, forbidden)
        await person.press("ctrl+o")
        await person.reads(found, f"Not searched (you may not list them): {not_searched}")
        await person.loses(missing)
