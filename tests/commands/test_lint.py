"""`wbtui lint`: what each check finds, what it lets pass, and what is said where something could not be checked."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.conftest import PROJECT
from tests.commands.conftest import Command
from tests.commands.lint_cases import CASES, Case
from tests.conftest import Kubectl
from wbtui.domain.checks.model import Needs
from wbtui.domain.checks.table import CHECKS

NAMESPACE = "checked"
IGNORE_USERS = ("--ignore", ",".join(check.id for check in CHECKS if check.needs is not Needs.NOTHING))


def document(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.check)
def test_a_check_finds_what_is_wrong_and_nothing_else(
    case: Case, command: Command, kubectl: Kubectl, tmp_path: Path
) -> None:
    kubectl("create", "namespace", NAMESPACE)
    (tmp_path / "objects.yaml").write_text(case.manifests)
    kubectl("create", "-n", NAMESPACE, "-f", str(tmp_path / "objects.yaml"))
    kubectl("delete", "secret", "stuck", "-n", NAMESPACE, "--ignore-not-found", "--wait=false")
    done = command("lint", "-n", NAMESPACE, "-o", "json", "--fail")
    items = [one for one in document(done.out)["items"] if one["check"] == case.check]
    assert {f"{one['object']['kind'].lower()}/{one['object']['name']}" for one in items} == case.found
    assert case.words in "".join(one["message"] for one in items)
    assert done.code == 3
    others = ",".join({check.id for check in CHECKS} - {case.check})
    alone = command("lint", "-n", NAMESPACE, "-o", "name", "--ignore", others)
    assert (alone.code, set(alone.out.split())) == (0, case.found)
    without = command("lint", "-n", NAMESPACE, "-o", "json", "--ignore", case.check)
    assert case.check not in {one["check"] for one in document(without.out)["items"]}


def test_a_container_that_holds_an_old_value_is_found(command: Command, kubectl: Kubectl) -> None:
    before = document(command("lint", "-o", "json").out)
    assert "old-value" not in {one["check"] for one in before["items"]}
    kubectl("patch", "secret", "slack-webhook", "-n", PROJECT, "-p", '{"stringData":{"url":"new"}}')
    found = [one for one in document(command("lint", "-o", "json").out)["items"] if one["check"] == "old-value"]
    assert {one["object"]["kind"] for one in found} == {"Pod"}
    assert all("holds an old value of secret slack-webhook" in one["message"] for one in found)


def test_what_a_check_cannot_know_of_an_object_is_said_of_that(command: Command, kubectl: Kubectl) -> None:
    kubectl("annotate", "secret", "vault-hf-token", "cert-manager.io/certificate-name=gone")
    gaps = document(command("lint", "--context", "demo-restricted", "-o", "json").out)["notChecked"]
    of_secret = {tuple(one["checks"]): one["reason"] for one in gaps if one["what"].endswith("/vault-hf-token")}
    assert of_secret == {("failed-sync",): "its ExternalSecret is not known: you may not list them"}


def test_a_secret_that_an_external_secret_could_not_update_is_found(command: Command) -> None:
    (found,) = [one for one in document(command("lint", "-o", "json").out)["items"] if one["check"] == "failed-sync"]
    assert found["object"] == {"kind": "Secret", "project": PROJECT, "name": "vault-s3-archive"}
    assert found["message"] == "ExternalSecret vault-s3-archive could not sync it: SecretSyncedError."


def test_the_table_has_what_to_do_on_stderr_once(command: Command) -> None:
    done = command("lint")
    head, *rows = done.out.splitlines()
    assert (done.code, head.split()) == (0, ["SEVERITY", "CHECK", "OBJECT", "FINDING"])
    assert ["error", "unknown-use-case", "secret/git-deploy-key"] in [row.split()[:3] for row in rows]
    assert done.err.count("unknown-use-case: Change its use case") == 1
    assert command("lint", "--no-headers", "-A").out.splitlines()[0].split()[0] == "error"


def test_a_project_without_anything_wrong(command: Command, kubectl: Kubectl) -> None:
    kubectl("create", "namespace", NAMESPACE)
    kubectl("create", "secret", "generic", "well", "-n", NAMESPACE, "--from-literal=a=b")
    assert command("lint", "-n", NAMESPACE, "--fail") == (0, "", "No findings.\n")


def test_what_cannot_be_searched_is_not_checked(command: Command) -> None:
    done = command("lint", "--context", "demo-restricted", "-o", "json")
    gaps = document(done.out)["notChecked"]
    assert "you may not list them" in {one["reason"] for one in gaps}
    names = {name for one in gaps for name in one["checks"]}
    assert names == {"missing-secret", "missing-key", "missing-reference", "failed-sync"}
    assert " more, which -o json names: you may not list them.\n" in done.err
    without = command("lint", "--context", "demo-restricted", "-o", "json", *IGNORE_USERS)
    assert document(without.out)["notChecked"] == []
    quiet = command("lint", "--context", "demo-restricted", "--fail", "--filter", "name:license-server")
    assert (quiet.code, quiet.out, quiet.err.splitlines()[0]) == (0, "", "No findings in what was checked.")


def test_a_project_that_cannot_be_read_does_not_look_well(command: Command) -> None:
    done = command("lint", "-n", f"{PROJECT},no-such-project", "-o", "json")
    assert done.code == 1
    assert "project no-such-project" in {one["what"] for one in document(done.out)["notChecked"]}
    assert document(done.out)["items"]
    assert command("lint", "-n", "no-such-project").code == 1


def test_only_the_secrets_of_a_filter(command: Command) -> None:
    found = document(command("lint", "--filter", "name:git-deploy-key", "-o", "json").out)
    assert {one["object"]["name"] for one in found["items"]} == {"git-deploy-key"}
    assert [one["checks"] for one in found["notChecked"]] == [["missing-secret", "missing-reference"]]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--fail"], 3),
        (["--fail=error"], 3),
        (["--fail=error", "--ignore", "unknown-use-case,missing-key,missing-secret"], 0),
        (["--ignore", "unknown-use-cases"], 2),
        (["--fail=bad"], 2),
        (["--filter", "nope:x"], 2),
        (["name"], 2),
        (["--kubeconfig", "/nowhere"], 1),
    ],
)
def test_exit_codes(command: Command, arguments: list[str], code: int) -> None:
    assert command("lint", *arguments).code == code


def test_the_settings_leave_checks_out(command: Command, tmp_path: Path) -> None:
    settings = tmp_path / "home" / ".config" / "wbtui" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('ignored_checks = ["unknown-use-case", "old-valeu"]\n')
    done = command("lint", "-o", "json")
    assert "unknown-use-case" not in document(done.out)["checks"]
    assert 'ignored_checks: there is no check "old-valeu" (did you mean "old-value"?).' in done.err


def test_no_value_and_no_control_character_is_printed(command: Command, kubectl: Kubectl, tmp_path: Path) -> None:
    kubectl("create", "namespace", NAMESPACE)
    metadata = {"name": "copied", "annotations": {"aiwb.apps.eai.amd.com/display-name": "two\x1b[31m"}}
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": {"token": "canary-7261"}}
    (tmp_path / "secret.json").write_text(json.dumps(secret))
    kubectl("apply", "-n", NAMESPACE, "-f", str(tmp_path / "secret.json"))
    metadata["name"] = "other"
    (tmp_path / "secret.json").write_text(json.dumps(secret))
    kubectl("apply", "-n", NAMESPACE, "-f", str(tmp_path / "secret.json"))
    for output in ("table", "json", "sarif", "name"):
        done = command("lint", "-n", NAMESPACE, "-o", output)
        assert "copied" in done.out
        assert "canary" not in done.out + done.err
        assert "Y2FuYXJ5" not in done.out + done.err
        assert "\x1b" not in done.out + done.err


def test_sarif(command: Command) -> None:
    log = document(command("lint", "-o", "sarif", "--context", "demo-restricted").out)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert (log["version"], rules) == ("2.1.0", [check.id for check in CHECKS])
    assert run["results"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]
        (location,) = result["locations"]
        assert all(one["fullyQualifiedName"].endswith(one["name"]) for one in location["logicalLocations"])
    (invocation,) = run["invocations"]
    assert all(": you may not list them." in one["message"]["text"] for one in invocation["toolExecutionNotifications"])
