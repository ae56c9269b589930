"""`wbtui rotate`: new values, restarts of what holds the old ones, and following them; in place or under a new name."""

import json
from pathlib import Path

import pytest

from tests.cluster.conftest import PROJECT
from tests.commands.conftest import Command
from tests.commands.written import ROOT, records
from tests.conftest import Kubectl
from tests.pseudo_terminal import Terminal, wbtui
from tests.screens.restarts import LATER, PODS, restarted_at, state_of
from tests.stored import values

SECRET = "slack-webhook"
NEW = "https://canary/CANARY"


def rotating(kubeconfig: Path, environment: dict[str, str], *flags: str) -> tuple[dict[str, str], list[str]]:
    command = ["-m", "wbtui", "rotate", SECRET, *flags, "--kubeconfig", str(kubeconfig)]
    return environment | {"PYTHONPATH": str(ROOT)}, command


def test_it_is_written_restarted_and_followed_to_the_end(
    kubeconfig: Path, kubectl: Kubectl, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "value").write_text(NEW)
    variables, command = rotating(kubeconfig, environment, "--from-file", f"url={tmp_path}/value")
    with wbtui(variables, *command) as terminal:
        terminal.sees(
            "New values are written for url in llm-serving.",
            "Then restarted, one after the other: Deployment llm-gateway.",
            "Rotate? Type y to go on:",
        )
        assert values(kubectl, SECRET)["url"] != NEW
        terminal.press("y\r")
        terminal.sees(f"secret/{SECRET} replaced", "Deployment llm-gateway: restarted; 2 pods still hold the old value")
        assert values(kubectl, SECRET)["url"] == NEW
        assert restarted_at(kubectl)
        state_of(kubectl, PODS[0], {"running": {"startedAt": LATER}})
        terminal.sees("1 pod still holds the old value")
        state_of(kubectl, PODS[1], {"running": {"startedAt": LATER}})
        terminal.sees("deployment/llm-gateway restarted", f"secret/{SECRET} rotated")
        assert terminal.ends() == 0
        assert NEW.encode() not in terminal.output
    actions = [(one["action"], one["name"]) for one in records(Path(environment["HOME"]))]
    assert actions == [("replace", SECRET), ("change", "Deployment llm-gateway")]


def test_no_changes_nothing(kubeconfig: Path, kubectl: Kubectl, environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "value").write_text(NEW)
    before = values(kubectl, SECRET)
    variables, command = rotating(kubeconfig, environment, "--from-file", f"url={tmp_path}/value")
    with wbtui(variables, *command) as terminal:
        terminal.sees("Rotate? Type y to go on:")
        terminal.press("n\r")
        terminal.sees("Nothing was changed.")
        assert terminal.ends() == 1
    assert values(kubectl, SECRET) == before
    assert not restarted_at(kubectl)


def test_the_time_is_limited_and_the_rest_can_be_done_later(
    kubeconfig: Path, kubectl: Kubectl, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "value").write_text(NEW)
    flags = ["--from-file", f"url={tmp_path}/value", "--yes", "--timeout", "2s"]
    variables, command = rotating(kubeconfig, environment, *flags)
    with wbtui(variables, *command) as terminal:
        terminal.sees(f"secret/{SECRET} replaced", "Not finished within 2s.")
        terminal.sees(f"wbtui rotate {SECRET} --restart-only -n {PROJECT} --")
        assert terminal.ends() == 1
    variables, command = rotating(kubeconfig, environment, "--restart-only")
    with wbtui(variables, *command) as terminal:
        terminal.sees("Deployment llm-gateway in llm-serving holds an old value, and is restarted.", "Restart? Type y")
        terminal.press("y\r")
        terminal.sees("2 pods still hold the old value")
        for pod in PODS:
            state_of(kubectl, pod, {"running": {"startedAt": LATER}})
        terminal.sees("deployment/llm-gateway restarted")
        assert terminal.ends() == 0
    with wbtui(variables, *command) as terminal:
        assert terminal.ends() == 0
        assert b"?" not in terminal.output


