"""`--try`: the host is named before anything is sent, and what was refused is not written."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.conftest import PROJECT
from tests.commands.conftest import Command
from tests.commands.written import ROOT
from tests.conftest import Kubectl
from tests.pseudo_terminal import wbtui
from tests.services import hub
from tests.services.web import Web
from tests.stored import values

UNKNOWN_TOKEN = "hf_" + "Zz9" * 8


@pytest.fixture
def served() -> Iterator[Web]:
    with hub.hub() as served:
        yield served


@pytest.fixture
def try_with(command: Command, served: Web, monkeypatch: pytest.MonkeyPatch) -> Command:
    """A command whose Hugging Face is a small hub, which gets the token in TOKEN."""
    monkeypatch.setenv("HF_ENDPOINT", served.url)
    monkeypatch.setenv("TOKEN", hub.READ)
    return command


def names(kubectl: Kubectl) -> list[str]:
    return kubectl("get", "secrets", "-n", PROJECT, "-o", "name").split()


def test_what_is_accepted_is_written_and_the_trial_recorded(
    try_with: Command, kubectl: Kubectl, served: Web, tmp_path: Path
) -> None:
    done = try_with("create", "hf", "good", "--token-env", "TOKEN", "--try")
    assert (done.code, done.out) == (0, "secret/good created\n")
    host = served.url.removeprefix("http://")
    first, second = done.err.splitlines()
    assert first.endswith(f"will be sent to {host}.")
    assert second == "Accepted: alice, a token that may read."
    assert "secret/good" in names(kubectl)
    audit = (tmp_path / "home" / ".local" / "state" / "wbtui" / "audit.log").read_text()
    records = [json.loads(line) for line in audit.splitlines()]
    assert [(one["action"], one["name"], one["result"]) for one in records] == [
        ("try", host, "accepted"),
        ("create", "good", "done"),
    ]
    assert hub.READ not in audit + done.err + done.out


@pytest.mark.parametrize(("target", "code"), [(hub.OPEN_MODEL, 0), (hub.GATED_MODEL, 1)])
def test_it_is_tried_with_what_is_named(try_with: Command, kubectl: Kubectl, target: str, code: int) -> None:
    done = try_with("create", "hf", "model", "--token-env", "TOKEN", f"--try={target}")
    assert done.code == code
    assert target in done.err
    assert ("secret/model" in names(kubectl)) is (code == 0)


def test_what_is_refused_is_not_written(try_with: Command, kubectl: Kubectl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", UNKNOWN_TOKEN)
    done = try_with("create", "hf", "bad", "--token-env", "TOKEN", "--try")
    assert (done.code, done.out) == (1, "")
    assert "\nRefused: " in done.err
    assert "secret/bad" not in names(kubectl)
    assert UNKNOWN_TOKEN not in done.err


def test_a_value_that_is_refused_replaces_none(
    try_with: Command, kubectl: Kubectl, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = values(kubectl, "hf-token-llama")
    flags = ["replace", "hf-token-llama", "--token-env", "TOKEN", "--try"]
    monkeypatch.setenv("TOKEN", UNKNOWN_TOKEN)
    done = try_with(*flags)
    assert (done.code, done.out) == (1, "")
    assert values(kubectl, "hf-token-llama") == before
    monkeypatch.setenv("TOKEN", hub.READ)
    assert try_with(*flags).code == 0
    assert values(kubectl, "hf-token-llama") == {"token": hub.READ}


def test_what_cannot_be_known_is_said_and_written(
    try_with: Command, kubectl: Kubectl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    done = try_with("create", "hf", "perhaps", "--token-env", "TOKEN", "--try")
    assert (done.code, done.out) == (0, "secret/perhaps created\n")
    assert "\nCannot tell from here: " in done.err
    done = try_with("create", "generic", "other", "--from-file", "a=/etc/hostname", "--try")
    assert (done.code, done.out) == (0, "secret/other created\n")
    assert done.err == "Cannot tell from here: nothing here can try Generic credentials.\n"
    assert {"secret/perhaps", "secret/other"} <= set(names(kubectl))


@pytest.mark.parametrize(("typed", "code"), [("y\r", 0), ("n\r", 1), ("\x04", 1)])
def test_on_a_terminal_it_asks_before_it_sends(
    kubeconfig: Path, kubectl: Kubectl, environment: dict[str, str], served: Web, typed: str, code: int
) -> None:
    command = ["-m", "wbtui", "create", "hf", "asked", "--token-env", "TOKEN", "--try", "--kubeconfig", str(kubeconfig)]
    more = {"PYTHONPATH": str(ROOT), "HF_ENDPOINT": served.url, "TOKEN": hub.READ}
    with wbtui(environment | more, *command) as terminal:
        terminal.sees("will be sent to", "Type y to send it:")
        terminal.press(typed)
        assert terminal.ends() == code
    assert ("secret/asked" in names(kubectl)) is (code == 0)
    assert bool(served.asked) is (code == 0)
