"""The folders of the user's settings and state."""

from collections.abc import Callable
from pathlib import Path

from platformdirs import user_cache_path, user_config_path, user_state_path

from wbtui.storage.files import StorageError


def settings_file() -> Path | None:
    """Return the path of the settings file; None where the user has no home folder."""
    folder = _absolute(user_config_path)
    return folder / "config.toml" if folder else None


def state_folder() -> Path:
    """Return the folder for state that is kept between sessions. Raises `StorageError` without a home folder."""
    if folder := _absolute(user_state_path):
        return folder
    raise StorageError("HOME is not set: this session keeps no audit log and remembers nothing")


def cache_folder() -> Path | None:
    """Return the folder for files that can be made again at any time; None where the user has no home folder."""
    return _absolute(user_cache_path)


def _absolute(find: Callable[[str], Path]) -> Path | None:
    try:
        folder = find("wbtui")
    except RuntimeError:
        return None
    return folder if folder.is_absolute() else None
