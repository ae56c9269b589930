"""What is entered as a value turns up nowhere but in the bodies of the requests that create the secret."""

import json
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from textual import events

from tests.conftest import Kubectl
from tests.proxy import Exchange, Proxy, answer
from tests.pseudo_terminal import Terminal, wbtui
from tests.screens.canaries import (
    CANARIES,
    NAMES,
    WAYS,
    accepted,
    assert_clean,
    everything_said,
    fill,
    leaves_nothing,
    traces,
    visit,
    wanted,
)
from tests.screens.forms import (
    enter,
    form,
    take_file,
)
from wbtui.domain.use_cases.model import EntryForm, UseCase
from wbtui.repository import Clusters
from wbtui.widgets.masked_value import MaskedValue


@pytest.mark.parametrize(("use_case", "way"), WAYS, ids=NAMES)
async def test_nothing_on_the_screen_or_about_the_widgets_tells_a_value(
    clusters: Clusters, use_case: UseCase, way: EntryForm
) -> None:
    async with form(clusters, size=(100, 40)) as person:
        await fill(person, use_case, way)
        await person.press("ctrl+u")  # without a name it is refused
        await leaves_nothing(person)


@pytest.mark.parametrize(("use_case", "way"), WAYS, ids=NAMES)
async def test_a_server_that_repeats_what_was_sent_shows_none_of_it(
    proxy: Proxy, proxied: Clusters, use_case: UseCase, way: EntryForm
) -> None:
    async def repeat(exchange: Exchange) -> None:
        sent = json.loads(exchange.request.body)["data"]
        words = [*sent.values(), *(value for field in secret for value in (field, json.dumps(field), repr(field)))]
        causes = [{"field": f"data[{key}]", "message": f'Invalid value: "{word}"'} for key in sent for word in words]
        causes += [{"field": word, "message": f"error found in ...|{word[2:]}|..., bigger"} for word in words]
        said = {
            "kind": "Status",
            "message": f"bad: {' '.join(words)}"[:700],
            "code": 422,
            "details": {"causes": causes},
        }
        await answer(422, json.dumps(said).encode())(exchange)

    secret = [wanted(field) for field in way.fields if field.masked]
    async with form(proxied, size=(120, 60)) as person:
        proxy.next(repeat)
        await enter(person, *accepted(use_case, way))
        await person.press("ctrl+s")
        await person.sees("Refused as invalid", "[removed]")
        assert not [trace for trace in traces(tuple(secret)) if trace in person.text().encode()]
        for text in set(secret) & set(CANARIES):
            assert not [start for start in range(len(text) - 8) if text[start : start + 8] in person.text()]


@pytest.mark.parametrize(("use_case", "way"), WAYS, ids=NAMES)
async def test_only_the_two_bodies_carry_values(
    proxy: Proxy, proxied: Clusters, kubectl: Kubectl, use_case: UseCase, way: EntryForm
) -> None:
    async with form(proxied) as person:
        await enter(person, *accepted(use_case, way))
        fields = list(person.app.screen.query(MaskedValue))
        await person.press("ctrl+s")
        await person.sees(f"{use_case.stem} was created.")
        assert_clean("\n".join(everything_said(person)))
        assert not sum(map(len, fields))
    carrying = [request for request in proxy.requests if request.method == "POST" and "/secrets" in request.path]
    assert [request.query.get("dryRun") for request in carrying] == ["All", None]
    values = tuple(wanted(field) for field in way.fields if field.masked)
    for request in proxy.requests:
        sent = f"{request.target} {request.headers}".encode() + (b"" if request in carrying else request.body)
        assert not [trace for trace in traces(values) if trace in sent]
    assert use_case.stem in kubectl("get", "secrets")


async def test_a_value_read_from_a_file_shows_no_more_than_its_name(clusters: Clusters, tmp_path: Path) -> None:
    for number, value in enumerate(CANARIES):
        (tmp_path / f"file{number}").write_text(value)
    async with form(clusters, "Generic") as person:
        for number in range(len(CANARIES)):
            await enter(person, *(["ctrl+n"] if number else []), f"k{number}", "tab")
            await take_file(person, tmp_path / f"file{number}")
            await person.sees(f"from file{number}")
            assert_clean("\n".join(everything_said(person)))


async def test_what_cuts_and_copies_elsewhere_gets_no_value(clusters: Clusters) -> None:
    async with form(clusters, "HuggingFace") as person:
        await enter(person, CANARIES[0])
        await person.press("ctrl+a", "shift+home", "ctrl+x", "ctrl+insert", "super+c", "ctrl+shift+c")
        assert not person.app.clipboard
        await person.press("shift+tab", "shift+tab")
        person.app.post_message(events.Key("ctrl+v", None))
        await person.settle()
        assert_clean(person.text())


