"""wbtui that is replaced or deleted on disk while it runs, as an upgrade does under a window that is open all day."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.pseudo_terminal import TAB, Terminal, assert_clean, wbtui

ROOT = Path(__file__).parent.parent
REPLACED = "replaced on disk"

NOTHING_LATER = """
import sys
from wbtui import assembly
from wbtui.cli import main
import wbtui.domain.targets, wbtui.screens.writers  # the list needs them within its first second
assembly.load_rest = lambda: ()
sys.exit(main(["--kubeconfig", sys.argv[1]]))
"""
"""Loads what a screen needs as it is opened: an upgrade has come before the rest was loaded."""

ALL_LOADED = """
import shutil, sys
from wbtui import assembly
from wbtui.cli import main
load_rest = assembly.load_rest

def load_all():
    yield from load_rest()
    shutil.rmtree(sys.argv[2])
    open(sys.argv[3], "w").close()

assembly.load_rest = load_all
sys.exit(main(["--kubeconfig", sys.argv[1]]))
"""
"""Deletes itself once all is loaded, and says so."""


SCREENS = [
    ("/used:no\r", ("of 27",), "\x1b"),
    ("\r", ("Used by", "Annotations"), "\x1b"),
    ("?", ("Mark or unmark the secret",), "\x1b"),
    ("a", ("Nothing is stored before you save.",), "\x1b"),
    ("e", ("Nothing is changed before you save.",), "\x1b"),
    ("o", ("New values",), "\x1b"),
    ("\x04", ("Delete docker-hub-pull",), "\x1b"),
    ("u", ("Deployment eval-dashboard",), "\x1b"),
    ("w", ("Use docker-hub-pull with", "eval-dashboard"), "\x1b"),
    ("m", ("esc Back",), "\x1b"),
    ("\x10", ("Search for commands",), "\x1b"),
    (":", (":ns ctx all",), "\x1b"),
]
"""Keys of the list, what they show, and the key back."""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A copy of the program that may be replaced."""
    program = tmp_path / "program"
    for name in ("wbtui", "styles"):
        shutil.copytree(ROOT / name, program / name, ignore=shutil.ignore_patterns("__pycache__"))
    return program


def delete(program: Path) -> None:
    shutil.rmtree(program)


def upgrade(program: Path) -> None:
    """Put another version in the place of this one, which has what the first lacks and lacks what it has."""
    newer = program / "newer"
    shutil.copytree(program / "wbtui", newer)
    for path in newer.rglob("*.py"):
        path.write_text("from wbtui.domain.text import what_only_the_newer_version_has\n")
    shutil.rmtree(program / "wbtui")
    newer.rename(program / "wbtui")


def delete_all_but_the_first(program: Path) -> None:
    """What cleans a folder of temporary files keeps what was used lately."""
    for name in ("screens", "widgets", "cluster", "domain"):
        shutil.rmtree(program / "wbtui" / name)


WAYS = [delete, upgrade, delete_all_but_the_first]


@contextmanager
def started(script: str, program: Path, environment: dict[str, str], *arguments: object) -> Iterator[Terminal]:
    given = environment | {"PYTHONPATH": str(program)}
    with wbtui(given, "-P", "-c", script, *map(str, arguments)) as terminal:
        terminal.sees("27 secrets", "live")
        yield terminal


@pytest.mark.parametrize("replace", WAYS)
def test_a_screen_that_is_not_loaded_yet_is_a_clear_message(
    program: Path, kubeconfig: Path, environment: dict[str, str], replace: Callable[[Path], None]
) -> None:
    with started(NOTHING_LATER, program, environment, kubeconfig) as terminal:
        replace(program)
        for key in ("a", "\x04", "?", "u"):
            terminal.press(key)
            terminal.sees(REPLACED, "start wbtui again", "> docker-hub-pull", "live")
            terminal.press("j")
            terminal.sees("> gateway-api-keys")
            terminal.press("k")
        terminal.press("q")
        assert terminal.ends() == 0
        assert b"stopped because of a bug" not in terminal.output
        assert_clean(terminal, environment)


@pytest.mark.parametrize("replace", WAYS)
def test_a_form_keeps_what_was_entered(
    program: Path, kubeconfig: Path, environment: dict[str, str], replace: Callable[[Path], None]
) -> None:
    with started(NOTHING_LATER, program, environment, kubeconfig) as terminal:
        terminal.press("a")
        terminal.sees("Nothing is stored before you save.")
        terminal.press(f"-typed{TAB}{TAB}hf_{'x' * 34}")
        terminal.sees("hf-token-typed", "37 bytes")
        replace(program)
        terminal.press("\x13")
        terminal.sees(REPLACED, "hf-token-typed", "37 bytes")


def test_nothing_is_missed_once_all_is_loaded(program: Path, kubeconfig: Path, environment: dict[str, str]) -> None:
    told = program.parent / "told"
    os.mkfifo(told)
    with started(ALL_LOADED, program, environment, kubeconfig, program, told) as terminal:
        told.read_bytes()
        assert not program.exists()
        for keys, shown, back in SCREENS:
            terminal.press(keys)
            terminal.sees(*shown)
            terminal.press(back)
            terminal.sees("27 secrets · Helm hidden", "> docker-hub-pull", "enter Details")
        terminal.press("q")
        assert terminal.ends() == 0
        assert REPLACED.encode() not in terminal.output
