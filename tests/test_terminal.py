"""wbtui on a real pseudo-terminal: what a person's terminal gets, and how it is left."""

import os
import pty
import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests.program import IN_A_SHELL, PROGRAM
from tests.pseudo_terminal import (
    assert_clean,
    assert_nothing_left,
    wbtui,
)
from tests.screens.driving import PATIENCE
from tools.single_file import LEFT_OUT

CANARY = "canary-7c1d"


def test_a_session_from_start_to_end(environment: dict[str, str]) -> None:
    with wbtui(environment) as terminal:
        terminal.sees("demo › llm-serving", "27 secrets", "live")
        terminal.press("/hf-token-l")
        terminal.sees("1 of 27", "enter Keep")
        terminal.press("\r")
        terminal.sees("enter Details")
        terminal.press("\r")
        terminal.sees("created by    amara.okafor@example.com", "Values are never shown")
        terminal.press("c")
        terminal.sees("hf-token-llama: sent to your terminal.")
        assert b"\x1b]52;c;aGYtdG9rZW4tbGxhbWE=\x07" in terminal.output
        terminal.press("q")
        terminal.sees("1 of 27")
        terminal.press("q")
        assert terminal.ends() == 0
        assert_clean(terminal, environment)


@pytest.mark.parametrize(
    ("keys", "leave", "status"),
    [
        ("", "\x03", 0),
        ("/hf", "\x03", 0),
        ("", signal.SIGINT, 130),
        ("", signal.SIGQUIT, 131),
        ("\r", signal.SIGTERM, 143),
        ("/hf", signal.SIGHUP, 129),
    ],
)
def test_the_terminal_is_left_clean(
    environment: dict[str, str], keys: str, leave: str | signal.Signals, status: int
) -> None:
    with wbtui(environment) as terminal:
        terminal.sees("27 secrets", "live")
        terminal.press(keys)
        if isinstance(leave, str):
            terminal.press(leave)
        else:
            terminal.process.send_signal(leave)
        assert terminal.ends() == status
        assert_clean(terminal, environment)


@pytest.mark.parametrize(("answer", "background"), [("ffff/ffff/ffff", "255;255;255"), ("0000/0000/0000", "18;18;18")])
def test_the_background_that_the_terminal_tells_chooses_the_theme(
    environment: dict[str, str], answer: str, background: str
) -> None:
    with wbtui({**environment, "COLORTERM": "truecolor"}) as terminal:
        terminal.sees("27 secrets", "live")
        assert b"\x1b]11;?\x1b\\" in terminal.output
        terminal.press(f"\x1b]11;rgb:{answer}\x1b\\")
        terminal.press("/hf")
        terminal.sees("5 of 27", " hf ")
        assert f"48;2;{background}m".encode() in terminal.output
        assert (b"48;2;255;255;255" in terminal.output) is (answer == "ffff/ffff/ffff")


def test_a_terminal_that_goes_away_ends_it(environment: dict[str, str]) -> None:
    with wbtui(environment) as terminal:
        terminal.sees("27 secrets", "live")
        terminal.hang_up()
        assert terminal.process.wait(PATIENCE)
        assert_nothing_left(terminal, environment)


def test_a_terminal_that_goes_away_at_the_start_ends_it(environment: dict[str, str]) -> None:
    with wbtui(environment) as terminal:
        terminal.sees("starting the demo cluster")
        terminal.hang_up()
        assert terminal.process.wait(PATIENCE)
        assert_nothing_left(terminal, environment)


def test_a_terminal_of_another_size_is_drawn_anew(environment: dict[str, str]) -> None:
    with wbtui(environment) as terminal:
        terminal.sees("27 secrets", "live")
        terminal.resize(30, 100)
        terminal.sees("  NAME ^", "27 secrets", "> docker-hub-pull", "demo › llm-serving", "live")


