import os
import re
import stat
import tomllib
from pathlib import Path

import pytest

from wbtui.commands import config
from wbtui.storage.settings import read_settings
from wbtui.storage.settings_table import CONTEXT_SETTINGS, SETTINGS


@pytest.fixture(autouse=True)
def path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the configuration file of the test belongs; nothing is there yet."""
    for name in [name for name in os.environ if name.startswith(("WBTUI_", "EAI_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "wbtui" / "config.toml"


def test_init_writes_a_private_file_that_sets_nothing(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert config.run(["init"]) == 0
    assert capsys.readouterr().out == f"{path}\n"
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
    assert read_settings({}).given == set()


def test_every_setting_is_in_the_file_and_can_be_used(path: Path) -> None:
    assert config.run(["init"]) == 0
    lines = path.read_text().splitlines()
    path.write_text("\n".join(re.sub(r'^# (?=[\w"]+(\.[\w"]+)* = |\[)', "", line) for line in lines))
    written = tomllib.loads(path.read_text())
    assert written.keys() == SETTINGS.keys()
    assert written["contexts"]["production"].keys() == CONTEXT_SETTINGS.keys()
    assert read_settings({}).given == SETTINGS.keys()


def test_a_file_that_is_there_is_kept_unless_it_is_forced(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.parent.mkdir()
    path.write_text("read_only = true\n")
    assert config.run(["init"]) == 2
    assert capsys.readouterr().err == f"{path} is there already. Add --force to overwrite it.\n"
    assert path.read_text() == "read_only = true\n"
    assert config.run(["init", "--force"]) == 0
    assert path.read_text().startswith("# Settings of wbtui.")


def test_a_link_is_not_followed(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.parent.mkdir()
    path.symlink_to(tmp_path / "elsewhere")
    assert [config.run(["init"]), config.run(["init", "--force"])] == [2, 1]
    assert capsys.readouterr().err.endswith(f"{path} is not used: it is a symbolic link, not a file.\n")
    assert not (tmp_path / "elsewhere").exists()


def test_show_says_what_is_set_and_where(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path.parent.mkdir()
    path.write_text('email = "me@example.com"\nmouse = false\n[keys]\n"secret.details" = "i"\n')
    monkeypatch.setenv("WBTUI_NAMESPACE", "team-a")
    monkeypatch.setenv("EAI_APPS_METADATA_PREFIX", "x.example")
    assert config.run(["show"]) == 0
    shown = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()}
    assert shown["email"] == ['"me@example.com"', str(path)]
    assert shown["mouse"] == ["false", str(path)]
    assert shown["namespace"] == ['"team-a"', "WBTUI_NAMESPACE"]
    assert shown["metadata_prefix"] == ['"x.example"', "EAI_APPS_METADATA_PREFIX"]
    assert shown["theme"] == ['"auto"', "default"]
    assert shown["keys"] == ['{"secret.details":', '"i"}', str(path)]
    assert shown.keys() == SETTINGS.keys()


def test_keys_says_which_ids_the_settings_take(capsys: pytest.CaptureFixture[str]) -> None:
    assert config.run(["keys"]) == 0
    rows = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert rows["secret.details"].split(maxsplit=3)[1:3] == ["d,", "enter"]
    assert {"app.palette", "app.redraw", "filter.complete", "command.older"} < rows.keys()


def test_show_says_what_is_wrong(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.parent.mkdir()
    path.write_text("emial = 1\n")
    assert config.run(["show"]) == 1
    assert capsys.readouterr().err == f'{path}: unknown setting "emial" (did you mean "email"?).\n'


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "it needs a command: init, path, show or keys"),
        (["shwo"], 'unknown command "shwo" (did you mean "show"?)'),
        (["init", "path"], 'unknown command "path"'),
        (["init", "--forc"], 'unknown flag "--forc" (did you mean "--force"?)'),
    ],
)
def test_a_mistake_is_a_sentence(arguments: list[str], problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        config.run(arguments)
    assert (ended.value.code, capsys.readouterr().err) == (
        2,
        f"wbtui config: {problem}. See wbtui config --help.\n",
    )
