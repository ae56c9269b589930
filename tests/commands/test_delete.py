"""`wbtui delete`: what it deletes, what it keeps, and that it asks."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.conftest import PROJECT
from tests.commands.conftest import Command
from tests.conftest import Kubectl
from tests.pseudo_terminal import wbtui

ROOT = Path(__file__).parent.parent.parent


def records(home: Path) -> list[dict[str, Any]]:
    log = home / ".local" / "state" / "wbtui" / "audit.log"
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def test_what_is_named_is_deleted_and_recorded(command: Command, kubectl: Kubectl, tmp_path: Path) -> None:
    done = command("delete", "secret/license-server", "git-deploy-key", "--yes")
    assert (done.code, done.err) == (0, "")
    assert done.out == "secret/license-server deleted\nsecret/git-deploy-key deleted\n"
    left = kubectl("get", "secrets", "-n", PROJECT, "-o", "name").split()
    assert not {"secret/license-server", "secret/git-deploy-key"} & set(left)
    assert [(one["action"], one["name"], one["user"], one["result"]) for one in records(tmp_path / "home")] == [
        ("delete", "license-server", "demo@example.com", "done"),
        ("delete", "git-deploy-key", "demo@example.com", "done"),
    ]


def test_what_a_finalizer_keeps_is_not_called_deleted(command: Command, kubectl: Kubectl, tmp_path: Path) -> None:
    finalizers = [f"example.com/{letter}" for letter in "abcdef"]
    kubectl("patch", "secret", "license-server", "-p", json.dumps({"metadata": {"finalizers": finalizers}}))
    done = command("delete", "license-server", "--yes")
    waits = "waits for example.com/a, example.com/b, example.com/c, example.com/d and 2 more"
    assert done == (0, f"secret/license-server terminating: it {waits}\n", "")
    assert [one["result"] for one in records(tmp_path / "home")] == [f"being deleted, {waits}"]
    assert "license-server" in kubectl("get", "secrets", "-n", PROJECT)


def test_what_is_used_is_kept_where_that_is_asked(command: Command, kubectl: Kubectl) -> None:
    done = command("delete", "hf-token-llama", "license-server", "--if-unused", "--yes")
    assert (done.code, done.out) == (1, "secret/license-server deleted\n")
    assert f"{PROJECT}/hf-token-llama is kept: it is used.\n" in done.err
    assert "is used by AIMModel support-llama" in done.err
    assert "hf-token-llama" in kubectl("get", "secrets", "-n", PROJECT)


def test_what_may_be_used_is_kept_where_not_everything_could_be_searched(command: Command) -> None:
    done = command("delete", "license-server", "--if-unused", "--yes", "--context", "demo-restricted")
    assert (done.code, done.out) == (1, "")
    assert "may be used" in done.err
    assert "you may not list them" in done.err


def test_without_a_terminal_it_needs_yes(command: Command, kubectl: Kubectl, tmp_path: Path) -> None:
    done = command("delete", "license-server")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("wbtui delete: there is no terminal to ask on: add --yes")
    assert "license-server" in kubectl("get", "secrets", "-n", PROJECT)
    assert records(tmp_path / "home") == []


def test_nothing_is_deleted_where_one_is_missing(command: Command, kubectl: Kubectl) -> None:
    done = command("delete", "license-server", "licence-server", "--yes")
    assert done == (1, "", f"There is no secret licence-server in project {PROJECT}.\nNothing was deleted.\n")
    assert "license-server" in kubectl("get", "secrets", "-n", PROJECT)


def test_what_another_object_manages_is_kept(command: Command) -> None:
    done = command("delete", "pg-vectors-app", "--yes")
    assert (done.code, done.out) == (1, "")
    assert "manages it, and would create it again" in done.err


def test_a_protected_context_is_named(command: Command, tmp_path: Path) -> None:
    settings = tmp_path / "home" / ".config" / "wbtui" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("[contexts.demo]\nprotected = true\n")
    done = command("delete", "license-server", "--yes")
    assert (done.code, done.out) == (1, "")
    assert "The context demo is protected: name it with --context, too.\n" in done.err
    assert command("delete", "license-server", "--yes", "--context", "demo").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "it needs the name of a secret"),
        (["a/b", "--yes"], 2, 'no secret can be called "a/b"'),
        (["--filter", "x"], 2, 'unknown flag "--filter"'),
        (["license-server", "--yes", "--read-only"], 1, "this session may not change anything"),
        (["license-server", "--yes", "-n", "nowhere"], 1, "There is no project nowhere"),
    ],
)
def test_wrong_use_and_refusals_are_sentences(command: Command, arguments: list[str], code: int, words: str) -> None:
    done = command("delete", *arguments)
    assert (done.code, done.out) == (code, "")
    assert words in done.err


@pytest.mark.parametrize(
    ("typed", "code", "deleted"), [("y\r", 0, True), ("n\r", 1, False), ("\r", 1, False), ("\x04", 1, False)]
)
def test_on_a_terminal_it_asks(
    kubeconfig: Path, kubectl: Kubectl, environment: dict[str, str], typed: str, code: int, *, deleted: bool
) -> None:
    command = ["-m", "wbtui", "delete", "license-server", "--kubeconfig", str(kubeconfig)]
    with wbtui(environment | {"PYTHONPATH": str(ROOT)}, *command) as terminal:
        terminal.sees(f"Delete {PROJECT}/license-server for good", "Type y to delete:")
        terminal.press(typed)
        assert terminal.ends() == code
    assert ("license-server" not in kubectl("get", "secrets", "-n", PROJECT)) is deleted


def test_what_is_typed_before_the_question_is_no_answer(
    kubeconfig: Path, kubectl: Kubectl, environment: dict[str, str]
) -> None:
    command = ["-m", "wbtui", "delete", "license-server", "--kubeconfig", str(kubeconfig)]
    with wbtui(environment | {"PYTHONPATH": str(ROOT)}, *command) as terminal:
        terminal.press("y\r")
        terminal.sees("Type y to delete:")
        terminal.press("n\r")
        assert terminal.ends() == 1
        assert "Nothing was deleted." in terminal.text()
    assert "license-server" in kubectl("get", "secrets", "-n", PROJECT)


def test_what_follows_two_dashes_is_no_flag(command: Command, kubectl: Kubectl) -> None:
    assert command("delete", "license-server", "--", "--yes").code == 2
    assert command("delete", "--yes", "--", "license-server").code == 0
    assert "license-server" not in kubectl("get", "secrets", "-n", PROJECT)


def test_an_interrupt_at_the_question_deletes_nothing(
    kubeconfig: Path, kubectl: Kubectl, environment: dict[str, str]
) -> None:
    command = ["-m", "wbtui", "delete", "hf-token-llama", "--kubeconfig", str(kubeconfig)]
    with wbtui(environment | {"PYTHONPATH": str(ROOT)}, *command) as terminal:
        terminal.sees("Type hf-token-llama to delete:")
        terminal.press("\x03")
        assert terminal.ends() == 130
    assert "hf-token-llama" in kubectl("get", "secrets", "-n", PROJECT)
