"""`wbtui create`: where values come from, what is checked, and that no value is printed, logged or recorded."""

import os
import subprocess
import termios
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.conftest import PROJECT
from tests.commands.conftest import Command
from tests.commands.written import ROOT, TOKEN, records, stored
from tests.conftest import Kubectl
from tests.program import PROGRAM
from tests.pseudo_terminal import wbtui
from wbtui.domain.use_cases.table import USE_CASES


@pytest.fixture
def token(tmp_path: Path) -> str:
    """A file with a token, as editors end it."""
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    return str(tmp_path / "token")


def test_a_secret_is_as_the_form_makes_it(command: Command, kubectl: Kubectl, token: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    done = command(
        "create", "HuggingFace", "new", "--token-file", token, "--display-name", "My token", "--log-file", str(log)
    )
    assert done == (0, "secret/new created\n", "")
    made = stored(kubectl, "new")
    assert (made["data"], made["type"]) == ({"token": TOKEN}, "Opaque")
    assert made["metadata"]["labels"] == {"airm.silogen.ai/use-case": "HuggingFace"}
    assert made["metadata"]["annotations"] == {
        "airm.silogen.ai/submitter": "demo@example.com",
        "aiwb.apps.eai.amd.com/display-name": "My token",
    }
    assert [one["action"] for one in records(tmp_path / "home")] == ["create"]
    assert TOKEN not in str(records(tmp_path / "home")) + log.read_text()


def test_values_come_from_variables_and_keys_from_a_preset(
    command: Command, kubectl: Kubectl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY_ID", "an-id")
    monkeypatch.setenv("KEY", "a-key")
    flags = ["--access-key-env", "KEY_ID", "--secret-key-env", "KEY", "--preset", "workbench", "--immutable"]
    assert command("create", "s3", "bucket", *flags).code == 0
    made = stored(kubectl, "bucket")
    assert made["data"] == {"minio-access-key": "an-id", "minio-secret-key": "a-key"}
    assert made["immutable"] is True


def test_keys_can_be_named(command: Command, kubectl: Kubectl, token: str) -> None:
    assert command("create", "Generic", "named", "--from-file", f"a={token}", "--from-file", f"b={token}").code == 0
    assert stored(kubectl, "named")["data"] == {"a": f"{TOKEN}\n", "b": f"{TOKEN}\n"}


def test_flags_may_stand_before_the_use_case(command: Command, kubectl: Kubectl, token: str) -> None:
    done = command("create", "-n", "training", "--token-file", token, "hf", "first")
    assert (done.code, done.out) == (0, "secret/first created\n")
    assert "first" in kubectl("get", "secrets", "-n", "training")


def test_several_projects_at_once(command: Command, kubectl: Kubectl, token: str) -> None:
    done = command("create", "hf", "both", "--token-file", token, "-n", f"{PROJECT},nowhere,research")
    outcomes = ["not created in nowhere", f"created in {PROJECT}", "created in research"]
    assert (done.code, done.out) == (1, "".join(f"secret/both {one}\n" for one in outcomes))
    assert done.err.startswith("nowhere/both: ")
    assert stored(kubectl, "both", "research")["data"] == {"token": TOKEN}


def test_a_dry_run_creates_nothing(command: Command, kubectl: Kubectl, token: str) -> None:
    done = command("create", "hf", "dry", "--token-file", token, "--dry-run")
    assert done == (0, "secret/dry could be created\n", "")
    assert "secret/dry" not in kubectl("get", "secrets", "-n", PROJECT, "-o", "name")
    assert command("create", "hf", "hf-token-llama", "--token-file", token, "--dry-run").code == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "it needs a use case"),
        (["hf"], "it needs a use case, and then the name"),
        (["Huggingfase", "x1"], '(did you mean "HuggingFace"?)'),
        (["hf", "Name", "--token-env", "PATH"], "a name has small letters"),
        (["hf", "x1"], "Token is missing: add --token-file, --token-env or --token-stdin"),
        (["hf", "x1", TOKEN], "it needs a use case, and then the name"),
        (["hf", "x1", "--token", TOKEN], 'unknown flag "--token"'),
        (["hf", "x1", f"--token={TOKEN}"], 'unknown flag "--token"'),
        (["hf", "x1", "--token-file", TOKEN], "--token-file: the file cannot be read"),
        (["hf", "x1", "--token-file", "/"], "--token-file: the file cannot be read"),
        (["hf", "x1", "--token-env", TOKEN], "--token-env: there is no such variable"),
        (["hf", "x1", "--bucket-env", "PATH"], "--bucket-env gives what HuggingFace has no place for"),
        (["hf", "x1", "--preset", "AWS"], "--preset: there is none for this use case"),
        (["Generic", "x1"], "it needs --from-file KEY=FILE"),
        (["Generic", "x1", "--from-file", TOKEN], "KEY=FILE is needed"),
        (["s3", "x1", "--access-key-stdin", "--secret-key-stdin"], "only one value can come from there"),
    ],
)
def test_wrong_use_is_a_sentence_without_the_value(command: Command, arguments: list[str], words: str) -> None:
    done = command("create", *arguments)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert TOKEN not in done.err