SAFE = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
os.chdir(os.environ["HOME"])
from wbtui.cli import main
from wbtui.cluster.writing import SecretWriter

async def crash(self, draft, *, dry_run):
    token = draft.data()
    raise ValueError(token, draft.unsealed())

if "crash" in sys.argv:
    SecretWriter.create = crash
sys.exit(main(["--demo", "-v"]))
"""
BYTES = {"tab": "\t", "shift+tab": "\x1b[Z", "enter": "\r", "ctrl+n": "\x0e"}
PASTED = "\x1b[200~{}\x1b[201~"
ENDINGS = ("save", "leave", "crash", "resize and hang up", "SIGHUP", "SIGTERM", "SIGABRT")

FILL_ALL = {"save", "leave"}
"""The endings before which every field is filled; before the others those of two use cases are, which is faster."""


def leave(terminal: Terminal, ending: str) -> None:
    """End a session in which values have been entered."""
    if ending in {"save", "crash"}:
        terminal.press("\x13\x13")
    elif ending == "leave":
        terminal.press("\x1b")
        terminal.reads("Leave the form?")
        terminal.press("y")
    elif ending.startswith("SIG"):
        terminal.process.send_signal(signal.Signals[ending])
    if ending in {"save", "leave"}:
        terminal.sees("live", "secrets ·")
        terminal.press("q")
    if ending == "resize and hang up":
        termios.tcsetwinsize(terminal.master, (24, 80))
        terminal.sees("ctrl+s")
        terminal.hang_up()
        terminal.process.wait(20)
    else:
        terminal.ends()


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_end_leaves_a_value_behind(environment: dict[str, str], tmp_path: Path, ending: str) -> None:
    logs = {"TEXTUAL_LOG": str(tmp_path / "home" / "textual.log"), "TEXTUAL": "debug,devtools"}
    (tmp_path / "value").write_text(CANARIES[2])
    with wbtui(environment | logs, "-X", "faulthandler", "-c", SAFE, ending) as terminal:
        terminal.sees("27 secrets", "live")
        terminal.press("a")
        terminal.sees("Creates in")
        for use_case, way in WAYS if ending in FILL_ALL else (WAYS[0], WAYS[-1]):
            keys = [BYTES.get(part, part.replace("\n", "\r")) for part in visit(use_case, way, PASTED)]
            terminal.press("".join(keys))
        terminal.sees(f"use case {WAYS[-1][0].value}, keys")
        terminal.press("\t5\tapi-key\t\x0f")
        terminal.sees("Value from a file")
        terminal.press(f"{tmp_path / 'value'}\r")
        terminal.sees("from value", f"{len(CANARIES[2])} bytes")
        for name in ("cmdline", "environ"):
            assert_clean(Path(f"/proc/{terminal.process.pid}/{name}").read_bytes())
        leave(terminal, ending)
        assert_clean(terminal.output)
        assert b"\x1b]52" not in terminal.output
        assert (b"wbtui stopped because of a bug in it" in terminal.output) is (ending == "crash")
    (tmp_path / "value").unlink()
    written = list(filter(Path.is_file, tmp_path.rglob("*")))
    assert "wbtui.log" in {path.name for path in written}
    for path in written:
        assert not path.name.startswith("core")
        assert_clean(path.read_bytes())


EARLY = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
os.chdir(os.environ["HOME"])
from wbtui.app import Workbench
from wbtui.cli import main
Workbench.on_ready = lambda app: os.abort()
sys.exit(main([]))
"""


def test_a_session_that_has_only_begun_leaves_no_core_file(environment: dict[str, str], tmp_path: Path) -> None:
    with wbtui(environment, "-c", EARLY) as terminal:
        assert terminal.process.wait(20) == -signal.SIGABRT
    assert not [path for path in tmp_path.rglob("core*") if path.is_file()]


def test_a_process_that_allows_it_would_leave_a_core_file(tmp_path: Path) -> None:
    pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
    if "/" in pattern or "|" in pattern:
        pytest.skip(f"core files go elsewhere here: {pattern}")
    program = "import os, resource as r; r.setrlimit(r.RLIMIT_CORE, (r.RLIM_INFINITY,) * 2); os.abort()"
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=False)
    assert [path for path in tmp_path.iterdir() if path.name.startswith(pattern)]
