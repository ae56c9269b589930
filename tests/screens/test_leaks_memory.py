"""What was entered as a value is held by nothing once its form is left; all objects of the process are looked at."""

import os
import select
import signal
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.pseudo_terminal import (
    TAB,
    Terminal,
    wbtui,
)
from tests.screens.driving import PATIENCE
from tests.services import hub
from wbtui.screens.attention import QUIET

CANARY = "cAnArY-7c1d-of-memory"
SEARCHING = """
import gc, os, signal, sys
from wbtui.cli import main

wanted = [bytes.fromhex(part) for part in sys.argv[2:]]

def holders():
    "Yield the types that lead to each text that holds what is wanted."
    gc.unfreeze()
    gc.collect()
    seen, todo = set(), []
    seen.update(map(id, (wanted, *wanted, seen, todo, sys._getframe())))
    todo += [(found, ()) for found in (*gc.get_objects(), *sys._current_frames().values())]
    while todo:
        found, path = todo.pop()
        if id(found) in seen:
            continue
        seen.add(id(found))
        if isinstance(found, (str, bytes, bytearray)):
            data = found.encode(errors="replace") if isinstance(found, str) else bytes(found)
            if any(part in data for part in wanted):
                yield " < ".join([type(found).__name__, *reversed(path)])
        else:
            todo.extend((inner, (*path[-8:], type(found).__qualname__)) for inner in gc.get_referents(found))

def search(*_):
    with open(sys.argv[1], "w") as answer:
        answer.write("\\n".join(["searched", *holders()]))

signal.signal(signal.SIGUSR1, search)
sys.exit(main(["--demo"]))
"""


def held(terminal: Terminal, answer: Path) -> list[str]:
    """Return what leads to the value in the memory of the program."""
    with os.fdopen(os.open(answer, os.O_RDONLY | os.O_NONBLOCK), "rb") as pipe:
        terminal.process.send_signal(signal.SIGUSR1)
        assert select.select([pipe], [], [], PATIENCE)[0]
        os.set_blocking(pipe.fileno(), True)
        return pipe.read().decode().splitlines()[1:]


def pasted(terminal: Terminal, tmp_path: Path) -> None:
    del tmp_path
    terminal.press(f"\x1b[200~{CANARY}\x1b[201~")


def typed(terminal: Terminal, tmp_path: Path) -> None:
    del tmp_path
    terminal.press(CANARY)


def read(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "value").write_text(CANARY)
    terminal.press("\x0f")
    terminal.sees("Value from a file")
    terminal.press(f"{tmp_path / 'value'}\r")


def leave(terminal: Terminal) -> None:
    terminal.press("\x1b")
    terminal.sees("Leave the form?")
    select.select([], [], [], 2 * QUIET)  # a person reads it first
    terminal.press("y")
    terminal.sees("27 secrets", "live")


def tried(terminal: Terminal, tmp_path: Path) -> None:
    del tmp_path
    terminal.press(CANARY)
    terminal.press("\x19")
    terminal.sees("Send to 127.0.0.1:")
    select.select([], [], [], 2 * QUIET)  # a person reads it first
    terminal.press("\x1b[B\r")
    terminal.reads("Refused: 127.0.0.1 does not know this token")


def asked_and_left(terminal: Terminal, tmp_path: Path) -> None:
    del tmp_path
    terminal.press(CANARY)
    terminal.press("\x19")
    terminal.sees("Send to 127.0.0.1:")
    select.select([], [], [], 2 * QUIET)
    terminal.press("\r")
    terminal.reads("nothing was sent to")


@pytest.fixture
def mirror() -> Iterator[str]:
    """A Hugging Face hub, to try tokens with."""
    with hub.hub() as served:
        yield served.url


@pytest.mark.parametrize("enter", [pasted, typed, read, tried, asked_and_left])
def test_a_value_is_held_by_nothing_once_its_form_is_left(
    environment: dict[str, str], tmp_path: Path, enter: Callable[[Terminal, Path], None], mirror: str
) -> None:
    answer = tmp_path / "answer"
    os.mkfifo(answer)
    wanted = [CANARY.encode().hex(), b64encode(CANARY.encode()).rstrip(b"=")[:-1].hex()]
    with wbtui(environment | {"HF_ENDPOINT": mirror}, "-c", SEARCHING, str(answer), *wanted) as terminal:
        terminal.sees("27 secrets", "live")
        terminal.press("a")
        terminal.sees("Creates in")
        terminal.press(TAB * 2)
        terminal.sees("▏as in hf_")
        enter(terminal, tmp_path)
        terminal.sees(f"{len(CANARY)} bytes")
        assert held(terminal, answer)
        leave(terminal)
        assert held(terminal, answer) == []
