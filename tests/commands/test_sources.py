"""Where values come from on the command line: each source, what is refused, and that nothing is quoted."""

import argparse
import json
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.cluster.conftest import PROJECT
from tests.commands.conftest import Command
from tests.commands.written import ROOT, TOKEN, stored
from tests.conftest import Kubectl
from tests.pseudo_terminal import wbtui
from wbtui.arguments import session_parser
from wbtui.command_table import COMMANDS
from wbtui.domain.use_cases.table import USE_CASES

CANARY = "canaryCANARY"


def test_an_env_file_gives_fields_or_keys(command: Command, kubectl: Kubectl, tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_bytes(b"\xef\xbb\xbf# keys\r\nexport AWS_ACCESS_KEY_ID='an-id'\r\nAWS_SECRET_ACCESS_KEY=\"a/key=\"\r\n")
    assert command("create", "s3", "fields", "--from-env-file", str(env)).code == 0
    assert stored(kubectl, "fields")["data"] == {"access-key": "an-id", "secret-key": "a/key="}
    assert command("create", "generic", "keys", "--from-env-file", str(env)).code == 0
    assert stored(kubectl, "keys")["data"] == {"AWS_ACCESS_KEY_ID": "an-id", "AWS_SECRET_ACCESS_KEY": "a/key="}
    env.write_text(f"HF_TOKEN={TOKEN}\n")
    assert command("create", "hf", "token", "--from-env-file", str(env)).code == 0
    assert stored(kubectl, "token")["data"] == {"token": TOKEN}


def test_a_file_for_a_key_is_one_for_the_field_of_that_key(command: Command, kubectl: Kubectl, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    assert command("create", "hf", "by-key", "--from-file", f"token={tmp_path}/token").code == 0
    assert stored(kubectl, "by-key")["data"] == {"token": TOKEN}


def test_the_logins_of_docker_are_found(
    command: Command, kubectl: Kubectl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = json.dumps({"auths": {"ghcr.io": {"auth": "dTpw"}}})
    (tmp_path / "home" / ".docker").mkdir()
    (tmp_path / "home" / ".docker" / "config.json").write_text(config)
    assert command("create", "pull", "usual", "--docker-config").code == 0
    assert stored(kubectl, "usual")["data"] == {".dockerconfigjson": config}
    assert stored(kubectl, "usual")["type"] == "kubernetes.io/dockerconfigjson"
    (tmp_path / "other.json").write_text(config)
    assert command("create", "pull", f"--docker-config={tmp_path}/other.json", "named").code == 0
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "missing"))
    done = command("create", "pull", "missing", "--docker-config")
    assert (done.code, done.out) == (2, "")
    assert "--docker-config: the file cannot be read: No such file" in done.err
    (tmp_path / "helper.json").write_text('{"auths": {"ghcr.io": {}}, "credsStore": "pass"}')
    done = command("create", "pull", "helper", f"--docker-config={tmp_path}/helper.json")
    assert (done.code, done.out) == (1, "")
    assert "its credentials are kept by a credential helper" in done.err


def test_a_profile_of_the_aws_command_line_gives_keys(
    command: Command, kubectl: Kubectl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home" / ".aws").mkdir()
    keys = "aws_access_key_id = AKIAONE\naws_secret_access_key = one/secret\n"
    (tmp_path / "home" / ".aws" / "credentials").write_text(f"[work]\n{keys}")
    assert command("create", "s3", "work", "--aws-profile", "work", "--preset", "aws sdk").err == ""
    assert stored(kubectl, "work")["data"] == {"AWS_ACCESS_KEY_ID": "AKIAONE", "AWS_SECRET_ACCESS_KEY": "one/secret"}
    (tmp_path / "elsewhere").write_text(f"[work]\n{keys}aws_session_token = a-session\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "elsewhere"))
    done = command("create", "s3", "session", "--aws-profile", "work")
    assert (done.code, done.out) == (0, "secret/session created\n")
    assert done.err == "The keys of the profile are temporary: they expire with its session token.\n"
    assert stored(kubectl, "session")["data"]["session-token"] == "a-session"
    for config in (os.devnull, str(tmp_path / "missing")):
        monkeypatch.setenv("AWS_CONFIG_FILE", config)
        assert command("create", "s3", "again", "--aws-profile", "work", "--dry-run").code == 0
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "missing"))
    (tmp_path / "home" / ".aws" / "credentials").unlink()
    assert "cannot be read" in command("create", "s3", "none", "--aws-profile", "work").err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (f"A=1\nA={CANARY}\n", "--from-env-file, line 2: the name is that of line 1"),
        (CANARY, "--from-env-file, line 1: it is not NAME=VALUE"),
        ("# nothing\n", "--from-env-file: there is no NAME=VALUE in it"),
        (f"HF_TOKEN={CANARY}\nOTHER={CANARY}\n", "--from-env-file, line 2 gives what HuggingFace has no place for"),
        (f"HF_TOKEN={CANARY}\ntoken={CANARY}\n", "line 1 and --from-env-file, line 2 give the same value"),
    ],
)
def test_an_env_file_that_cannot_be_read_for_sure_is_refused(
    command: Command, tmp_path: Path, content: str, words: str
) -> None:
    (tmp_path / "env").write_text(content)
    done = command("create", "hf", "x1", "--from-env-file", str(tmp_path / "env"))
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert CANARY not in done.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["hf", "--token-env", "TOKEN", "--from-file", "token=FILE"],
            "--token-env and --from-file give the same",
        ),
        (["generic", "--from-file", "a=FILE", "--from-file", "a=FILE"], "--from-file (2) give the same value"),
        (["hf", "--from-file", "other=FILE"], "--from-file gives what HuggingFace has no place for"),
        (["generic", "--from-file", "..a=FILE"], "may not begin with two dots"),
        (["generic", "--from-file", f"{CANARY}"], "KEY=FILE is needed"),
        (["generic", "--from-file", f"a=/{CANARY}"], "--from-file: the file cannot be read: No such file"),
        (["generic", "--from-file", "a=."], "--from-file: the file cannot be read: Is a directory"),
        (["generic", "--from-file", "a="], "--from-file: the file cannot be read"),
        (["generic", "--from-file", "a=/dev/zero"], "is not used: it is a device"),
        (["generic", "--aws-profile", "x"], "--aws-profile: there is no such profile"),
        (["hf", "--docker-config=FILE"], "--docker-config gives what HuggingFace has no place for"),
        (["db", "--uri-env", "TOKEN", "--host-env", "TOKEN"], "these flags do not go together"),
        (["hf", "--token-file", "--yes"], "--token-file: expected one argument"),
        (["hf", "--token-file", "-", "--from-env-file", "-"], "--token-file and --from-env-file read stdin"),
        (["hf", "--token-env", "TOKEN", "--dry-run=client"], "--dry-run: invalid choice"),
        (["hf", "--token-env", "TOKEN", "-n", "a,"], "-n/--namespace: the name of a project is missing"),
        (["hf", "--token-env", "TOKEN", "-n", "../x"], '-n/--namespace: no project can be called "../x"'),
        (["hf", "--token-env", "TOKEN", "-n", "a", "--projects", "b"], "name projects in two ways"),
    ],
)
def test_wrong_use_of_sources_is_a_sentence(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    (tmp_path / "file").write_text(CANARY)
    monkeypatch.setenv("TOKEN", CANARY)
    use_case, *flags = (argument.replace("FILE", str(tmp_path / "file")) for argument in arguments)
    done = command("create", use_case, "x1", *flags)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert CANARY not in done.err


def run(kubeconfig: Path, home: Path, redirect: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run `wbtui create` as a shell does, with a redirection, without HOME."""
    command = [sys.executable, "-m", "wbtui", "create", *arguments, "--kubeconfig", str(kubeconfig)]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    shell = ["bash", "-c", f'"$@" {redirect}', "bash", *command]
    return subprocess.run(shell, env=environment, cwd=home, capture_output=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("redirect", "arguments", "code", "words"),
    [
        ("<&-", ("hf", "x1", "--token-stdin"), 2, "--token-stdin: stdin is closed"),
        ("<&-", ("hf", "x1"), 2, "Token is missing"),
        ("< /dev/null", ("hf", "x1", "--token-stdin"), 1, "Token: it is empty."),
        ("< <(head -c 2097152 /dev/zero)", ("generic", "x1", "--from-file", "a=-"), 1, "it is too long"),
        ("< <(printf 'hf_%030d' 0)", ("hf", "x1", "--token-file", "-"), 0, ""),
        ("< <(printf 'hf_%030d' 0)", ("hf", "x2", "--token-file", "/dev/stdin"), 0, ""),
        ("< <(printf '\\0\\377')", ("generic", "x3", "--from-file", "a=-"), 0, ""),
        ("< <(printf 'hf_%030d' 0) >&-", ("hf", "x4", "--token-stdin"), 0, ""),
        ("< <(printf 'hf_%030d' 0) >/dev/full", ("hf", "x6", "--token-stdin"), 1, "The output cannot be written"),
        ("< <(printf 'hf_%030d' 0) | true", ("hf", "x5", "--token-stdin", "-n", f"{PROJECT},research"), 0, ""),
    ],
)
def test_stdin_and_stdout_may_be_anything(
    kubeconfig: Path, tmp_path: Path, redirect: str, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = run(kubeconfig, tmp_path, redirect, *arguments)
    assert done.returncode == code, done.stderr
    assert words in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert b"\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize("flags", [["--token-stdin"], ["--token-file", "-"]])
def test_a_terminal_is_no_stdin_for_a_value(kubeconfig: Path, environment: dict[str, str], flags: list[str]) -> None:
    command = ["-m", "wbtui", "create", "hf", "x1", *flags, "--kubeconfig", str(kubeconfig)]
    with wbtui(environment | {"PYTHONPATH": str(ROOT)}, *command) as terminal:
        terminal.sees(f"{flags[0]}: stdin is a terminal, which would show what is typed")
        assert terminal.ends() == 2


@pytest.mark.parametrize("output", ["| true", "> /dev/full", ">&-"])
def test_an_output_that_cannot_be_written_keeps_no_project_from_being_written(
    kubeconfig: Path, kubectl: Kubectl, tmp_path: Path, output: str
) -> None:
    redirect = f"< <(printf 'hf_%030d' 0) {output}"
    run(kubeconfig, tmp_path, redirect, "hf", "gone", "--token-stdin", "-n", f"{PROJECT},research")
    assert [stored(kubectl, "gone", project)["type"] for project in (PROJECT, "research")] == ["Opaque"] * 2


def test_projects_are_chosen_by_labels(command: Command, kubectl: Kubectl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", TOKEN)
    kubectl("label", "namespace", PROJECT, "research", "team=a")
    done = command("create", "hf", "labelled", "--token-env", "TOKEN", "--projects", "team=a")
    assert done.code == 0, done.err
    assert sorted(done.out.splitlines()) == sorted(
        f"secret/labelled created in {project}" for project in (PROJECT, "research")
    )
    done = command("create", "hf", "labelled", "--token-env", "TOKEN", "--projects", "team=b")
    assert (done.code, done.out) == (1, "")
    assert done.err == "No project has labels that team=b selects. Check the selector.\n"


_TAKEN_IN_CLEAR = {
    *("FILE", "VARIABLE", "KEY=FILE", "FILTER", "ID,...", "NAME"),
    *("USER", "TIME", "TEXT", "TITLE", "TARGET", "SELECTOR", "DATE", "VARIABLE=KEY", "PATH"),
}
"""What flags take that is no value of a secret; others have choices, or take a number."""


def _parsers() -> list[argparse.ArgumentParser]:
    modules = [import_module(f"wbtui.commands.{command.module}") for command in COMMANDS.values()]
    return [session_parser(), *(module.parser() for module in modules)]


@pytest.mark.parametrize("parser", _parsers(), ids=lambda parser: parser.prog)
def test_no_flag_takes_a_value_in_clear(parser: argparse.ArgumentParser) -> None:
    fields = {field.name.replace("_", "-") for one in USE_CASES for form in one.entry_forms for field in form.fields}
    for action in parser._actions:  # noqa: SLF001  argparse has no public list of flags
        names = [name.lstrip("-") for name in action.option_strings]
        takes = str(action.metavar).lstrip("=") in _TAKEN_IN_CLEAR or action.nargs == 0 or action.choices or action.type
        assert not names or takes, names
        assert action.type or not fields & set(names), names
        sources = [re.fullmatch(r".+-(file|env|stdin)", name) for name in names if "." in action.dest]
        assert all(sources), names