def test_an_interrupt_says_how_to_go_on(
    kubeconfig: Path, kubectl: Kubectl, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "value").write_text(NEW)
    variables, command = rotating(kubeconfig, environment, "--from-file", f"url={tmp_path}/value", "--yes")
    with wbtui(variables, *command) as terminal:
        terminal.sees("2 pods still hold the old value")
        terminal.press("\x03")
        terminal.sees("Interrupted.", "--restart-only")
        assert terminal.ends() == 130
    assert values(kubectl, SECRET)["url"] == NEW


def test_nothing_is_restarted_where_that_is_not_wanted(command: Command, kubectl: Kubectl, tmp_path: Path) -> None:
    (tmp_path / "value").write_text(NEW)
    flags = ["rotate", SECRET, "--from-file", f"url={tmp_path}/value"]
    done = command(*flags, "--dry-run")
    assert (done.code, done.out) == (0, f"secret/{SECRET} could be replaced\n")
    assert "Then restarted, one after the other: Deployment llm-gateway." in done.err
    assert values(kubectl, SECRET)["url"] != NEW
    assert command(*flags, "--no-restart") == (0, f"secret/{SECRET} replaced\n", "")
    assert values(kubectl, SECRET)["url"] == NEW
    assert not restarted_at(kubectl)


def test_what_nothing_runs_with_is_rotated_at_once(command: Command, tmp_path: Path) -> None:
    (tmp_path / "value").write_text(NEW)
    flags = ["--from-file", f"munge.key={tmp_path}/value", "-n", "training", "--yes"]
    done = command("rotate", "slurm-bridge", *flags)
    assert (done.code, done.out) == (0, "secret/slurm-bridge replaced\nsecret/slurm-bridge rotated\n"), done.err


def test_what_to_type_next_leads_to_the_same_cluster_and_project(command: Command, tmp_path: Path) -> None:
    (tmp_path / "value").write_text(NEW)
    flags = ["--from-file", f"munge.key={tmp_path}/value", "-n", "training", "--context", "demo", "--yes"]
    done = command("rotate", "slurm-bridge", *flags, "--new-name")
    assert done.code == 0, done.err
    assert "wbtui delete slurm-bridge --if-unused -n training --context demo deletes it.\n" in done.err


def test_that_nothing_is_to_be_restarted_is_said(command: Command) -> None:
    done = command("rotate", "slurm-bridge", "-n", "training", "--restart-only", "--yes")
    assert done == (0, "", "No running container in training is known to hold an old value.\n")


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ([], "there is no terminal to ask on: add --yes"),
        (["--yes"], "no new value is given"),
        (["--yes", "--immutable"], "--immutable goes with --new-name"),
        (["--yes", "--display-name", "x y"], "--display-name goes with --new-name"),
        (["--yes", "--new-name", "--restart-only"], "--restart-only does not go with --new-name"),
        (["--yes", "--new-name", "--prune"], "--prune does not go with --new-name"),
        (["--yes", "--restart-only", "--no-restart"], "--restart-only does not go with --no-restart"),
        (["--yes", "--restart-only", "--from-file", "a=/etc/hostname"], "--restart-only writes no values"),
        (["--yes", "--new-name=-x"], "begins and ends with a letter or a digit"),
        (["--yes", "--timeout", "soon"], "--timeout: "),
    ],
)
def test_wrong_use_is_a_sentence(command: Command, flags: list[str], words: str) -> None:
    done = command("rotate", SECRET, *flags)
    assert (done.code, done.out) == (2, "")
    assert words in done.err


