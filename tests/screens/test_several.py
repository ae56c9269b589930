"""One secret created in several projects: chosen by right, each tried first, each with its own result."""

import json

import pytest

from tests.conftest import Kubectl
from tests.proxy import Fault, Proxy, answer
from tests.screens.canaries import assert_clean, everything_said
from tests.screens.driving import Session, session
from tests.screens.forms import BY_VALUE, enter, form, path_to
from wbtui.domain.projects import StartLocation
from wbtui.repository import Clusters
from wbtui.widgets.masked_value import MaskedValue

NAME = "hf-token"
CANARY = "hf_cAnArY7c1dXq9ZZbb3333"
ENCODED = b"aGZfY0FuQXJZN2MxZFhxOVpaYmIzMzMz"
PROJECTS = ["llm-serving", "research", "training"]
REVIEWS = "/selfsubjectaccessreviews"
DENIED = answer(201, b'{"kind":"SelfSubjectAccessReview","status":{"allowed":false}}')


def refused(message: str) -> Fault:
    return answer(403, json.dumps({"kind": "Status", "code": 403, "reason": "Forbidden", "message": message}).encode())


async def open_projects(person: Session) -> None:
    """Enter a token, and go to the projects."""
    await enter(person, CANARY, *["tab"] * 4)
    await person.until(lambda: bool(person.app.focused and person.app.focused.id == "projects"))
    await person.press("enter")
    await person.sees("Create the secret in these projects")


async def knows_rights(person: Session) -> None:
    """Wait until the rights in all projects are known."""
    await person.sees("training")
    await person.loses("Searching", "Asking", "not checked yet")


async def choose_all(person: Session) -> None:
    await open_projects(person)
    await person.reads("[x] llm-serving", "[ ] research", "[ ] training")
    await knows_rights(person)
    await person.press("asterisk")
    await person.reads("[x] research", "[x] training", "3 marked.")
    await person.press("enter")
    await person.reads("Creates in llm-serving, research, training: type Opaque")


def found(kubectl: Kubectl, name: str) -> dict[str, dict[str, str]]:
    """Return the values of the secrets of a name, by project."""
    listed = json.loads(kubectl("get", "secrets", "-A", "--field-selector", f"metadata.name={name}", "-o", "json"))
    return {item["metadata"]["namespace"]: item["data"] for item in listed["items"]}


def writes(proxy: Proxy) -> list[tuple[str, bool]]:
    posts = [one for one in proxy.requests if one.method == "POST" and one.path.endswith("/secrets")]
    return [(one.path.split("/")[4], "dryRun" in one.query) for one in posts]


async def test_it_is_entered_once_tried_everywhere_and_then_created_one_by_one(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with form(proxied, "HuggingFace") as person:
        fields = list(person.app.screen.query(MaskedValue))
        await choose_all(person)
        await person.press("ctrl+s")
        await person.reads(
            "New secret hf-token in 3 projects", *(f"hf-token in {name}: can be written" for name in PROJECTS)
        )
        assert writes(proxy) == [(name, True) for name in PROJECTS]
        assert found(kubectl, NAME) == {}
        await person.press("ctrl+s")
        await person.reads("3 written.")
        assert_clean("\n".join(everything_said(person)))
        await person.press("escape")
        await person.reads("hf-token was created in 3 projects.")
        await person.until(lambda: person.current() == NAME)
        assert not sum(map(len, fields))
    assert writes(proxy) == [*((name, True) for name in PROJECTS), *((name, False) for name in PROJECTS)]
    assert sum(ENCODED in one.body for one in proxy.requests) == len(writes(proxy))
    assert list(found(kubectl, NAME)) == PROJECTS


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("exceeded quota: q, requested: count/secrets=1, used: count/secrets=1", "over quota"),
        ('admission webhook "policy" denied the request: no', "refused by a webhook"),
        ("secrets is forbidden: the right was taken away", "forbidden"),
    ],
)
async def test_what_one_refuses_is_left_in_the_form_and_tried_again_alone(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl, message: str, said: str
) -> None:
    async with form(proxied, "HuggingFace") as person:
        await choose_all(person)
        await person.press("ctrl+s")
        await person.reads("ctrl+s writes 3")
        proxy.once("/research/secrets", refused(message))
        await person.press("ctrl+s")
        await person.reads(f"hf-token in research: NOT written: {said}", "hf-token in training: written")
        assert list(found(kubectl, NAME)) == ["llm-serving", "training"]
        await person.press("escape")
        await person.reads("Not finished: 2 created; left: research.", "Creates in research: type Opaque")
        proxy.requests.clear()
        await person.press("ctrl+s")
        await person.reads("New secret hf-token in 1 project ", "hf-token in research: can be written")
        await person.press("ctrl+s")
        await person.reads("1 written.")
        await person.press("escape")
        await person.reads("hf-token was created in 3 projects.")
    assert writes(proxy) == [("research", True), ("research", False)]
    assert list(found(kubectl, NAME)) == PROJECTS


