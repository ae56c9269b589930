import os
from pathlib import Path
from typing import Any

import pytest

from wbtui.repository import SettingsError
from wbtui.storage.settings import read_settings, settings_file

CANARY = "canary-value"


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keep this machine's own settings out."""
    for name in [name for name in os.environ if name.startswith(("WBTUI_", "EAI_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    settings_file().parent.mkdir()
    return tmp_path


def test_without_any_there_are_defaults() -> None:
    settings = read_settings({})
    assert (settings.kubeconfig, settings.context, settings.request_timeout) == (None, None, 30.0)
    assert (settings.read_only, settings.metadata_prefix, settings.keys) == (False, "airm.silogen.ai", {})


@pytest.mark.parametrize(
    ("name", "file", "environment", "flag", "expected"),
    [
        ("context", '"file"', "environment", "flag", "flag"),
        ("context", '"file"', "environment", None, "environment"),
        ("context", '"file"', None, None, "file"),
        ("context", '"file"', "", None, "file"),
        ("kubeconfig", None, "a:b", None, "a:b"),
        ("namespace", '"file"', None, "flag", "flag"),
        ("request_timeout", "5", None, None, 5.0),
        ("request_timeout", '"1m"', "90", None, 90.0),
        ("request_timeout", None, "250ms", "1.5h", 5400.0),
        ("request_timeout", "0", None, None, 0.0),
        ("read_only", "false", "true", None, True),
        ("read_only", "true", "0", None, False),
        ("metadata_prefix", '"a.example"', None, None, "a.example"),
        ("metadata_prefix", '"a.example"', "b.example", None, "b.example"),
        ("keys", '{ "list.filter" = "f" }', None, None, {"list.filter": "f"}),
        ("keys", None, '{"list.filter": "f"}', None, {"list.filter": "f"}),
    ],
)
def test_flags_go_over_the_environment_and_that_over_the_file(
    monkeypatch: pytest.MonkeyPatch, name: str, file: str | None, environment: str | None, flag: Any, expected: Any
) -> None:
    if file is not None:
        settings_file().write_text(f"{name} = {file}\n")
    if environment is not None:
        monkeypatch.setenv(f"WBTUI_{name.upper()}", environment)
    assert getattr(read_settings({} if flag is None else {name: flag}), name) == expected


def test_the_workbenchs_own_variable_names_the_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EAI_APPS_METADATA_PREFIX", "x.example")
    assert read_settings({}).metadata_prefix == "x.example"
    settings_file().write_text('metadata_prefix = "y.example"')
    assert read_settings({}).metadata_prefix == "y.example"


@pytest.mark.parametrize(
    ("file", "named"),
    [
        (f'request_timeout = "{CANARY}"', "request_timeout"),
        (f'read_only = "{CANARY}"', "read_only"),
        (f'keys = "{CANARY}"', "keys"),
        ("[keys]\na = 5", "keys.a"),
        ("context = 5", "context"),
        (f'unknown = "{CANARY}"', "unknown"),
        (f'context = "{CANARY}', "config.toml"),
        (f"{CANARY} {CANARY}", "config.toml"),
        ('metadata_prefix = ""', "metadata_prefix"),
    ],
)
def test_what_is_wrong_in_the_file_is_named_and_not_quoted(file: str, named: str) -> None:
    settings_file().write_text(file)
    with pytest.raises(SettingsError) as caught:
        read_settings({})
    assert named in str(caught.value)
    assert CANARY not in f"{caught.value!r} {caught.value.__context__}"
    assert caught.value.advice


@pytest.mark.parametrize(
    ("name", "value"), [("REQUEST_TIMEOUT", CANARY), ("READ_ONLY", CANARY), ("KEYS", "{canary-value"), ("KEYS", "[]")]
)
def test_what_is_wrong_in_the_environment_is_named_and_not_quoted(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"WBTUI_{name}", value)
    with pytest.raises(SettingsError) as caught:
        read_settings({})
    assert name.lower() in str(caught.value)
    assert "file" not in str(caught.value)
    assert CANARY not in f"{caught.value!r} {caught.value.__context__}"


@pytest.mark.parametrize("duration", ["", "soon", "-1", "1d", "1 s", "1e3", "inf", "nan", "5s5s"])
def test_a_duration_is_a_number_and_a_unit(duration: str) -> None:
    with pytest.raises(SettingsError, match=r"request_timeout: .* a duration is a number"):
        read_settings({"request_timeout": duration})


def test_a_file_that_cannot_be_read_is_said() -> None:
    settings_file().write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=r"config\.toml cannot be read"):
        read_settings({})