def test_a_new_name_takes_what_names_the_old_one_with_it(
    kubeconfig: Path, kubectl: Kubectl, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "value").write_text(NEW)
    old = values(kubectl, SECRET)
    variables, command = rotating(kubeconfig, environment, "--from-file", f"url={tmp_path}/value", "--new-name")
    with wbtui(variables, *command) as terminal:
        terminal.sees(f"{SECRET}-v2 is created in {PROJECT}", "+  ", "Rotate? Type y to go on:")
        terminal.press("y\r")
        terminal.sees(f"secret/{SECRET}-v2 created", "deployment/llm-gateway changed", "Waiting for 2 pods")
        for pod in PODS:
            kubectl("delete", "pod", pod, "--wait=false")
        ends(terminal)
    assert values(kubectl, f"{SECRET}-v2") == {"url": NEW}
    assert values(kubectl, SECRET) == old
    assert f"{SECRET}-v2" in kubectl("get", "deployment", "llm-gateway", "-o", "json")


def test_a_new_name_does_not_wait_for_pods_that_stay(command: Command, kubectl: Kubectl, tmp_path: Path) -> None:
    (tmp_path / "value").write_text(NEW)
    kubectl("patch", "deployment", "llm-gateway", "-p", '{"spec":{"paused":true}}')
    ran = command("rotate", SECRET, "--from-file", f"url={tmp_path}/value", "--new-name", "--yes")
    assert ran.code == 1
    assert f"Pods of Deployment llm-gateway keep {SECRET}: its rollout is paused: resume it first." in ran.err
    assert "Deployment llm-gateway does not replace its pods with slack-webhook: its rollout is paused" in ran.err


def test_a_secret_that_is_changed_while_it_is_asked_is_not_handed_over(
    kubeconfig: Path, kubectl: Kubectl, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "value").write_text(NEW)
    variables, command = rotating(kubeconfig, environment, "--from-file", f"url={tmp_path}/value", "--new-name")
    with wbtui(variables, *command) as terminal:
        terminal.sees("Rotate? Type y to go on:")
        kubectl("label", "secret", SECRET, "team=other")
        terminal.press("y\r")
        terminal.sees(f"{PROJECT}/{SECRET}: It was changed by kubectl-label")
        assert terminal.ends() == 1
    assert f"{SECRET}-v2" not in kubectl("get", "secrets", "-o", "name")


def ends(terminal: Terminal) -> None:
    terminal.sees(f"Nothing names {SECRET} any more: wbtui delete {SECRET} --if-unused -n {PROJECT} --kubeconfig ")
    assert terminal.ends() == 0


def test_an_immutable_secret_is_rotated_under_a_new_name(command: Command, kubectl: Kubectl, tmp_path: Path) -> None:
    (tmp_path / "value").write_text(NEW)
    flags = ["rotate", "license-server", "--from-file", f"license={tmp_path}/value", "--yes"]
    done = command(*flags)
    assert (done.code, done.out) == (1, "")
    assert "it is immutable: its values cannot change; wbtui rotate --new-name" in done.err
    done = command(*flags, "--new-name=license-server-2027", "--display-name", "License of 2027")
    created, rotated = done.out.splitlines()
    assert (done.code, created) == (0, "secret/license-server-2027 created"), done.err
    assert rotated == "secret/license-server rotated to license-server-2027"
    made = json.loads(kubectl("get", "secret", "license-server-2027", "-o", "json"))
    assert made["immutable"] is True
    assert made["metadata"]["annotations"]["aiwb.apps.eai.amd.com/display-name"] == "License of 2027"
    assert command(*flags, "--new-name=license-server-2027").code == 1


def test_a_new_secret_needs_all_keys(command: Command, tmp_path: Path) -> None:
    (tmp_path / "value").write_text(NEW)
    done = command("rotate", "gateway-api-keys", "--from-file", f"partner={tmp_path}/value", "--new-name", "--yes")
    assert (done.code, done.out) == (1, "")
    assert "Value of internal: it is missing: a new secret needs all keys." in done.err
