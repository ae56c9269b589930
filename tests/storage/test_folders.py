import subprocess
import sys
from pathlib import Path

import pytest

from wbtui.storage.folders import settings_file, state_folder


def test_settings_and_state_are_where_the_system_has_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert settings_file() == tmp_path / "config" / "wbtui" / "config.toml"
    assert state_folder() == tmp_path / "state" / "wbtui"


NOBODY = """
import os, pwd
from wbtui.storage.files import StorageError
from wbtui.storage.folders import settings_file, state_folder

if os.getuid() == 0:
    os.setuid(next(uid for uid in range(54_321, 60_000) if uid not in {known.pw_uid for known in pwd.getpwall()}))
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        os.environ.pop(name, None)
else:
    os.environ["HOME"] = "relative"
try:
    print(settings_file(), state_folder())
except StorageError as error:
    print(settings_file(), error)
"""


def test_a_user_without_a_home_keeps_nothing() -> None:
    """Root becomes a user that the system does not know; other users can only have a home that is no folder."""
    done = subprocess.run([sys.executable, "-c", NOBODY], env={}, capture_output=True, text=True, check=True)
    assert done.stdout == "None HOME is not set: this session keeps no audit log and remembers nothing\n"
