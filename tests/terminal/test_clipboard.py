import os
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wbtui.terminal.clipboard import copy, sequences

OVER_SSH = {"SSH_CONNECTION": "1.2.3.4", "DISPLAY": ":0", "WAYLAND_DISPLAY": "w"}
PLAIN = "\x1b]52;c;aGYtdG9rZW4=\a"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, [PLAIN]),
        ({"TERM": "xterm-256color"}, [PLAIN]),
        ({"TMUX": "/tmp/tmux", "TERM": "screen-256color"}, [PLAIN, f"\x1bPtmux;\x1b{PLAIN}\x1b\\"]),  # noqa: S108
        ({"TERM": "screen"}, [f"\x1bP{PLAIN}\x1b\\"]),
    ],
)
def test_the_terminal_is_asked_through_what_lies_between(environ: dict[str, str], expected: list[str]) -> None:
    assert sequences("hf-token", environ) == expected


@given(TEXTS)
def test_any_text_arrives_as_it_is(text: str) -> None:
    (sequence,) = sequences(text, {})
    assert sequence.startswith("\x1b]52;c;")
    assert sequence.endswith("\a")
    assert b64decode(sequence[7:-1]).decode() == text


@given(TEXTS)
@example("x" * 1000)
def test_screen_gets_it_in_chunks_that_it_passes_on(text: str) -> None:
    chunks = sequences(text, {"TERM": "screen.xterm"})
    assert all(chunk.startswith("\x1bP") and chunk.endswith("\x1b\\") and len(chunk) <= 244 for chunk in chunks)
    assert [("".join(chunk[2:-2] for chunk in chunks))] == sequences(text, {})


@pytest.mark.parametrize("environ", [OVER_SSH, {"SSH_TTY": "/dev/pts/1", "DISPLAY": ":0"}, {}])
@pytest.mark.skipif(sys.platform == "darwin", reason="always has a desktop")
def test_away_from_a_desktop_the_terminal_is_asked(environ: dict[str, str]) -> None:
    written: list[str] = []
    assert copy("hf-token", written.append, environ) == "sent to your terminal"
    assert written == [PLAIN]


SENT = f"sent to your terminal {[PLAIN]}"


@pytest.mark.parametrize(
    ("program", "more", "said"),
    [
        ("xclip", {}, "copied []"),
        (None, {}, SENT),
        ("xclip", {"SSH_TTY": "/dev/pts/1"}, SENT),
        ("xclip", {"SSH_CONNECTION": "1.2.3.4"}, SENT),
    ],
)
@pytest.mark.skipif(sys.platform == "darwin", reason="has a clipboard of its own")
def test_a_desktop_has_a_clipboard_and_elsewhere_the_terminal_is_asked(
    tmp_path: Path, program: str | None, more: dict[str, str], said: str
) -> None:
    for name in ("which", "cat", "sh"):
        (tmp_path / name).symlink_to(Path("/usr/bin") / name)
    if program:
        (tmp_path / program).write_text(f"#!/bin/sh\ncat > {tmp_path}/clipboard\n")
        (tmp_path / program).chmod(0o700)
    script = "from wbtui.terminal.clipboard import copy; w = []; print(copy('hf-token', w.append), w)"
    environment = {
        "PATH": str(tmp_path),
        "DISPLAY": ":0",
        "HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(sys.path),
        **more,
    }
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == said
    assert said == SENT or (tmp_path / "clipboard").read_text() == "hf-token"


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A tmux server of its own, and the environment of a program in it."""
    socket = tmp_path / "tmux"
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TERM": "xterm-256color"}
    subprocess.run(["tmux", "-S", socket, "-f", "/dev/null", "new-session", "-d", "cat"], env=environment, check=True)
    yield environment | {"TMUX": f"{socket},1,0", "SSH_CONNECTION": "1"}
    subprocess.run(["tmux", "-S", socket, "kill-server"], env=environment, check=True)


@pytest.mark.parametrize("text", ["hf-token", "-w", "two\nlines of €\n"])
def test_tmux_takes_it_with_its_defaults(tmux: dict[str, str], text: str) -> None:
    written: list[str] = []
    assert copy(text, written.append, tmux) == "copied to tmux, and sent by it to your terminal"
    assert not written
    shown = subprocess.run(["tmux", "show-buffer"], env=tmux, capture_output=True, check=True)
    assert shown.stdout.decode() == text


def test_where_tmux_does_not_answer_the_terminal_is_asked(tmux: dict[str, str]) -> None:
    written: list[str] = []
    assert copy("hf-token", written.append, tmux | {"TMUX": "/nowhere,1,0"}) == "sent to your terminal"
    assert written == sequences("hf-token", tmux)
