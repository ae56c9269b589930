"""`wbtui replace`: new values go where they belong, once, and only while nobody else has changed the secret."""

import json
import re
import termios
from base64 import b64decode
from pathlib import Path

import pytest

from tests.cluster.conftest import PROJECT
from tests.commands.conftest import Command
from tests.commands.written import ROOT, TOKEN, records, stored
from tests.conftest import Kubectl
from tests.pseudo_terminal import COLUMNS, wbtui
from tests.stored import values

CANARY = "canaryCANARY"


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a variable with a token."""
    monkeypatch.setenv("NEW_TOKEN", TOKEN)
    return "NEW_TOKEN"


def test_a_value_is_replaced_and_nothing_else(command: Command, kubectl: Kubectl, token: str, tmp_path: Path) -> None:
    before = stored(kubectl, "hf-token-llama")
    done = command("replace", "secret/hf-token-llama", "--token-env", token)
    assert done == (0, "secret/hf-token-llama replaced\n", "")
    after = stored(kubectl, "hf-token-llama")
    assert after["data"] == {"token": TOKEN}
    for name in ("labels", "annotations", "uid"):
        assert after["metadata"].get(name) == before["metadata"].get(name)
    assert [(one["action"], one["name"], one["result"]) for one in records(tmp_path / "home")] == [
        ("replace", "hf-token-llama", "done")
    ]


@pytest.mark.parametrize(
    ("name", "flags", "key"),
    [
        ("s3-datasets", ["--secret-key-env", "NEW_TOKEN"], "AWS_SECRET_ACCESS_KEY"),
        ("s3-checkpoints", ["--secret-key-env", "NEW_TOKEN"], "SECRET_ACCESS_KEY"),
        ("s3-datasets", ["--from-file", "AWS_SECRET_ACCESS_KEY=FILE"], "AWS_SECRET_ACCESS_KEY"),
        ("s3-datasets", ["--from-env-file", "ENV"], "AWS_SECRET_ACCESS_KEY"),
        ("gateway-api-keys", ["--from-file", "ci.token=FILE"], "ci.token"),
        ("metrics-basic-auth", ["--from-file", "password=FILE"], "password"),
        ("pg-feature-store", ["--password-env", "NEW_TOKEN"], "password"),
        ("wandb-api-key", ["--from-file", "WANDB_API_KEY=FILE"], "WANDB_API_KEY"),
        ("hf-legacy", ["--token-env", "NEW_TOKEN"], "token"),
    ],
)
@pytest.mark.usefixtures("token")
def test_only_the_key_that_gets_a_value_changes(
    command: Command, kubectl: Kubectl, tmp_path: Path, name: str, flags: list[str], key: str
) -> None:
    (tmp_path / "FILE").write_text(TOKEN)
    (tmp_path / "ENV").write_text(f"export AWS_SECRET_ACCESS_KEY='{TOKEN}'\n")
    before = values(kubectl, name)
    named = [re.sub("(FILE|ENV)$", lambda match: f"{tmp_path}/{match[1]}", flag) for flag in flags]
    done = command("replace", name, *named, "--yes")
    assert (done.code, done.out) == (0, f"secret/{name} replaced\n"), done.err
    assert values(kubectl, name) == before | {key: TOKEN}


def test_a_variable_of_an_env_file_adds_no_key_to_what_has_fields(
    command: Command, kubectl: Kubectl, tmp_path: Path
) -> None:
    """Else the values would go beside those that they were to replace."""
    (tmp_path / "env").write_text("AWS_ACCESS_KEY_ID=a\nAWS_SECRET_ACCESS_KEY=b\nLOG_LEVEL=debug\n")
    before = values(kubectl, "s3-model-weights")
    done = command("replace", "s3-model-weights", "--from-env-file", f"{tmp_path}/env", "--yes")
    assert (done.code, done.out) == (1, "")
    assert "--from-env-file, line 3 gives what S3 has no place for" in done.err
    assert values(kubectl, "s3-model-weights") == before
    kubectl("patch", "secret", "hf-token-eval", "--type=json", "-p", _RENAMED)
    (tmp_path / "env").write_text(f"token={TOKEN}\n")
    assert command("replace", "hf-token-eval", "--from-env-file", f"{tmp_path}/env").code == 0
    assert values(kubectl, "hf-token-eval") == {"MY_HF_TOKEN": TOKEN}


_RENAMED = '[{"op": "add", "path": "/data", "value": {"MY_HF_TOKEN": "eA=="}}]'


def test_keys_come_and_go_only_where_that_is_agreed_to(command: Command, kubectl: Kubectl, tmp_path: Path) -> None:
    (tmp_path / "value").write_text("x")
    flags = ["replace", "gateway-api-keys", "--from-file", f"new={tmp_path}/value"]
    before = values(kubectl, "gateway-api-keys")
    done = command(*flags)
    assert done == (1, "", "Keys: adds new.\nAdd --yes to write it like that.\n")
    assert values(kubectl, "gateway-api-keys") == before
    assert command(*flags, "--yes").code == 0
    assert values(kubectl, "gateway-api-keys") == before | {"new": "x"}
    done = command(*flags, "--prune", "--yes")
    assert (done.code, done.err) == (0, "Keys: removes ci.token, internal, partner.\n")
    assert values(kubectl, "gateway-api-keys") == {"new": "x"}


def test_a_date_of_expiry_goes_with_the_values_that_it_was_for(command: Command, kubectl: Kubectl, token: str) -> None:
    flags = ["--token-env", token]
    assert command("create", "hf", "dated", *flags, "--expires", "2087-01-31").code == 0
    annotations = stored(kubectl, "dated")["metadata"]["annotations"]
    (annotation,) = [key for key in annotations if key.endswith("/expires")]
    assert annotations[annotation] == "2087-01-31"
    done = command("replace", "dated", *flags)
    assert done.err.startswith(f"{PROJECT}/dated: The date of its expiry is removed")
    assert annotation not in stored(kubectl, "dated")["metadata"]["annotations"]
    assert command("replace", "dated", *flags, "--expires", "2088-02-01").err == ""
    assert stored(kubectl, "dated")["metadata"]["annotations"][annotation] == "2088-02-01"
    for wrong in ("2001-01-01", "soon"):
        assert command("replace", "dated", *flags, "--expires", wrong).code == 2


def test_the_names_of_keys_follow_a_preset(command: Command, kubectl: Kubectl, token: str) -> None:
    flags = ["--access-key-env", token, "--secret-key-env", token, "--preset", "workbench", "--prune"]
    done = command("replace", "s3-model-weights", *flags)
    assert (done.code, done.out) == (1, "")
    assert "Keys: adds minio-access-key, minio-secret-key; removes access-key, " in done.err
    assert command("replace", "s3-model-weights", *flags, "--yes").code == 0
    assert set(values(kubectl, "s3-model-weights")) == {"minio-access-key", "minio-secret-key"}
    assert "--preset: there is no nope" in command("replace", "s3-datasets", *flags[:4], "--preset", "nope").err


def test_a_copy_of_the_values_goes_with_the_old_ones(command: Command, kubectl: Kubectl, tmp_path: Path) -> None:
    keys = values(kubectl, "litellm-config")
    (tmp_path / "value").write_text("x")
    done = command("replace", "litellm-config", "--from-file", f"{next(iter(keys))}={tmp_path}/value", "--yes")
    assert done.code == 0, done.err
    assert "last-applied" not in kubectl("get", "secret", "litellm-config", "-o", "yaml")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("license-server", "wbtui rotate --new-name creates another one under a new name"),
        ("pg-vectors-app", "manages it and would put its own values back"),
        ("old-inference-key", "it is being deleted"),
        ("nothing-here", "there is no such secret"),
    ],
)
def test_what_cannot_be_written_says_why(command: Command, tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "value").write_text(CANARY)
    done = command("replace", name, "--from-file", f"license={tmp_path}/value", "--yes")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"{PROJECT}/{name}: ")
    assert words in done.err
    assert records(tmp_path / "home") == []


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "it needs the name of one secret"),
        (["a", CANARY], 2, "it needs the name of one secret"),
        (["hf-token-llama"], 2, "no new value is given"),
        (["hf-token-llama", "--token", CANARY], 2, 'unknown flag "--token"'),
        (["hf-token-llama", "--bucket-env", "CANARY"], 1, "--bucket-env gives what HuggingFace has no place for"),
        (["hf-token-llama", "--token-env", "EMPTY"], 1, "Token: it is empty"),
        (["s3-datasets", "--region-env", "EMPTY"], 1, "Region: it is empty"),
        (
            ["hf-token-llama", "--token-env", "CANARY", "--read-only", "--yes"],
            1,
            "session may not change anything",
        ),
        (["hf-token-llama", "--token-env", "CANARY"], 1, "Token: it does not look like a Hugging Face token"),
        (["ghcr-pull", "--username-env", "CANARY", "--password-env", "CANARY"], 1, "Registry: it is empty"),
        (["ghcr-pull", "--docker-config"], 2, "--docker-config: the file cannot be read"),
    ],
)
def test_wrong_use_and_odd_values_are_sentences(
    command: Command, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, words: str
) -> None:
    monkeypatch.setenv("CANARY", CANARY)
    monkeypatch.setenv("EMPTY", "")
    done = command("replace", *arguments)
    assert (done.code, done.out) == (code, "")
    assert words in done.err
    assert CANARY not in done.err


def test_several_projects_are_tried_first_and_reported_each(command: Command, kubectl: Kubectl, token: str) -> None:
    """Keys of the same use case may be called differently in each project."""
    flags = ["--secret-key-env", token, "-n", f"{PROJECT},training,research,nowhere"]
    tried = command("replace", "s3-checkpoints", *flags, "--dry-run")
    assert tried.code == 1
    assert tried.out.splitlines()[2:] == [
        f"secret/s3-checkpoints could be replaced in {project}" for project in (PROJECT, "training")
    ], tried.err
    assert TOKEN not in str(values(kubectl, "s3-checkpoints"))
    done = command("replace", "s3-checkpoints", *flags)
    assert done.code == 1
    assert done.out.splitlines() == [
        "secret/s3-checkpoints not replaced in research",
        "secret/s3-checkpoints not replaced in nowhere",
        f"secret/s3-checkpoints replaced in {PROJECT}",
        "secret/s3-checkpoints replaced in training",
    ]
    assert done.err.startswith("research/s3-checkpoints: there is no such secret.\n")
    assert values(kubectl, "s3-checkpoints")["SECRET_ACCESS_KEY"] == TOKEN
    there = json.loads(kubectl("get", "secret", "s3-checkpoints", "-n", "training", "-o", "json"))
    assert b64decode(there["data"]["AWS_SECRET_ACCESS_KEY"]).decode() == TOKEN


def test_on_a_terminal_the_keys_of_the_secret_are_asked_for(
    kubeconfig: Path, kubectl: Kubectl, environment: dict[str, str]
) -> None:
    before = values(kubectl, "s3-datasets")
    command = ["-m", "wbtui", "replace", "s3-datasets", "--kubeconfig", str(kubeconfig)]
    with wbtui(environment | {"PYTHONPATH": str(ROOT)}, *command) as terminal:
        terminal.sees("Access key (not shown, Enter leaves it as it is):")
        terminal.press("\r")
        terminal.sees("Secret key (not shown")
        terminal.press(f"{CANARY} two words\r")
        terminal.sees(f"{'Secret key: it has white space in it.':<{COLUMNS}}\nSecret key (not shown")
        terminal.press(f"{CANARY}\r")
        terminal.sees("secret/s3-datasets replaced")
        assert terminal.ends() == 0
        assert CANARY.encode() not in terminal.output
    assert values(kubectl, "s3-datasets") == before | {"AWS_SECRET_ACCESS_KEY": CANARY}


@pytest.mark.parametrize(("keys", "code"), [("\x03", 130), ("\x04", 1), ("\r", 1)])
def test_a_question_without_an_answer_changes_nothing(
    kubeconfig: Path, kubectl: Kubectl, environment: dict[str, str], keys: str, code: int
) -> None:
    before = values(kubectl, "hf-token-llama")
    command = ["-m", "wbtui", "replace", "hf-token-llama", "--kubeconfig", str(kubeconfig)]
    with wbtui(environment | {"PYTHONPATH": str(ROOT)}, *command) as terminal:
        terminal.sees("Token (not shown")
        terminal.press(keys)
        assert terminal.ends() == code
        assert termios.tcgetattr(terminal.master) == terminal.settings
        assert b"Traceback" not in terminal.output
    assert values(kubectl, "hf-token-llama") == before


@pytest.mark.parametrize("controlling", [True, False])
def test_a_terminal_that_goes_away_at_the_question_changes_nothing(
    kubeconfig: Path, kubectl: Kubectl, environment: dict[str, str], *, controlling: bool
) -> None:
    before = values(kubectl, "hf-token-llama")
    command = ["-m", "wbtui", "replace", "hf-token-llama", "--kubeconfig", str(kubeconfig)]
    with wbtui(environment | {"PYTHONPATH": str(ROOT)}, *command, controlling=controlling) as terminal:
        terminal.sees("Token (not shown")
        terminal.hang_up()
        assert terminal.process.wait(30) in {1, 129}
    assert values(kubectl, "hf-token-llama") == before
