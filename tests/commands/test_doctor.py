"""`wbtui doctor`: what it tells, what it finds, and what it never tells."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.cluster.conftest import PROJECT, kubeconfig_of, written
from tests.program import IN_A_SHELL, PROGRAM
from wbtui.commands import doctor
from wbtui.demo.background import BackgroundCluster

CANARY = "canary-7c1d9f"
ROOT = Path(__file__).parent.parent.parent


class Told(NamedTuple):
    """The exit code and the report."""

    code: int
    report: dict[str, Any]

    @property
    def findings(self) -> list[str]:
        return [finding["problem"] for finding in self.report["findings"]]


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An own home, without settings and without a kubeconfig."""
    for name in [name for name in os.environ if name.startswith(("WBTUI_", "XDG_", "KUBE"))]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    return home


@pytest.fixture
def diagnose(capsys: pytest.CaptureFixture[str]) -> Any:
    """Return a way to run it and read its JSON."""

    def diagnose(*arguments: str) -> Told:
        code = doctor.run([*arguments, "-o", "json"])
        return Told(code, json.loads(capsys.readouterr().out))

    return diagnose


def private(folder: Path, kubeconfig: Any) -> str:
    """Write a kubeconfig that only its owner may read."""
    path = written(folder, kubeconfig)
    Path(path).chmod(0o600)
    return path


def test_a_cluster_that_works_has_no_problems(cluster: BackgroundCluster, diagnose: Any, tmp_path: Path) -> None:
    told = diagnose("--kubeconfig", private(tmp_path, kubeconfig_of(cluster.url)))
    assert (told.code, told.findings) == (0, [])
    facts = told.report["cluster"]
    assert facts["user"] == "demo@example.com"
    assert facts["project"] == PROJECT
    assert facts["version"] == "v0.0.0-master+$Format:%H$"
    assert facts["latency"].count(" ms") == 3
    assert told.report[f"rights in {PROJECT}"]["secrets"] == "list, watch, get, create, patch, delete"
    assert told.report["kinds"]["core"].startswith("v1 (without ReplicationController")
    assert told.report["kinds"]["cert-manager.io"] == "not served"
    assert told.report["kubeconfig"]["login"] == "token"
    assert told.report["kubeconfig"]["server"] == cluster.url


def test_the_report_can_be_pasted(
    cluster: BackgroundCluster, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert doctor.run(["--kubeconfig", private(tmp_path, kubeconfig_of(cluster.url))]) == 0
    text = capsys.readouterr().out
    assert text.endswith("\n\nNo problems found\n")
    assert "\nCluster\n  login " in text
    assert all(line.isprintable() for line in text.splitlines())
    assert "demo-token" not in text


def test_without_a_kubeconfig_everything_else_is_told(diagnose: Any) -> None:
    told = diagnose()
    assert told.code == 1
    assert told.findings == [f"There is no kubeconfig at {os.environ['HOME']}/.kube/config."]
    assert {"program", "terminal", "settings", "folders"} < told.report.keys()


LOGIN = {"token": CANARY}
PLUGIN = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "/nowhere/plugin", "args": [CANARY]}}


@pytest.mark.parametrize(
    ("server", "user", "more", "problem"),
    [
        ("http://127.0.0.1:1", LOGIN, {}, "Version: 127.0.0.1:1 cannot be reached"),
        ("HERE", LOGIN, {}, "Version: Unauthorized"),
        ("HERE", PLUGIN, {}, "The credential plugin /nowhere/plugin is not installed, or is not in PATH."),
        ("HERE", {"token": CANARY, "username": "me", "password": CANARY}, {}, "The kubeconfig does not work: users"),
        ("HERE", LOGIN, {"proxy-url": f"ftp://me:{CANARY}@host"}, "The kubeconfig does not work: clusters[there]"),
        ("HERE", {"tokenFile": f"/nowhere/{'x' * 5}"}, {}, "The kubeconfig does not work: users[me].user.tokenFile"),
    ],
)
def test_what_is_wrong_is_a_sentence_with_advice(
    cluster: BackgroundCluster,
    diagnose: Any,
    tmp_path: Path,
    server: str,
    user: dict[str, Any],
    more: dict[str, Any],
    problem: str,
) -> None:
    path = private(tmp_path, kubeconfig_of(server.replace("HERE", cluster.url), user, **more))
    told = diagnose("--kubeconfig", path)
    assert told.code == 1
    assert told.findings[0].startswith(problem)
    text = json.dumps(told.report)
    assert not [part for part in (CANARY, "{retry}", "Press", "{go") if part in text]
    assert all(finding["advice"].endswith(".") for finding in told.report["findings"])


