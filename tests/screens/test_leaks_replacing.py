"""What is entered to replace values turns up nowhere but in the bodies of the requests that store it."""

import json
import signal
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Kubectl
from tests.proxy import Exchange, Proxy, answer, forward
from tests.pseudo_terminal import Terminal, wbtui
from tests.screens.canaries import (
    CANARIES,
    NAMES,
    WAYS,
    assert_clean,
    everything_said,
    leaves_nothing,
    traces,
    wanted,
)
from tests.screens.driving import Session, session
from tests.screens.forms import (
    enter,
    past,
    paste,
    stops,
)
from tests.screens.replacing import open_form
from wbtui.domain.secret_types import OPAQUE
from wbtui.domain.use_cases.model import EntryForm, UseCase
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.repository import Clusters
from wbtui.widgets.masked_value import MaskedValue

SECRET = "hf-token-eval"


def path_to(use_case: UseCase, way: EntryForm) -> list[str]:
    """Return the keys that lead from the first value of a token to that of another use case's way."""
    ways = ["tab", str(use_case.entry_forms.index(way) + 1)] if len(use_case.entry_forms) > 1 else []
    presets = ["tab"] if len(way.presets) > 1 else []
    return ["shift+tab", str(USE_CASES.index(use_case) + 2), *ways, "tab", *presets]


def masked(way: EntryForm) -> tuple[str, ...]:
    """Return what is entered by `fill_as_wanted` for nobody to see."""
    return tuple(wanted(field) for field in way.fields if field.masked)


async def fill_as_wanted(person: Session, use_case: UseCase, way: EntryForm) -> None:
    """Enter what the cluster would take; rows that name their keys have them already."""
    await open_form(person, SECRET)
    await person.press(*path_to(use_case, way))
    for field in way.fields:
        if not way.rows_name_keys or field.masked:
            await enter(person, *past(way, field, "" if field.default else wanted(field)))


def question(person: Session) -> str:
    """Return what is asked before it is saved; empty where nothing is, or where its last lines are not drawn yet."""
    asked, end, _ = person.said().partition("Not saved yet: ")[2].partition("again to save")
    return asked if end else ""


async def save(person: Session, *shown: str) -> None:
    """Save, agreeing to what is odd and to what has to be."""
    asked = ""
    for _ in range(3):
        await person.press("ctrl+s")
        before = asked
        await person.until(
            lambda before=before: (
                any(part in person.said() for part in (*shown, "Recreate the secret"))  # type: ignore[misc]
                or question(person) not in {"", before}
            )
        )
        if "Recreate the secret" in person.said():
            assert_clean("\n".join(everything_said(person)))
            await person.press("down", "enter")
            break
        if all(part in person.said() for part in shown):
            break
        asked = question(person)
    await person.reads(*shown)


@pytest.mark.parametrize(("use_case", "way"), WAYS, ids=NAMES)
async def test_nothing_on_the_screen_or_about_the_widgets_tells_a_value(
    proxy: Proxy, proxied: Clusters, use_case: UseCase, way: EntryForm
) -> None:
    async with session(proxied) as person:
        await open_form(person, SECRET)
        await enter(person, CANARIES[0], *path_to(use_case, way))
        for number, field in enumerate(way.fields):
            await person.press(*["tab"] * (stops(way, field) - 1))
            if field.masked:
                await paste(person, CANARIES[(number + 1) % len(CANARIES)])
            if not way.rows_name_keys or field.masked:
                await person.press("tab")
        assert sum(map(len, person.app.screen.query(MaskedValue))) > len(CANARIES[0])
        proxy.next(answer(403, b'{"kind":"Status","message":"no"}'))  # where it takes what was pasted
        await leaves_nothing(person)


@pytest.mark.parametrize(("use_case", "way"), WAYS, ids=NAMES)
async def test_only_the_bodies_that_store_values_carry_them(
    proxy: Proxy, proxied: Clusters, use_case: UseCase, way: EntryForm
) -> None:
    async with session(proxied) as person:
        await fill_as_wanted(person, use_case, way)
        fields = list(person.app.screen.query(MaskedValue))
        await save(person, f"{SECRET} has new values")
        assert_clean("\n".join(everything_said(person)))
        assert not sum(map(len, fields))
    writes = [
        request for request in proxy.requests if "/secrets" in request.path and request.method in {"POST", "PATCH"}
    ]
    assert [request.method for request in writes] == (["PATCH"] if use_case.type == OPAQUE else ["POST", "POST"])
    for request in proxy.requests:
        sent = f"{request.target} {request.headers}".encode() + (b"" if request in writes else request.body)
        assert not [trace for trace in traces(masked(way)) if trace in sent]


async def repeat(exchange: Exchange) -> None:
    """Refuse what was sent, in its own words."""
    body = json.loads(exchange.request.body)
    sent = list((body[1]["value"] if isinstance(body, list) else body["data"]).values())
    causes = [{"field": word, "message": f'Invalid value: "{word}"'} for word in (*sent, *CANARIES)]
    said = {
        "kind": "Status",
        "message": f"bad: {' '.join((*sent, *CANARIES))}",
        "code": 422,
        "details": {"causes": causes},
    }
    await answer(422, json.dumps(said).encode())(exchange)


