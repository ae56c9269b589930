"""Runs a command of the command line in this process, with an own home, and says how it ended."""

import os
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest

from wbtui.command_table import run_command


class Ended(NamedTuple):
    """The exit code, what was written to stdout, and what to stderr."""

    code: int
    out: str
    err: str


class Command(Protocol):
    """Runs a command on the embedded cluster, as its first user unless a flag names another one."""

    def __call__(self, name: str, *arguments: str) -> Ended: ...


@pytest.fixture
def command(
    kubeconfig: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Return a way to run a command on the embedded cluster."""
    for name in [name for name in os.environ if name.startswith(("WBTUI_", "EAI_", "XDG_", "KUBE"))]:
        monkeypatch.delenv(name)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig))

    def run(name: str, *arguments: str) -> Ended:
        try:
            code = run_command(name, list(arguments))
        except SystemExit as ended:
            code = int(ended.code or 0)
        return Ended(code, *capsys.readouterr())

    return run
