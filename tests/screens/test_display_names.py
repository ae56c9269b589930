"""Secrets by what people call them: one display name may belong to several, or be the name of another one."""

from collections.abc import Callable

import pytest

from tests.conftest import Kubectl
from tests.screens.driving import Session, session
from wbtui.repository import Clusters
from wbtui.widgets.chosen_secrets import ChosenSecrets

DISPLAY_NAME = "aiwb.apps.eai.amd.com/display-name"


@pytest.fixture
def named(kubectl: Kubectl) -> Callable[..., None]:
    """Make secrets of a Workbench 2: each with a name that says nothing, and with a display name."""

    def make(**display_names: str) -> None:
        for ending, display_name in display_names.items():
            name = f"wb-secret-{ending}"
            kubectl("create", "secret", "generic", name, "--from-literal=token=demo")
            kubectl("label", "secret", name, "airm.silogen.ai/use-case=HuggingFace")
            kubectl("annotate", "secret", name, f"{DISPLAY_NAME}={display_name}")

    return make


def is_current(person: Session, part: str) -> bool:
    """Return whether the row under the cursor has a text in it."""
    return any(line.startswith(">") and part in line for line in person.lines())


async def filtered(person: Session, text: str) -> None:
    """Filter the list, and go back to the list."""
    await person.press("slash")
    await person.type(text)
    await person.press("enter")


async def test_a_secret_is_found_and_sorted_by_either_name(
    clusters: Clusters, kubectl: Kubectl, named: Callable[..., None]
) -> None:
    named(aaaaaaa1="Llama für Zoë")
    async with session(clusters, size=(180, 36)) as person:
        await person.sees("Llama für Zoë (wb-secret-aaaaaaa1)", "28 secrets")
        lines = person.lines()
        above, below = (next(i for i, line in enumerate(lines) if name in line) for name in ("litellm-config", "minio"))
        assert above < next(i for i, line in enumerate(lines) if "Llama für" in line) < below
        for text in ("zoë", "für llama", "aaaaaaa1", "name:ZOË", "name:aaa1", '"llama für"', "/^llama .*zoë$/"):
            await filtered(person, text)
            await person.until(lambda: person.names() == ["Llama"])
            await person.press("escape")
        kubectl("annotate", "--overwrite", "secret", "wb-secret-aaaaaaa1", f"{DISPLAY_NAME}=Zoë")
        await person.sees("Zoë (wb-secret-aaaaaaa1)")
        await person.loses("Llama für")


async def test_secrets_of_one_display_name_are_told_apart_everywhere(
    clusters: Clusters, named: Callable[..., None]
) -> None:
    one, other = "wb-secret-aaaaaaa1", "wb-secret-bbbbbbb2"
    named(aaaaaaa1="Team token", bbbbbbb2="Team token")
    async with session(clusters, size=(80, 36)) as person:
        await person.sees("aaaa1)", "bbbb2)")
        await filtered(person, "team")
        await person.until(lambda: person.names() == ["Team", "Team"])
        await person.press("space", "space", "ctrl+d")
        await person.reads("Delete 2 secrets for good?", f"Team token ({one}), Team token ({other})")
        await person.press("escape", "M", "g", "enter")
        await person.reads(f"Team token ({one})", "display name Team token", f"name {one}")
        await person.press("escape", "j", "u")
        await person.reads(f"Used by: Team token ({other})")
        await person.press("escape", "w")
        await person.reads(f"Use Team token ({other}) with")
        await person.press("escape", "e")
        await person.reads(f"New values for Team token ({other})")


async def test_a_display_name_that_is_the_name_of_another_secret_misleads_nobody(
    clusters: Clusters, kubectl: Kubectl, named: Callable[..., None]
) -> None:
    named(aaaaaaa1="slack-webhook")
    async with session(clusters, size=(180, 36)) as person:
        await person.sees("slack-webhook (wb-secret-aaaaaaa1)")
        await filtered(person, "slack")
        await person.until(lambda: person.names() == ["slack-webhook"] * 2)
        await person.press("G", "ctrl+d")
        await person.reads("Delete slack-webhook (wb-secret-aaaaaaa1) for good?", "No users found")
        await person.press("escape", "g", "ctrl+d")
        await person.reads("Delete slack-webhook for good?", "slack-webhook is in use:")
        await person.press("escape")
    assert "wb-secret-aaaaaaa1" in kubectl("get", "secrets", "-o", "name")


