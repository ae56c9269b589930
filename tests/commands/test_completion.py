"""`wbtui completion`: bash completes with its script, and every flag is in every script."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster.conftest import kubeconfig_of, written
from tests.commands.conftest import Command
from tests.program import IN_A_SHELL
from tools.command_parsers import command_parsers
from wbtui.arguments import Parser, session_parser
from wbtui.command_table import COMMANDS
from wbtui.demo.background import BackgroundCluster

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
    assert completed(script, tmp_path, kubeconfig, "wbtui", "create", "Im") == {"ImagePullSecret"}
    assert completed(script, tmp_path, kubeconfig, "wbtui", "replace", "x", "--token-file", "hf") == set()

    assert completed(script, tmp_path, kubeconfig, "wbtui", "attach", "hf-token-l") == {"hf-token-llama"}
    workloads = completed(script, tmp_path, kubeconfig, "wbtui", "detach", "hf-token-llama", "deployment/e")
    assert workloads == {"deployment/eval-dashboard"}


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["get", "-n", "training", "s3-ch"], {"s3-checkpoints"}),
        (["get", "--namespace", "=", "training", "s3-ch"], {"s3-checkpoints"}),
        (["attach", "--context", "demo", "-n", "training", "s3-ch"], {"s3-checkpoints"}),
        (["get", "--filter", "deploy/x", "-n", "llm-serving", "hf-token-l"], {"hf-token-llama"}),
        (["get", "-n", "train"], {"training"}),
        (["get", "--context", "demo-res"], {"demo-restricted"}),
        (["get", "-o", "j"], {"json"}),
        (["get", "--output", "=", "j"], {"json"}),
        (["get", "--output", "="], {"table", "wide", "name", "json", "yaml", "csv"}),
        (["lint", "-o", "s"], {"sarif"}),
        (["attach", "x", "--how", "v"], {"variables"}),
        (["create", "-n", "training", "Im"], {"ImagePullSecret"}),
        (["config", "s"], {"show"}),
        (["create", "Generic", "x", "--from-file", "key", "=", "hf"], set()),
        (["get", "--filter", "hf"], set()),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_offered_is_for_the_flags_so_far(
    command: Command, kubeconfig: Path, tmp_path: Path, words: list[str], offered: set[str]
) -> None:
    assert completed(command("completion", "bash").out, tmp_path, kubeconfig, "wbtui", *words) == offered


def test_a_login_that_waits_keeps_no_shell(command: Command, cluster: BackgroundCluster, tmp_path: Path) -> None:
    plugin = {"apiVersion": "client.authentication.k8s.io/v1", "command": "sleep", "args": ["3600"]}
    path = Path(written(tmp_path, kubeconfig_of(cluster.url, {"exec": {**plugin, "interactiveMode": "Never"}})))
    assert completed(command("completion", "bash").out, tmp_path, path, "wbtui", "get", "") == set()


def test_a_shell_runs_nothing_that_a_cluster_names(command: Command, tmp_path: Path) -> None:
    script = command("completion", "bash").out.replace(
        "wbtui completion secrets", f"echo '$(touch${{IFS}}{tmp_path}/ran)'"
    )
    assert completed(script, tmp_path, tmp_path / "none", "wbtui", "uses", "") == set()
    assert not (tmp_path / "ran").exists()


def test_kubectl_completes_what_follows_the_plugin(command: Command, kubeconfig: Path, tmp_path: Path) -> None:
    files = {"kubectl-wbtui": f'#!/bin/sh\nexec {IN_A_SHELL} "$@"\n'}
    files["kubectl_complete-wbtui"] = command("completion", "kubectl").out
    for name, content in files.items():
        (tmp_path / name).write_text(content)
        (tmp_path / name).chmod(0o700)

    def offered(*typed: str) -> tuple[set[str], str]:
        """Return what kubectl gives to a shell, and its word on whether files may follow."""
        done = subprocess.run(
            ["kubectl", "__complete", "wbtui", *typed],
            env={
                "PATH": f"{tmp_path}:{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT),
                "HOME": str(tmp_path),
                "KUBECONFIG": str(kubeconfig),
            },
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        *words, files = done.stdout.split()
        return set(words), files

    assert offered("ge") == ({"get"}, ":4")
    assert offered("delete", "--i") == ({"--if-unused"}, ":4")
    assert offered("uses", "hf-token-l") == ({"hf-token-llama"}, ":4")
    assert offered("create", "HuggingFace", "name", "--token-file", "/etc/pass") == (set(), ":0")


def test_each_command_that_takes_names_completes_them() -> None:
    usages = {name: parser.usage or "" for name, parser in zip(COMMANDS, command_parsers(), strict=True)}
    taking = {name for name, usage in usages.items() if re.match(rf"(wbtui )?{name} \[?NAME", usage)}
    assert taking == {name for name, command in COMMANDS.items() if command.takes[:1] == ("secrets",)}
    assert "get" in taking


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "kubectl"])
def test_each_shell_has_a_script(command: Command, shell: str) -> None:
    done = command("completion", shell)
    assert (done.code, done.err) == (0, "")
    assert "if-unused" in done.out
    assert command("completion", "tcsh").code == command("completion").code == 2


def test_the_help_names_the_plugin_where_it_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/usr/bin/kubectl-wbtui"])
    assert Parser.of("wbtui get", "").format_usage().startswith("usage: kubectl wbtui get ")
    for parser in (session_parser(), *command_parsers()):
        told = parser.format_help()
        assert not re.search(rf"(?<!kubectl )\bwbtui (?=-|{'|'.join(COMMANDS)}\b)", told.split("\n  -h, --help")[0])
        assert not re.search(r"^ *wbtui ", told, re.MULTILINE)
