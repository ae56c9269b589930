"""`wbtui attach` and `wbtui detach`: what they change, what they refuse, and that they write over nobody's change."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Command
from tests.conftest import Kubectl
from tests.pseudo_terminal import wbtui

ROOT = Path(__file__).parent.parent.parent
SECRET, WORKLOAD = "hf-token-llama", "deployment/eval-dashboard"


def pod(kubectl: Kubectl, workload: str = WORKLOAD) -> Any:
    return json.loads(kubectl("get", workload, "-o", "json"))["spec"]["template"]["spec"]


def variables(kubectl: Kubectl) -> dict[str, tuple[str, str]]:
    """Return the secret and the key of each variable of the workload that has one."""
    references = {
        one["name"]: one["valueFrom"]["secretKeyRef"]
        for container in pod(kubectl)["containers"]
        for one in container.get("env", ())
        if "valueFrom" in one
    }
    return {name: (one["name"], one["key"]) for name, one in references.items()}


def test_a_secret_is_attached_as_is_usual_for_it_and_detached_again(command: Command, kubectl: Kubectl) -> None:
    before = pod(kubectl)
    done = command("attach", SECRET, "deploy/eval-dashboard", "--yes")
    assert (done.code, done.out) == (0, f"{WORKLOAD} changed\n")
    assert done.err.startswith("Its pods (1) are replaced a few at a time. They are eval-dashboard-")
    assert variables(kubectl)["HF_TOKEN"] == (SECRET, "token")
    again = command("attach", f"secret/{SECRET}", "deployments.apps/eval-dashboard", "--yes")
    assert again == (0, f"{WORKLOAD} unchanged\n", "")
    assert command("detach", SECRET, WORKLOAD, "--yes")[:2] == (0, f"{WORKLOAD} changed\n")
    assert pod(kubectl) == before
    assert command("detach", SECRET, WORKLOAD, "--yes") == (0, f"{WORKLOAD} unchanged\n", "")


@pytest.mark.parametrize(
    ("flags", "part"),
    [
        (["--variable", "MY_TOKEN=token"], "MY_TOKEN"),
        (["--how", "keys", "--prefix", "HF_"], "HF_"),
        (["--how", "files", "--folder", "/etc/hf"], "/etc/hf"),
    ],
)
def test_each_way_to_attach(command: Command, kubectl: Kubectl, flags: Sequence[str], part: str) -> None:
    assert command("attach", SECRET, WORKLOAD, "--yes", *flags).code == 0
    found = json.dumps(pod(kubectl))
    assert f'"{part}"' in found
    assert f'"{SECRET}"' in found


def test_the_difference_is_printed_without_values(command: Command, kubectl: Kubectl) -> None:
    kubectl("set", "env", WORKLOAD, "PASSWORD=canary-2210")
    before = pod(kubectl)
    done = command("attach", SECRET, WORKLOAD, "--diff", "--dry-run")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[:2] == [f"--- {WORKLOAD} (now)", f"+++ {WORKLOAD} (changed)"]
    assert lines[2].startswith("@@ -")
    assert [line for line in lines if line.startswith("-")] == lines[:1]
    assert any(line.startswith("+") and line.endswith("- name: HF_TOKEN") for line in lines)
    assert lines[-1] == f"{WORKLOAD} changed (server dry run)"
    assert "canary" not in done.out
    assert pod(kubectl) == before


def test_what_the_variable_is_set_to_is_said_and_replaced(command: Command, kubectl: Kubectl) -> None:
    kubectl("set", "env", WORKLOAD, "HF_TOKEN=canary-2210")
    done = command("attach", SECRET, WORKLOAD, "--yes")
    assert done.code == 0
    assert "HF_TOKEN is set in container" in done.err
    assert "canary" not in done.err
    assert variables(kubectl)["HF_TOKEN"] == (SECRET, "token")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([SECRET], 2, "it needs the name of a secret, and then a workload"),
        ([SECRET, "eval-dashboard"], 2, "give its kind and its name, as in deployment/web"),
        ([SECRET, "pod/x"], 2, 'no secret can be attached to a "pod"'),
        ([SECRET, "deploymnet/x"], 2, '(did you mean "deployment"?)'),
        ([SECRET, "deployment.batch/x"], 2, "no secret can be attached"),
        ([SECRET, "deploy/../x"], 2, 'no Deployment can be called "../x"'),
        ([SECRET, WORKLOAD, "--variable", "1X=token"], 2, "begins with no digit"),
        ([SECRET, WORKLOAD, "--variable", "canary"], 2, "as in TOKEN=token"),
        ([SECRET, WORKLOAD, "--how", "files", "--folder", "/etc"], 2, "would hide what programs need"),
        ([SECRET, WORKLOAD, "--variable", "X=nope"], 1, "has no key nope; it has token"),
        ([SECRET, WORKLOAD, "--container", "nope"], 1, "has no container nope"),
        ([SECRET, WORKLOAD, "--folder", "/x"], 1, "--folder is not for variables"),
        ([SECRET, WORKLOAD, "--how", "pull-secret"], 1, "is not attached as pull-secret"),
        ([SECRET, "sa/default"], 1, "takes a secret of use case HuggingFace in no way"),
        ([SECRET, "deploy/nowhere"], 1, "nowhere"),
        (["nope", WORKLOAD], 1, "Secret nope does not exist in llm-serving."),
        ([SECRET, WORKLOAD, "-n", "llm-serving,research"], 2, "a workload is in one project"),
        ([SECRET, WORKLOAD, "--read-only"], 1, "This session may not change anything"),
    ],
)
def test_what_cannot_be_attached_is_refused_in_words(
    command: Command, kubectl: Kubectl, arguments: list[str], code: int, words: str
) -> None:
    before = pod(kubectl)
    done = command("attach", *arguments, "--yes")
    assert (done.code, done.out) == (code, "")
    assert words in done.err
    assert pod(kubectl) == before


def test_two_keys_do_not_become_one_variable(command: Command, kubectl: Kubectl) -> None:
    kubectl("create", "secret", "generic", "alike", "--from-literal=a-b=x", "--from-literal=a_b=y")
    done = command("attach", "alike", WORKLOAD, "--yes")
    assert (done.code, done.out) == (1, "")
    assert "A_B would be the variable of keys a-b and a_b: name others with --variable." in done.err
    flags = ("--variable", "ONE=a-b", "--variable", "TWO=a_b")
    assert command("attach", "alike", WORKLOAD, "--yes", *flags).code == 0
    assert {"ONE": ("alike", "a-b"), "TWO": ("alike", "a_b")}.items() <= variables(kubectl).items()


def test_without_a_terminal_it_needs_yes(command: Command) -> None:
    for name in ("attach", "detach"):
        done = command(name, SECRET, WORKLOAD, "--diff")
        assert (done.code, done.out) == (2, "")
        assert "there is no terminal to ask on: add --yes" in done.err


def test_what_another_object_manages_is_left_to_it(command: Command, kubectl: Kubectl) -> None:
    owner = {"apiVersion": "example.com/v1", "kind": "Platform", "name": "it", "uid": "1", "controller": True}
    kubectl("patch", WORKLOAD, "-p", json.dumps({"metadata": {"ownerReferences": [owner]}}))
    for name in ("attach", "detach"):
        done = command(name, SECRET, WORKLOAD, "--yes")
        assert (done.code, done.out) == (1, "")
        assert "Platform it manages it and would undo the change: make the change there." in done.err


def test_a_secret_that_is_gone_can_be_detached(command: Command, kubectl: Kubectl) -> None:
    assert command("attach", SECRET, WORKLOAD, "--yes").code == 0
    kubectl("delete", "secret", SECRET)
    assert command("detach", SECRET, WORKLOAD, "--yes").code == 0
    assert "HF_TOKEN" not in variables(kubectl)


@pytest.mark.parametrize(("typed", "code"), [("y\r", 0), ("n\r", 1), ("\r", 1), ("\x03", 130)])
def test_on_a_terminal_it_asks(
    kubeconfig: Path, kubectl: Kubectl, environment: dict[str, str], typed: str, code: int
) -> None:
    command = ["-m", "wbtui", "attach", SECRET, WORKLOAD, "--diff", "--kubeconfig", str(kubeconfig)]
    with wbtui(environment | {"PYTHONPATH": str(ROOT)}, *command) as terminal:
        terminal.sees("+        - name: HF_TOKEN", "Its pods (1) are replaced a few at a time.", "Type y to change it:")
        terminal.press(typed)
        assert terminal.ends() == code
    assert ("HF_TOKEN" in variables(kubectl)) is (code == 0)


@pytest.mark.parametrize("name", ["attach", "detach"])
def test_a_change_that_somebody_made_before_the_answer_is_not_written_over(
    name: str, kubeconfig: Path, kubectl: Kubectl, environment: dict[str, str]
) -> None:
    if name == "detach":
        kubectl("set", "env", WORKLOAD, "--from", f"secret/{SECRET}")
    arguments = ["-m", "wbtui", name, SECRET, WORKLOAD, "--kubeconfig", str(kubeconfig)]
    with wbtui(environment | {"PYTHONPATH": str(ROOT)}, *arguments) as terminal:
        terminal.sees("Type y to change it:")
        kubectl("set", "env", WORKLOAD, "COLOR=blue")
        after = pod(kubectl)
        terminal.press("y\r")
        terminal.sees("has changed, by kubectl-set at", "nothing was changed")
        assert terminal.ends() == 1
    assert pod(kubectl) == after


def test_a_workload_that_was_deleted_before_the_answer_stays_deleted(
    kubeconfig: Path, kubectl: Kubectl, environment: dict[str, str]
) -> None:
    arguments = ["-m", "wbtui", "attach", SECRET, WORKLOAD, "--kubeconfig", str(kubeconfig)]
    with wbtui(environment | {"PYTHONPATH": str(ROOT)}, *arguments) as terminal:
        terminal.sees("Type y to change it:")
        kubectl("delete", WORKLOAD)
        terminal.press("y\r")
        terminal.sees("not found. It was deleted, so nothing was changed.")
        assert terminal.ends() == 1
    assert "eval-dashboard" not in kubectl("get", "deployments")


def test_what_is_made_and_what_is_kept_is_said(command: Command, kubectl: Kubectl) -> None:
    done = command("attach", SECRET, "aimsvc/llama-chat", "--variable", "OTHER=token", "--yes")
    assert (done.code, done.out) == (0, "aimservice/llama-chat changed\n")
    assert "A cache that exists keeps the credentials that it was made with" in done.err
    checked = command("attach", SECRET, "aimrc/default", "-n", "training", "--dry-run")
    assert (checked.code, checked.out) == (1, "")
    kubectl("create", "secret", "generic", "token", "-n", "training", "--from-literal=token=x")
    made = command("attach", "token", "aimrc/default", "-n", "training", "--yes")
    assert (made.code, made.out) == (0, "aimruntimeconfig/default created\n")


def test_the_change_is_recorded(command: Command, tmp_path: Path) -> None:
    assert command("attach", SECRET, WORKLOAD, "--yes").code == 0
    log = tmp_path / "home" / ".local" / "state" / "wbtui" / "audit.log"
    (record,) = map(json.loads, log.read_text().splitlines())
    assert (record["action"], record["name"], record["result"]) == ("change", "Deployment eval-dashboard", "done")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (f"attach {SECRET} {WORKLOAD} --how files --diff --yes", 0),
        ("lint --fail -o json", 3),
        ("get --fail", 3),
        (f"uses {SECRET} --fail", 3),
    ],
)
@pytest.mark.parametrize("end", [">&-", "| true"])
def test_a_reader_that_has_gone_changes_nothing_of_what_is_done(
    kubeconfig: Path, kubectl: Kubectl, environment: dict[str, str], arguments: str, code: int, end: str
) -> None:
    run = f"({sys.executable} -m wbtui {arguments} --kubeconfig {kubeconfig}; echo $? >{kubeconfig}.code) {end}"
    done = subprocess.run(
        ["bash", "-c", run],
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert Path(f"{kubeconfig}.code").read_text() == f"{code}\n"
    assert "Traceback" not in done.stderr
    assert ("volumes" in pod(kubectl)) is ("attach" in arguments)