async def test_one_that_refuses_the_trial_is_not_written_and_the_others_are(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    kubectl("create", "secret", "generic", NAME, "-n", "training", "--from-literal=theirs=1")
    async with form(proxied, "HuggingFace") as person:
        await choose_all(person)
        await person.press("ctrl+s")
        await person.reads("hf-token in training: cannot be written: name taken", "ctrl+s writes 2")
        await person.press("ctrl+s")
        await person.reads("2 written, 1 cannot be written")
        await person.press("escape")
        await person.reads("Not finished: 2 created; left: training.")
    assert list(found(kubectl, NAME)["training"]) == ["theirs"]
    assert ("training", False) not in writes(proxy)


async def test_trouble_stops_the_others_where_that_is_asked_for(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl
) -> None:
    async with form(proxied, "HuggingFace") as person:
        await choose_all(person)
        await person.press("ctrl+s")
        await person.reads("Trouble with one does not stop the others: s changes that.")
        await person.press("s")
        await person.reads("Trouble with one stops the others")
        proxy.once("/llm-serving/secrets", refused("no"))
        await person.press("ctrl+s")
        await person.reads("1 NOT written, 2 can be written. ctrl+s writes 3")
    assert found(kubectl, NAME) == {}


async def test_where_one_may_not_write_is_shown_and_cannot_be_marked(proxy: Proxy, proxied: Clusters) -> None:
    async with form(proxied, "HuggingFace") as person:
        proxy.once(REVIEWS, DENIED)
        await open_projects(person)
        await knows_rights(person)
        await person.reads("llm-serving  needs create on secrets in llm-serving".replace("  ", " "), "0 marked.")
        await person.press("space")
        await person.reads("llm-serving: needs create on secrets in llm-serving. 0 marked.")
        await person.press("enter")
        await person.reads("Nothing is marked.")
        await person.press("asterisk", "enter")
        await person.reads("Creates in research, training: type Opaque")


async def test_who_may_not_list_namespaces_types_others(proxied: Clusters) -> None:
    async with form(proxied, "HuggingFace", start=StartLocation(context="demo-member")) as person:
        await open_projects(person)
        await person.reads("[x] llm-serving", "You may not list namespaces: type others.")
        await person.type("training")
        await person.press("enter")
        await person.reads("training: needs create on secrets in training.", "1 marked.")


async def test_a_namespace_without_the_label_of_a_project_is_found_by_its_name(
    proxied: Clusters, kubectl: Kubectl
) -> None:
    kubectl("create", "namespace", "plain")
    async with session(proxied) as person:
        await person.sees(" live\n")
        await person.press(*":ns plain", "enter")
        await person.sees("demo › plain", " live\n")
        await person.press("a")
        await person.sees("Creates in plain")
        await enter(person, *path_to(BY_VALUE["HuggingFace"]))
        await open_projects(person)
        await person.reads("[x] plain", "[ ] llm-serving")
        await knows_rights(person)
        await person.type("plai")
        await person.press("space")
        await person.reads("[ ] plain", "0 marked.")
    async with form(proxied, "HuggingFace") as person:
        await open_projects(person)
        await knows_rights(person)
        await person.type("plai")
        await person.press("enter")
        await person.reads("plai: there is no such namespace.", "1 marked.")
        await person.type("n")
        await person.press("enter")
        await person.reads("[x] plain", "2 marked.")


async def test_what_is_typed_finds_a_project_and_enter_marks_it(proxied: Clusters) -> None:
    async with form(proxied, "HuggingFace") as person:
        await open_projects(person)
        await knows_rights(person)
        await person.type("train")
        await person.loses("[ ] research")
        await person.press("enter")
        await person.reads("[x] llm-serving", "[ ] research", "[x] training", "2 marked.")
        await person.press("up", "up", "up", "space", "enter")
        await person.reads("Creates in training: type Opaque", "demo › training")


async def test_a_lost_cluster_is_said_and_the_rights_are_asked_again(proxy: Proxy, proxied: Clusters) -> None:
    async with form(proxied, "HuggingFace") as person:
        proxy.once(REVIEWS, answer(503, b"{}"))
        await open_projects(person)
        await person.reads("Stopped: the answer was 503", "Press ctrl+r to try again.")
        await person.press("ctrl+r")
        await person.loses("Stopped")
        await knows_rights(person)


async def test_a_form_that_is_left_keeps_no_value(proxied: Clusters, kubectl: Kubectl) -> None:
    async with form(proxied, "HuggingFace") as person:
        fields = list(person.app.screen.query(MaskedValue))
        await choose_all(person)
        await person.press("ctrl+s")
        await person.reads("ctrl+s writes 3")
        await person.press("escape")
        await person.reads("0 created; left: llm-serving, research, training")
        await person.press("escape")
        await person.reads("Leave the form?")
        await person.press("y")
        await person.sees("live")
        assert not sum(map(len, fields))
    assert found(kubectl, NAME) == {}


async def test_labels_of_the_resource_manager_are_not_carried(proxied: Clusters, kubectl: Kubectl) -> None:
    label = "airm.silogen.ai/project-secret-id"
    async with form(proxied, "HuggingFace") as person:
        await enter(person, CANARY, "tab", "tab", f"team=a {label}=1", "tab", "tab", "enter")
        await person.sees("Create the secret in these projects")
        await knows_rights(person)
        await person.press("asterisk", "enter")
        await person.press("ctrl+s")
        await person.reads("ctrl+s writes 3")
        await person.press("ctrl+s")
        await person.reads("3 written.")
    listed = json.loads(kubectl("get", "secrets", "-A", "--field-selector", f"metadata.name={NAME}", "-o", "json"))
    labels = [item["metadata"]["labels"] for item in listed["items"]]
    assert [(one.get("team"), one.get(label)) for one in labels] == [("a", None)] * 3


async def test_a_project_is_chosen_from_the_list_of_all(proxied: Clusters, kubectl: Kubectl) -> None:
    async with session(proxied, start=StartLocation(all_projects=True)) as person:
        await person.sees("live")
        await person.press("a")
        await person.sees("Creates in")
        await enter(person, "tab", "1", "tab")
        await open_projects(person)
        await knows_rights(person)
        await person.press("asterisk", "enter")
        await person.press("ctrl+s")
        await person.reads("ctrl+s writes 3")
        await person.press("ctrl+s")
        await person.reads("3 written.")
    assert list(found(kubectl, NAME)) == PROJECTS