@pytest.mark.parametrize("value", ["", " ", f'"{TOKEN}"', f"{TOKEN}\x07", f"{TOKEN} {TOKEN}"])
def test_a_value_that_looks_wrong_is_not_sent(command: Command, kubectl: Kubectl, tmp_path: Path, value: str) -> None:
    (tmp_path / "value").write_text(value)
    done = command("create", "hf", "wrong", "--token-file", str(tmp_path / "value"))
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("Token: ")
    assert TOKEN not in done.err
    assert "secret/wrong" not in kubectl("get", "secrets", "-n", PROJECT, "-o", "name")


def test_stdin_is_a_source(kubeconfig: Path, kubectl: Kubectl, tmp_path: Path) -> None:
    command = [*PROGRAM, "create", "hf", "piped", "--token-stdin", "--kubeconfig", str(kubeconfig)]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    done = subprocess.run(
        command, env=environment, input=TOKEN, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "secret/piped created\n", "")
    assert stored(kubectl, "piped")["data"] == {"token": TOKEN}
    done = subprocess.run(
        command, env=environment, input="x" * 2**21, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "it is too long" in done.stderr


def test_on_a_terminal_what_is_missing_is_asked_for_and_not_shown(
    kubeconfig: Path, kubectl: Kubectl, environment: dict[str, str]
) -> None:
    command = ["-m", "wbtui", "create", "hf", "asked", "--kubeconfig", str(kubeconfig)]
    with wbtui(environment | {"PYTHONPATH": str(ROOT)}, *command) as terminal:
        terminal.sees("Token (not shown):")
        terminal.press(f"{TOKEN}\r")
        terminal.sees("secret/asked created")
        assert terminal.ends() == 0
        assert TOKEN.encode() not in terminal.output
    assert stored(kubectl, "asked")["data"] == {"token": TOKEN}


@pytest.mark.parametrize(("key", "code"), [("\x03", 130), ("\x1c", 131)])
def test_an_interrupt_at_the_question_gives_the_echo_back(
    kubeconfig: Path, environment: dict[str, str], key: str, code: int
) -> None:
    command = ["-m", "wbtui", "create", "hf", "asked", "--kubeconfig", str(kubeconfig)]
    with wbtui(environment | {"PYTHONPATH": str(ROOT)}, *command) as terminal:
        terminal.sees("Token (not shown):")
        terminal.press(key)
        assert terminal.ends() == code
        assert termios.tcgetattr(terminal.master) == terminal.settings


@pytest.mark.parametrize("use_case", USE_CASES, ids=lambda one: one.value)
def test_every_use_case_has_flags_for_its_fields(command: Command, use_case: Any) -> None:
    assert use_case.value in command("create", "--help").out
    assert command("create", use_case.value, "x1", "--nope").err.startswith('wbtui create: unknown flag "--nope"')