@pytest.mark.parametrize(("use_case", "way"), WAYS, ids=NAMES)
async def test_a_server_that_repeats_what_was_sent_shows_none_of_it(
    proxy: Proxy, proxied: Clusters, use_case: UseCase, way: EntryForm
) -> None:
    async with session(proxied, size=(120, 60)) as person:
        await fill_as_wanted(person, use_case, way)
        if use_case.type == OPAQUE:
            proxy.once(f"/secrets/{SECRET}", repeat)
            await save(person, "Refused as invalid")
        else:
            await save(person, "removed: token")
            await person.press("ctrl+s")
            await person.sees("Recreate the secret")
            proxy.next(forward, repeat)
            await person.press("down", "enter")
            await person.reads("Deleted and not created again yet", "refused as invalid")
        shown = "\n".join(everything_said(person))
        assert not [trace for trace in traces(masked(way)) if trace in shown.encode()]


@pytest.mark.parametrize("leave", ["escape", "ctrl+c"])
async def test_leaving_between_deleting_and_making_anew_lets_go_of_every_value(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl, leave: str
) -> None:
    async with session(proxied) as person:
        await open_form(person, "license-server")
        await enter(person, CANARIES[0])
        fields = list(person.app.screen.query(MaskedValue))
        await person.press("ctrl+s")
        await person.sees("Recreate the secret")
        proxy.next(forward, answer(403, b'{"kind":"Status","message":"no"}'))
        await person.press("down", "enter")
        await person.sees("Deleted and not created again yet")
        assert sum(map(len, fields)) == len(CANARIES[0])
        assert_clean("\n".join(everything_said(person)))
        await person.press(leave)
        await person.reads("license-server is deleted and not created again yet")
        assert_clean("\n".join(everything_said(person)))
        await person.press("y")
        await person.until(lambda: not person.app.is_running or "26 secrets" in person.text())
        assert leave == "ctrl+c" or not sum(map(len, fields))
    assert "license-server" not in kubectl("get", "secrets", "-o", "name")


FAILING = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
os.chdir(os.environ["HOME"])
from wbtui.cli import main
from wbtui.cluster.writing import SecretWriter
from wbtui.errors import Forbidden

create = SecretWriter.create

async def fail(self, draft, *, dry_run):
    token = draft.data()
    if dry_run:
        return await create(self, draft, dry_run=True)
    if "crash" in sys.argv:
        raise ValueError(token, draft.unsealed())
    raise Forbidden("you may not")

SecretWriter.create = fail
sys.exit(main(["--demo"]))
"""
ENDINGS = ("leave", "quit", "crash", "resize and hang up", "SIGHUP", "SIGTERM", "SIGABRT")


def end(terminal: Terminal, ending: str) -> None:
    """End a session in which a secret is deleted and not created anew."""
    if ending == "leave":
        terminal.press("\x1b")
        terminal.reads("Leave the form?", "is deleted and not created")
        terminal.press("y")
        terminal.sees("live")
        terminal.press("q")
    elif ending == "quit":
        terminal.press("\x03")
        terminal.reads("Quit wbtui?", "is deleted and not created")
        terminal.press("y")
    elif ending.startswith("SIG"):
        terminal.process.send_signal(signal.Signals[ending])
    if ending == "resize and hang up":
        termios.tcsetwinsize(terminal.master, (24, 80))
        terminal.sees("ctrl+s")
        terminal.hang_up()
        terminal.process.wait(20)
    else:
        terminal.ends()


def files_in(folder: Path) -> Iterator[Path]:
    """Yield every file that was left behind."""
    return filter(Path.is_file, folder.rglob("*"))


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_end_between_deleting_and_making_anew_leaves_a_value_behind(
    environment: dict[str, str], tmp_path: Path, ending: str
) -> None:
    logs = {"TEXTUAL_LOG": str(tmp_path / "home" / "textual.log"), "TEXTUAL": "debug,devtools"}
    with wbtui(environment | logs, "-X", "faulthandler", "-c", FAILING, ending) as terminal:
        terminal.sees("27 secrets", "live")
        terminal.press("/license\r")
        terminal.sees("1 of 27")
        terminal.press("e")
        terminal.sees("New values for license-server")
        terminal.press(CANARIES[0])
        terminal.sees(f"{len(CANARIES[0])} bytes")
        terminal.press("\x13")
        terminal.reads("Recreate the secret")
        terminal.press("\x1b[B\r")
        if ending != "crash":
            terminal.sees("Deleted and not created again yet", "you may not")
            for name in ("cmdline", "environ"):
                assert_clean(Path(f"/proc/{terminal.process.pid}/{name}").read_bytes())
        end(terminal, ending)
        assert_clean(terminal.output)
        assert b"\x1b]52" not in terminal.output
        assert (b"wbtui stopped because of a bug in it" in terminal.output) is (ending == "crash")
    for path in files_in(tmp_path):
        assert not path.name.startswith("core")
        assert_clean(path.read_bytes())