CRASH = f"""
import sys
for name in sys.argv[2:]:
    sys.modules[name] = None  # an import of it is an ImportError
from textual import work
from wbtui.app import Workbench
from wbtui.cli import main

def crash(self):
    token = {CANARY!r}
    raise ValueError(token)

async def crash_later(self):
    crash(self)

KINDS = {{
    "action": crash,
    "worker": work(crash_later),
    "thread": work(thread=True)(crash),
    "timer": lambda self: self.set_timer(0.01, lambda: crash(self)) and None,
}}
Workbench.action_explain_values = KINDS[sys.argv[1]]
sys.exit(main(["--demo"]))
"""


@pytest.mark.parametrize("left_out", [(), LEFT_OUT], ids=["installed", "single file"])
@pytest.mark.parametrize("kind", ["action", "worker", "thread", "timer"])
def test_a_crash_tells_where_and_no_value(environment: dict[str, str], kind: str, left_out: tuple[str, ...]) -> None:
    with wbtui(environment, "-c", CRASH, kind, *left_out) as terminal:
        terminal.sees("27 secrets", "live")
        terminal.press("x")
        assert terminal.ends() == 1
        assert b"wbtui stopped because of a bug in it" in terminal.output
        assert b"in crash" in terminal.output
        assert b"ValueError" in terminal.output
        assert CANARY.encode() not in terminal.output
        assert_clean(terminal, environment)


@pytest.mark.parametrize(
    "more",
    [
        *({"TERM": name} for name in ("xterm", "linux", "vt220", "screen", "screen-256color", "tmux-256color")),
        {"COLORTERM": "truecolor"},
        {"COLORTERM": "truecolor", "NO_COLOR": "1"},
        {"LANG": "C", "LC_ALL": "C"},
    ],
    ids=lambda more: "-".join(more.values()),
)
def test_every_terminal_will_do(environment: dict[str, str], more: dict[str, str]) -> None:
    with wbtui(environment | more) as terminal:
        terminal.sees("27 secrets", "hf-token-llama", "live")
        terminal.press("j")
        terminal.sees("> gateway-api-keys")
        if "COLORTERM" in more:
            assert bool(_coloured(terminal.output)) is ("NO_COLOR" not in more)
        terminal.press("q")
        assert terminal.ends() == 0
        assert_clean(terminal, environment)


@pytest.mark.parametrize("more", [{}, {"COLORTERM": "truecolor"}, {"TERM": "xterm"}], ids=["256", "all", "8"])
def test_without_colour_no_colour_is_sent_and_marks_are_seen(environment: dict[str, str], more: dict[str, str]) -> None:
    with wbtui(environment | {"NO_COLOR": "1"} | more) as terminal:
        terminal.sees("27 secrets", "live", "[0 All 27]")
        terminal.press("j")
        terminal.sees("> gateway-api-keys")
        terminal.press(" ")
        terminal.sees("1 marked", "> gateway-tls")
        terminal.press("a")
        terminal.sees("Creates in", "[1 Hugging Face")
        terminal.press("\x03")
        assert terminal.ends() == 0
        codes = {code for style in re.findall(rb"\x1b\[([\d;]*)m", terminal.output) for code in style.split(b";")}
        assert codes <= {b"", b"0", b"1", b"3", b"4", b"7", b"39", b"49"}
        assert b"7" in codes


def _coloured(output: bytes) -> list[tuple[int, int, int]]:
    colours = re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)", output)
    return [colour for found in colours if len(set(colour := (int(found[0]), int(found[1]), int(found[2])))) > 1]