@pytest.mark.parametrize("ending", ["exit 3", f"echo '{CANARY}'", 'echo \'{"status": {"token": 5}}\''])
def test_the_output_of_a_plugin_is_never_told(diagnose: Any, tmp_path: Path, ending: str) -> None:
    path = Path(written(tmp_path, f"#!/bin/sh\necho {CANARY} >&2\n{ending}\n", "plugin"))
    path.chmod(0o700)
    user = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": str(path)}}
    told = diagnose("--kubeconfig", private(tmp_path, kubeconfig_of("http://127.0.0.1:1", user)))
    assert told.findings == ["The credential plugin or the identity provider gave no credentials."]
    assert CANARY not in json.dumps(told.report)


def test_a_restricted_user_is_told_which_right_is_missing(
    cluster: BackgroundCluster, diagnose: Any, tmp_path: Path
) -> None:
    told = diagnose("--kubeconfig", private(tmp_path, cluster.kubeconfig()), "--context", "demo-restricted")
    assert told.code == 0
    assert told.report[f"rights in {PROJECT}"]["secrets"] == "list, watch, get, create, delete (1 by name)"
    elsewhere = diagnose(
        "--kubeconfig", private(tmp_path, cluster.kubeconfig()), "--context", "demo-member", "-n", "default"
    )
    assert elsewhere.code == 1
    assert elsewhere.findings[0].startswith("List one secret: secrets is forbidden")


def test_a_project_that_is_not_there_is_found(cluster: BackgroundCluster, diagnose: Any, tmp_path: Path) -> None:
    told = diagnose("--kubeconfig", private(tmp_path, kubeconfig_of(cluster.url)), "-n", "nowhere")
    assert told.findings == ['Project: namespaces "nowhere" not found.']


def test_files_that_others_may_read_or_change_are_found(diagnose: Any, home: Path) -> None:
    kubeconfig = home / ".kube" / "config"
    kubeconfig.parent.mkdir()
    kubeconfig.write_text(json.dumps(kubeconfig_of("http://127.0.0.1:1")))
    kubeconfig.chmod(0o644)
    state = home / ".local" / "state" / "wbtui"
    state.mkdir(parents=True)
    state.chmod(0o777)
    told = diagnose()
    assert told.findings[:2] == [
        "~/.local/state/wbtui is not used: every user may write to it.",
        "Every user of this machine may read ~/.kube/config, which holds credentials.",
    ]
    assert [finding["advice"] for finding in told.report["findings"][:2]] == [
        "Run chmod 700 ~/.local/state/wbtui.",
        "Run chmod 600 ~/.kube/config.",
    ]


def test_settings_are_told_by_name_and_a_mistake_in_them_is_found(
    diagnose: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = home / ".config" / "wbtui" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'email = "{CANARY}"\n')
    monkeypatch.setenv("WBTUI_NAMESPACE", CANARY)
    told = diagnose()
    assert told.report["settings"]["variables"] == "WBTUI_NAMESPACE"
    assert told.report["settings"]["set"] == "email, namespace"
    assert CANARY not in json.dumps(told.report)
    settings.write_text("emial = 1\n")
    assert 'unknown setting "emial" (did you mean "email"?)' in diagnose().findings[0]


@pytest.mark.parametrize(
    ("environment", "redirected", "code", "said"),
    [
        ({}, "", 1, "There is no kubeconfig"),
        ({"HOME": "relative"}, "", 1, "There is no kubeconfig"),
        ({}, "<&- 2>&-", 1, "There is no kubeconfig"),
        ({}, ">&-", 2, "wbtui doctor needs an output for its report."),
        ({}, "> /dev/full", 1, "The output cannot be written: No space left on device."),
    ],
)
def test_it_runs_wherever_it_is_started(
    tmp_path: Path, environment: dict[str, str], redirected: str, code: int, said: str
) -> None:
    done = subprocess.run(
        ["sh", "-c", f"exec {IN_A_SHELL} doctor {redirected}"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True)
    assert "Traceback" not in done.stderr


def test_an_interrupt_ends_the_credential_plugin_too(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pid")
    plugin = Path(written(tmp_path, f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 300\n", "plugin"))
    plugin.chmod(0o700)
    user = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": str(plugin)}}
    kubeconfig = private(tmp_path, kubeconfig_of("http://127.0.0.1:1", user))
    process = subprocess.Popen(
        [*PROGRAM, "doctor", "--kubeconfig", kubeconfig],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    running = int((tmp_path / "pid").read_text())
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, b"")
    with pytest.raises(ProcessLookupError):
        os.kill(running, 0)


def test_textual_is_not_loaded(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom wbtui.cli import main\nmain(['doctor'])\nprint([m for m in sys.modules if 'textual' in m])\n"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.endswith("\n[]\n")
