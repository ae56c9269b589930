"""`wbtui completion`: bash completes with its script, and every flag is in every script."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.conftest import Command
from tests.program import IN_A_SHELL
from wbtui.arguments import Parser

ROOT = Path(__file__).parent.parent.parent


def completed(script: str, folder: Path, kubeconfig: Path, *words: str) -> set[str]:
    """Return what bash offers for the last of the words."""
    program = folder / "wbtui"
    program.write_text(f'#!/bin/sh\nexec {IN_A_SHELL} "$@"\n')
    program.chmod(0o700)
    (folder / "script").write_text(script)
    typed = " ".join(f"'{word}'" for word in words)
    ask = f"source {folder}/script; COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; _wbtui; echo ${{COMPREPLY[@]}}"
    environment = {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "KUBECONFIG": str(kubeconfig),
    }
    done = subprocess.run(["bash", "-c", ask], env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""
    return set(done.stdout.split())


def test_bash_completes_commands_flags_and_names(command: Command, kubeconfig: Path, tmp_path: Path) -> None:
    script = command("completion", "bash").out
    assert completed(script, tmp_path, kubeconfig, "wbtui", "ge") == {"get"}
    assert completed(script, tmp_path, kubeconfig, "wbtui", "delete", "--i") == {"--if-unused"}
    assert completed(script, tmp_path, kubeconfig, "wbtui", "--de") == {"--demo"}
    for name in ("uses", "replace", "rotate"):
        assert completed(script, tmp_path, kubeconfig, "wbtui", name, "hf-token-l") == {"hf-token-llama"}
    tokens = {"--token-file", "--token-env", "--token-stdin"}
    for name in ("create", "replace", "rotate"):
        assert completed(script, tmp_path, kubeconfig, "wbtui", name, "--token-") == tokens
    assert completed(script, tmp_path, kubeconfig, "wbtui", "rotate", "--new") == {"--new-name"}

    assert completed(script, tmp_path, kubeconfig, "wbtui", "attach", "hf-token-l") == {"hf-token-llama"}
    workloads = completed(script, tmp_path, kubeconfig, "wbtui", "detach", "hf-token-llama", "deployment/e")
    assert workloads == {"deployment/eval-dashboard"}


def test_a_shell_runs_nothing_that_a_cluster_names(command: Command, tmp_path: Path) -> None:
    script = command("completion", "bash").out.replace(
        "wbtui get -o name --request-timeout 3s", f"echo 'secret/$(touch${{IFS}}{tmp_path}/ran)'"
    )
    assert completed(script, tmp_path, tmp_path / "none", "wbtui", "uses", "") == set()
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_a_script(command: Command, shell: str) -> None:
    done = command("completion", shell)
    assert (done.code, done.err) == (0, "")
    assert "if-unused" in done.out
    assert command("completion", "tcsh").code == command("completion").code == 2


def test_the_help_names_the_plugin_where_it_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/usr/bin/kubectl-wbtui"])
    assert Parser.of("wbtui get", "").format_usage().startswith("usage: kubectl wbtui get ")
