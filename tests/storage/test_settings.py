import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wbtui.domain.trials import TrialOptions
from wbtui.errors import SettingsError
from wbtui.storage.folders import settings_file
from wbtui.storage.settings import read_settings, trial_options, unknown_contexts

CANARY = "canary-value"


@pytest.fixture(autouse=True)
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keep this machine's own settings out, and return where those of the tests are."""
    for name in [name for name in os.environ if name.startswith(("WBTUI_", "EAI_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = settings_file()
    assert path == tmp_path / "wbtui" / "config.toml"
    path.parent.mkdir()
    return path


def problem(**flags: Any) -> str:
    """Return what is wrong with the settings."""
    with pytest.raises(SettingsError) as caught:
        read_settings(flags)
    assert CANARY not in f"{caught.value!r} {caught.value.__context__}"
    assert caught.value.advice
    return str(caught.value)


def test_without_any_there_are_defaults() -> None:
    settings = read_settings({})
    assert (settings.kubeconfig, settings.context, settings.request_timeout) == (None, None, 30.0)
    assert (settings.read_only, settings.metadata_prefix, settings.keys) == (False, "airm.silogen.ai", {})


@pytest.mark.parametrize(
    ("name", "content", "environment", "flag", "expected"),
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
        ("keys", '{ list.filter = "f", "list.clear" = "x" }', None, None, {"list.filter": "f", "list.clear": "x"}),
        ("READ_ONLY", "true", None, None, True),
    ],
)
def test_flags_go_over_the_environment_and_that_over_the_file(
    monkeypatch: pytest.MonkeyPatch,
    file: Path,
    name: str,
    content: str | None,
    environment: str | None,
    flag: Any,
    expected: Any,
) -> None:
    if content is not None:
        file.write_text(f"{name} = {content}\n")
    if environment is not None:
        monkeypatch.setenv(f"WBTUI_{name.upper()}", environment)
    assert getattr(read_settings({} if flag is None else {name: flag}), name.lower()) == expected


def test_the_workbenchs_own_variable_names_the_prefix(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setenv("EAI_APPS_METADATA_PREFIX", "x.example")
    assert read_settings({}).metadata_prefix == "x.example"
    file.write_text('metadata_prefix = "y.example"')
    assert read_settings({}).metadata_prefix == "y.example"


def test_the_workbenchs_own_variable_names_the_prefix_of_display_names(
    monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    assert read_settings({}).workbench_prefix == "aiwb.apps.eai.amd.com"
    monkeypatch.setenv("AIWB_METADATA_PREFIX", "x.example")
    assert read_settings({}).workbench_prefix == "x.example"
    file.write_text('workbench_prefix = "y.example"')
    assert read_settings({}).workbench_prefix == "y.example"


def test_hugging_faces_own_variable_names_its_mirror(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    assert trial_options(read_settings({})) == TrialOptions(allowed=True, hugging_face="https://huggingface.co")
    monkeypatch.setenv("HF_ENDPOINT", "https://x.example")
    assert trial_options(read_settings({})).hugging_face == "https://x.example"
    file.write_text('hugging_face = "https://y.example"\ntry_credentials = false')
    assert trial_options(read_settings({})) == TrialOptions(allowed=False, hugging_face="https://y.example")


def test_a_context_may_have_any_name(file: Path) -> None:
    file.write_text("[contexts.given]\nprotected = true\n[contexts.other]\n")
    settings = read_settings({})
    assert {name: context.protected for name, context in settings.contexts.items()} == {"given": True, "other": False}
    assert settings.contexts["given"].given == {"protected"}
    assert settings.given == {"contexts"}


def test_a_context_can_allow_or_forbid_to_try_credentials(file: Path) -> None:
    file.write_text("[contexts.a]\ntry_credentials = false\n[contexts.b]\ntry_credentials = true\n[contexts.c]")
    contexts = read_settings({}).contexts
    set_for = {name: one.try_credentials for name, one in contexts.items() if "try_credentials" in one.given}
    assert set_for == {"a": False, "b": True}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('emial = "x"', 'unknown setting "emial" (did you mean "email"?)'),
        (f'{"x" * 100} = "{CANARY}"', f'unknown setting "{"x" * 59}…"'),
        ('"\\u001b[2J" = 1', 'unknown setting "\N{REPLACEMENT CHARACTER}[2J"'),
        ("[contexts.prod]\nprotcted = true", 'unknown setting "contexts.prod.protcted" (did you mean "protected"?)'),
        (
            "[contexts.kind-a.b]\nprotected = true",
            'unknown setting "contexts.kind-a.b" (a name with dots needs quotes: [contexts."kind-a.b"])',
        ),
        ("[context.prod]\nprotected = true", "context: it must be text in quotes"),
        (f'request_timeout = "{CANARY}"', "request_timeout: a duration is a number of seconds"),
        (f'read_only = "{CANARY}"', "read_only: it must be true or false"),
        (f'keys = "{CANARY}"', "keys: it must be a table"),
        ("[contexts]\nprod = true", "contexts.prod: it must be a table"),
        ("[keys]\na = 5", "keys.a: it must be text in quotes"),
        ("context = 5", "context: it must be text in quotes"),
        (
            'theme = "drak"',
            'theme: it must be auto, dark, light, plain or the name of another theme (did you mean "dark"?)',
        ),
        (f'theme = "{CANARY}"', "theme: it must be auto, dark, light, plain or the name of another theme"),
        ('metadata_prefix = ""', "metadata_prefix: it must not be empty"),
        (f'context = "{CANARY}', "it is not valid TOML"),
        (f"{CANARY} {CANARY}", "it is not valid TOML"),
        ("a = " + "[" * 100_000, "it is nested too deeply"),
        ("a." * 5_000 + "a = 1", 'unknown setting "a"'),
    ],
)
def test_what_is_wrong_in_the_file_is_named_and_not_quoted(file: Path, content: str, told: str) -> None:
    file.write_text(content)
    assert problem().startswith(f"{file}: {told}")


def test_all_that_is_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setenv("WBTUI_READONLY", CANARY)
    file.write_text('emial = "x"\nread_only = "perhaps"')
    assert problem() == (
        'the environment: unknown variable WBTUI_READONLY (did you mean "WBTUI_READ_ONLY"?); '
        f'{file}: read_only: it must be true or false; unknown setting "emial" (did you mean "email"?)'
    )


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("REQUEST_TIMEOUT", CANARY, "request_timeout: a duration is a number of seconds"),
        ("READ_ONLY", CANARY, "read_only: it must be true or false"),
        ("KEYS", "{canary-value", "it must be a JSON object"),
        ("KEYS", "[" * 100_000, "it must be a JSON object"),
        ("CONTEXTS", "[]", "it must be a JSON object"),
        ("CONTEXTS", '{"a": {"protectd": true}}', 'unknown setting "contexts.a.protectd" (did you mean "protected"?)'),
    ],
)
def test_what_is_wrong_in_the_environment_is_named_and_not_quoted(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(f"WBTUI_{name}", value)
    assert problem().startswith(f"WBTUI_{name}: {told}")


def test_a_variable_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WBTUI_READONLY", CANARY)
    assert problem() == 'the environment: unknown variable WBTUI_READONLY (did you mean "WBTUI_READ_ONLY"?)'


@pytest.mark.parametrize(
    "duration", ["", "soon", "-1", "1d", "1 s", "1e3", "1e400", "inf", "nan", "9" * 400, 1e400, float("nan"), True, []]
)
def test_a_duration_is_a_number_and_a_unit(duration: Any) -> None:
    assert ": request_timeout: " in problem(request_timeout=duration)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_may_begin_with_a_byte_order_mark(file: Path, encoding: str) -> None:
    file.write_text('email = "zoë@example.com"', encoding=encoding)
    assert read_settings({}).email == "zoë@example.com"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xff", ": it is not UTF-8 text"),
        (b"\xff\xfex", ": it is not UTF-8 text"),
        (b"\x00\x01", ": it is not valid TOML"),
    ],
)
def test_random_bytes_are_said(file: Path, content: bytes, told: str) -> None:
    file.write_bytes(content)
    assert problem().startswith(f"{file}{told}")


@pytest.mark.parametrize(
    ("make", "kind"),
    [(Path.mkdir, "a folder"), (os.mkfifo, "a pipe"), (lambda path: path.symlink_to("/dev/zero"), "a device")],
)
def test_what_is_no_file_is_said_and_not_waited_for(file: Path, make: Callable[[Path], None], kind: str) -> None:
    make(file)
    assert problem() == f"{file} is not used: it is {kind}, not a file"


def test_a_file_that_every_user_may_write_to_is_not_used(file: Path) -> None:
    file.write_text("read_only = false")
    file.chmod(0o666)
    assert problem() == f"{file} is not used: every user may write to it (chmod o-w makes it safe)"


def test_contexts_that_no_kubeconfig_has_are_named(file: Path) -> None:
    file.write_text("[contexts.prodution]\nprotected = true\n[contexts.staging]\nprotected = true\n[contexts.x]\n")
    assert list(unknown_contexts(read_settings({}), ["production", "staging"])) == [
        'The kubeconfig has no context "prodution" (did you mean "production"?): what is set for it has no effect',
        'The kubeconfig has no context "x": what is set for it has no effect',
    ]
