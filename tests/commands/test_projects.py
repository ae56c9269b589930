"""Commands on several projects: each is named once, and one that cannot be read or does not exist hides no other."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cluster.conftest import PROJECT
from tests.commands.conftest import Command
from tests.conftest import Kubectl
from tests.program import PROGRAM

ROOT = Path(__file__).parent.parent.parent
COMMANDS = {
    "get": ["get"],
    "uses": ["uses", "some"],
    "stale": ["stale"],
    "lint": ["lint"],
    "create": ["create", "hf", "some", "--token-env", "TOKEN"],
    "replace": ["replace", "some", "--token-env", "TOKEN"],
    "delete": ["delete", "some", "--yes"],
    "attach": ["attach", "some", "deploy/some", "--yes"],
    "doctor": ["doctor"],
    "completion": ["completion", "workloads"],
}


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS.keys())
@pytest.mark.parametrize("named", ["", ",", f"{PROJECT},,research", "Training", "../kube-system", "a/b"])
def test_what_names_no_project_is_wrong_use(command: Command, arguments: list[str], named: str) -> None:
    name, *more = arguments
    done = command(name, *more, "-n", named)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"wbtui {name}: -n/--namespace: ")


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS.keys())
def test_settings_that_name_no_project_are_said(
    command: Command, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WBTUI_NAMESPACE", ",")
    monkeypatch.setenv("TOKEN", "hf_0123456789012345678901234")
    done = command(*arguments)
    assert done.code == 1
    assert "he name of a project is missing" in done.err + done.out


def test_a_project_that_is_named_twice_is_looked_at_once(command: Command) -> None:
    assert command("get", "-n", f"{PROJECT},{PROJECT}") == command("get", "-n", PROJECT)
    assert command("lint", "-n", f"{PROJECT}, {PROJECT}") == command("lint", "-n", PROJECT)


def test_what_can_be_read_is_printed_and_the_rest_is_said(command: Command) -> None:
    words = "There is no project nowhere. Choose a project with -n.\n"
    for output in ("name", "json", "csv"):
        alone = command("get", "-n", "research", "-o", output)
        assert command("get", "-n", f"nowhere,research,{PROJECT}", "-o", output).code == 1
        assert command("get", "-n", "nowhere,research", "-o", output) == (1, alone.out, words)
    uses = command("uses", "hf-token-llama", "-n", f"nowhere,{PROJECT}", "-o", "json")
    assert (uses.code, uses.err) == (1, words)
    assert json.loads(uses.out)["items"][0]["used"]
    stale = command("stale", "-n", "nowhere,research")
    assert (stale.code, stale.err) == (1, words)
    none = command("get", "-n", "nowhere,neither")
    assert (none.code, none.out) == (1, "")
    assert [one.split(".")[0] for one in none.err.splitlines()] == [
        "There is no project nowhere",
        "There is no project neither",
    ]


def test_of_several_projects_each_is_named(command: Command, kubectl: Kubectl) -> None:
    for project in (PROJECT, "research"):
        kubectl("create", "secret", "generic", "in-both", "-n", project, "--from-literal=a=b")
    both = f"{PROJECT},research"
    uses = command("uses", "in-both", "-n", both)
    assert uses.out.splitlines() == [f"secret/in-both in {PROJECT}", "secret/in-both in research"]
    assert [line.partition(":")[0] for line in uses.err.splitlines()] == uses.out.splitlines()
    deleted = command("delete", "in-both", "-n", both, "--yes")
    assert deleted.out.splitlines() == [f"secret/in-both deleted in {PROJECT}", "secret/in-both deleted in research"]


def test_each_of_several_projects_is_followed_by_itself(kubeconfig: Path, kubectl: Kubectl) -> None:
    arguments = ["get", "-w", "-o", "json", "-n", f"{PROJECT},nowhere,research", "--filter", "name:in-both"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(kubeconfig.parent)}
    for project in (PROJECT, "research"):
        kubectl("create", "secret", "generic", "in-both", "-n", project, "--from-literal=a=b")
    with subprocess.Popen(
        [*PROGRAM, *arguments, "--kubeconfig", str(kubeconfig)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stderr.readline() == "There is no project nowhere. Choose a project with -n.\n"
        seen = [json.loads(process.stdout.readline()) for _ in range(2)]
        kubectl("label", "secret", "in-both", "a=b", "-n", "research")
        seen.append(json.loads(process.stdout.readline()))
        kubectl("delete", "secret", "in-both", "-n", PROJECT)
        seen.append(json.loads(process.stdout.readline()))
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60) == ("", "")
    told = [(one["type"], one["object"]["project"]) for one in seen]
    assert sorted(told[:2]) == [("ADDED", PROJECT), ("ADDED", "research")]
    assert told[2:] == [("MODIFIED", "research"), ("DELETED", PROJECT)]
    assert process.returncode == 130
