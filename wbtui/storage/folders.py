"""Where a user's settings and state belong."""

from pathlib import Path

from platformdirs import user_config_path, user_state_path

from wbtui.storage.files import StorageError


def settings_file() -> Path | None:
    """Return where the settings file belongs; None where the user has no home folder."""
    try:
        return user_config_path("wbtui") / "config.toml"
    except RuntimeError:
        return None


def state_folder() -> Path:
    """Return the folder of what is kept between sessions. Raises `StorageError` where the user has no home folder."""
    try:
        return user_state_path("wbtui")
    except RuntimeError:
        raise StorageError("HOME is not set: this session keeps no audit log and remembers nothing") from None
