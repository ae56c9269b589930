import pwd
from pathlib import Path

import pytest

from wbtui.storage.files import StorageError
from wbtui.storage.folders import settings_file, state_folder


def test_settings_and_state_are_where_the_system_has_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert settings_file() == tmp_path / "config" / "wbtui" / "config.toml"
    assert state_folder() == tmp_path / "state" / "wbtui"


def test_a_user_without_a_home_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: int) -> pwd.struct_passwd:
        raise KeyError

    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    assert settings_file() is None
    with pytest.raises(StorageError, match="HOME is not set: this session keeps no audit log"):
        state_folder()