async def test_either_name_is_copied(clusters: Clusters, named: Callable[..., None]) -> None:
    named(aaaaaaa1="Team token")
    async with session(clusters) as person:
        await person.sees("Team token")
        await filtered(person, "team")
        await person.press("c")
        await person.sees("wb-secret-aaaaaaa1: ")
        await person.press("C")
        await person.sees("Team token: ")
        await person.press("enter")
        await person.sees("display name")
        await person.press("C")
        await person.press("ctrl+p")
        await person.type("display name")
        await person.sees("Copy display name: Copy the display name that the Workbench shows")
        await person.loses("Quit wbtui")
        await person.press("escape")
        await person.loses("Copy display name: ")


@pytest.mark.parametrize(
    ("display_name", "shown"),
    [
        ("x" * 100_000, "xxxxxxxx"),
        ("[bold red]x[/] [@click=app.quit]y[/]", "[bold red]x[/] [@click=app.quit]y[/] (wb-secret-aaaaaaa1)"),
        ("a\x1b[2J\x07b\u202ec", "a\N{REPLACEMENT CHARACTER}[2J"),
        ("one\ntwo", "one\N{REPLACEMENT CHARACTER}two (wb-secret-aaaaaaa1)"),
    ],
    ids=["long", "markup", "controls", "lines"],
)
async def test_a_hostile_display_name_is_only_text(
    clusters: Clusters, named: Callable[..., None], display_name: str, shown: str
) -> None:
    named(aaaaaaa1=display_name)
    async with session(clusters, size=(230, 36)) as person:
        await person.sees(shown, "28 secrets")
        await filtered(person, "aaaaaaa1")
        for keys in (("enter",), ("u",), ("e",), ("y",), ("ctrl+d",)):
            await person.press(*keys)
            await person.sees(display_name[:1], "aaaaaaa1")
            assert "\x1b" not in person.text()
            await person.press("escape")


async def test_services_and_workloads_are_shown_by_both_names(clusters: Clusters, kubectl: Kubectl) -> None:
    kubectl("annotate", "aimservice", "llama-chat", f"{DISPLAY_NAME}=Chat für alle")
    kubectl("annotate", "deployment", "llm-gateway", f"{DISPLAY_NAME}=The gateway")
    async with session(clusters, size=(140, 40)) as person:
        await person.sees(" live\n")
        await person.goes_to("hf-token-llama")
        await person.press("u")
        await person.sees("AIMService Chat für alle (llama-chat)")
        await person.press("escape", "w")
        await person.sees("Deployment The gateway (llm-gateway)", "AIMService Chat für alle (llama-chat)")
        await person.type("the gate")
        await person.press("enter")
        await person.reads("hf-token-llama for Deployment The gateway (llm-gateway)")


async def test_a_secret_is_chosen_for_a_model_by_its_display_name(
    clusters: Clusters, named: Callable[..., None]
) -> None:
    named(aaaaaaa1="Team token", bbbbbbb2="Team token")
    async with session(clusters, size=(140, 70)) as person:
        await person.sees(" live\n", "Team token")
        await person.press("m")
        await person.sees("llama-3-1-8b")
        await person.press("enter")
        await person.sees("Enter chooses")
        await person.until(lambda: bool(person.app.screen.query(ChosenSecrets)))
        person.app.screen.query(ChosenSecrets).first().focus()
        await person.press("enter")
        await person.sees("Team token (wb-secret-aaaaaaa1)", "Team token (wb-secret-bbbbbbb2)")
        await person.type("team bbb")
        await person.press("enter")
        await person.sees("Team token (wb-secret-bbbbbbb2)", "name: wb-secret-bbbbbbb2")


async def test_a_secret_is_opened_by_either_name(clusters: Clusters, named: Callable[..., None]) -> None:
    named(aaaaaaa1="Team token", bbbbbbb2="Team token", ccccccc3="Mine only")
    async with session(clusters, size=(140, 40)) as person:
        await person.sees(" live\n", "Mine only")
        await person.type(":secret Mine only\n")
        await person.until(lambda: is_current(person, "Mine only"))
        await person.type(":secret Team token\n")
        await person.sees("2 secrets are called Team token.", "wb-secret-bbbbbbb2")
        await person.type(":secret wb-secret-bbbbbbb2\n")
        await person.until(lambda: is_current(person, "bbbbbbb2"))
        await person.type(":secret\n")
        await person.sees("Open a secret in llm-serving")
        await person.type("team aaa")
        await person.sees("Team token (wb-secret-aaaaaaa1)")
        await person.press("enter")
        await person.until(lambda: is_current(person, "aaaaaaa1"))