def test_what_is_typed_goes_to_no_log(environment: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "textual.log"
    more = {"TEXTUAL_LOG": str(log), "TEXTUAL": "debug,devtools", "TEXTUAL_DEBUG": "1"}
    with wbtui(environment | more) as terminal:
        terminal.sees("27 secrets", "live")
        terminal.press("/")
        terminal.sees("enter Keep")
        terminal.press(f"\x1b[200~{CANARY}\x1b[201~")
        terminal.sees("0 of 27")
        terminal.press("\x03")
        assert terminal.ends() == 0
    assert not log.exists()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(CANARY in path.read_text(errors="replace") for path in files)


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        (("stdin",), "needs a terminal for its input"),
        (("stdout", "stderr"), ""),
        (("stdin", "stdout"), "needs a terminal for its input"),
    ],
)
def test_without_a_terminal_it_says_so(environment: dict[str, str], missing: tuple[str, ...], expected: str) -> None:
    master, slave = pty.openpty()
    streams = {name: subprocess.DEVNULL if name in missing else slave for name in ("stdin", "stdout", "stderr")}
    command = [*PROGRAM, "--demo"]
    try:
        done = subprocess.run(command, env=environment, timeout=60, check=False, **streams)  # type: ignore[call-overload]
        assert done.returncode == 2
        if expected:
            assert expected in os.read(master, 1_000).decode()
    finally:
        os.close(slave)
        os.close(master)


@pytest.mark.parametrize("closed", ["<&-", ">&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_are_said_or_are_not_needed(environment: dict[str, str], closed: str) -> None:
    start = f"{IN_A_SHELL} --demo {closed}; echo status $?; sleep 60"
    with wbtui(environment, "-c", f"import os; os.execv('/bin/sh', ['sh', '-c', {start!r}])") as terminal:
        if closed == ">&-":
            terminal.sees("27 secrets", "live")
            terminal.press("q")
            terminal.sees("status 0")
        else:
            terminal.sees("status 2")


@pytest.mark.parametrize("elsewhere", ["2>/dev/null", "2>errors", ">/dev/null"])
def test_one_output_is_enough(environment: dict[str, str], tmp_path: Path, elsewhere: str) -> None:
    start = f"exec {IN_A_SHELL} --demo {elsewhere.replace('errors', str(tmp_path / 'errors'))}"
    with wbtui(environment, "-c", f"import os; os.execv('/bin/sh', ['sh', '-c', {start!r}])") as terminal:
        terminal.sees("27 secrets", "live")
        terminal.press("q")
        assert terminal.ends() == 0
        assert_clean(terminal, environment)
    assert elsewhere != "2>errors" or not (tmp_path / "errors").read_text()


@pytest.mark.parametrize("term", ["dumb", "unknown", ""])
def test_a_terminal_that_can_show_nothing_is_refused(environment: dict[str, str], term: str) -> None:
    with wbtui(
        {name: value for name, value in environment.items() if name != "TERM"} | ({"TERM": term} if term else {})
    ) as terminal:
        assert terminal.ends() == 2
        assert b"This terminal cannot show wbtui: TERM is" in terminal.output
        assert b"\x1b" not in terminal.output


@pytest.mark.parametrize("off", ["flag", "setting"])
def test_the_mouse_can_be_left_to_the_terminal(environment: dict[str, str], off: str) -> None:
    if off == "setting":
        config = Path(environment["HOME"], ".config", "wbtui", "config.toml")
        config.parent.mkdir(parents=True)
        config.write_text("mouse = false\n")
    with wbtui(environment, "-m", "wbtui", "--demo", *(["--no-mouse"] if off == "flag" else [])) as terminal:
        terminal.sees("27 secrets", "live")
        modes = re.findall(rb"\x1b\[\?(?:1000|1003|1006|1015)([hl])", terminal.output)
        assert modes[-4:] == ([] if off == "flag" else [b"l"] * 4)
        terminal.press("\x1a")
        os.waitpid(terminal.process.pid, os.WUNTRACED)
        terminal.resumes("27 secrets")
        terminal.press("j")
        terminal.sees("> gateway-api-keys")
        assert not re.findall(rb"\x1b\[\?1000h", terminal.output[terminal.output.rindex(b"\x1b[?1049h") :])
        terminal.press("q")
        assert terminal.ends() == 0
        assert_clean(terminal, environment)
