"""What is entered and tried turns up nowhere, also where the service repeats it, or the program fails."""

import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pseudo_terminal import wbtui
from tests.screens.canaries import NAMES, WAYS, assert_clean, everything_said, traces
from tests.screens.driving import Session
from tests.screens.forms import enter, form, past
from tests.services.repeating import repeating_postgresql, repeating_web
from tests.services.web import Web
from wbtui.cluster.clusters import KubernetesClusters, Preferences
from wbtui.domain.trials import TrialOptions
from wbtui.domain.use_cases.model import EntryForm, UseCase
from wbtui.screens.secrets import SecretsScreen
from wbtui.trying.table import SERVICES

CANARY = "cAnArY-7c1d-9f"


@pytest.fixture
def served() -> Iterator[Web]:
    """A web server that repeats what it gets."""
    with repeating_web() as served:
        yield served


@pytest.fixture
def database() -> Iterator[int]:
    """A database that repeats what it gets."""
    with repeating_postgresql() as port:
        yield port


def values(way: EntryForm, served: Web, port: int) -> dict[str, str]:
    """Return what to enter in each field, so that it is sent to those servers."""
    secrets = {field.name: CANARY for field in way.fields if field.masked}
    auth = b64encode(f"robot:{CANARY}".encode()).decode()
    config = json.dumps({"auths": {served.place: {"auth": auth}}})
    return {
        **secrets,
        **({"config": config} if "config" in secrets else {}),
        **({"uri": f"postgresql://app:{CANARY}@127.0.0.1:{port}/d"} if "uri" in secrets else {}),
        "endpoint": served.url,
        "server": served.place,
        "username": "robot",
        "key": "k",
        "email": "",
        "host": "127.0.0.1",
        "port": str(port),
        "dbname": "d",
        "region": "",
        "bucket": "",
    }


async def settled(person: Session) -> None:
    """Agree to every question, until there is a verdict."""
    verdicts = ("Accepted", "Refused", "Cannot tell", "accepted:", "refused:", "cannot tell")
    while True:
        await person.until(lambda: any(part in person.text() for part in (*verdicts, "Send to")))
        assert_clean("\n".join(everything_said(person)))
        if "Send to" not in person.text():
            return
        await person.press("down", "enter")
        await person.until(lambda: "Send to" not in person.text())


@pytest.mark.parametrize(("use_case", "way"), WAYS, ids=NAMES)
async def test_a_service_that_repeats_what_was_sent_shows_none_of_it(
    kubeconfig: Path, served: Web, database: int, use_case: UseCase, way: EntryForm
) -> None:
    options = TrialOptions(hugging_face=served.url)
    clusters = KubernetesClusters(Preferences(str(kubeconfig), trials=options))
    entered = values(way, served, database)
    async with form(clusters, use_case.value, use_case.entry_forms.index(way), size=(120, 60)) as person:
        for field in way.fields:
            text = entered.get(field.name, "")
            await enter(person, *(["tab"] if text and field.default else []), *past(way, field, text))
        await person.press("ctrl+y")
        await settled(person)
        shown = "\n".join([*everything_said(person), *map(str, records(person))])
        assert not [trace for trace in traces((CANARY,)) if trace in shown.encode()]
        assert bool(served.asked or records(person)) is (use_case.value in {service.use_case for service in SERVICES})
    assert not [asked for asked in served.asked if CANARY in asked.target]


def records(person: Session) -> list[object]:
    """Return the audit log."""
    screen = person.app.screen_stack[0]
    assert isinstance(screen, SecretsScreen)
    return list(screen.audit.latest(10).records)


FAILING = """
import os, sys
os.chdir(os.environ["HOME"])
from wbtui.cli import main
from wbtui.trying import hugging_face

def fail(entered):
    token = entered.rows[0]["token"]
    raise ValueError(token)

hugging_face.trials = fail
sys.exit(main(["--demo"]))
"""


def test_a_crash_while_a_token_is_tried_leaves_no_value_behind(environment: dict[str, str], tmp_path: Path) -> None:
    with wbtui(environment, "-X", "faulthandler", "-c", FAILING) as terminal:
        terminal.sees("27 secrets", "live")
        terminal.press("a")
        terminal.sees("Creates in")
        terminal.press(f"\t\t{CANARY}")
        terminal.sees(f"{len(CANARY)} bytes")
        terminal.press("\x19")
        terminal.ends()
        assert b"wbtui stopped because of a bug in it" in terminal.output
        assert CANARY.encode() not in terminal.output
    for path in filter(Path.is_file, tmp_path.rglob("*")):
        assert CANARY.encode() not in path.read_bytes()
