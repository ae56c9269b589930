"""What a person has set: flags over environment over the settings file."""

import os
import re
from pathlib import Path
from typing import Annotated, Any

from platformdirs import user_config_path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource
from pydantic_settings.exceptions import SettingsError as Unreadable

from wbtui.repository import SettingsError

_SECONDS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "ms": 0.001}


def _duration(said: Any) -> Any:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s|m|h|)", str(said))
    if not match:
        raise ValueError("a duration is a number and one of ms, s, m, h, as in 30s")
    return float(match[1]) * _SECONDS[match[2]]


def settings_file() -> Path:
    """Return where the settings file belongs."""
    return user_config_path("wbtui") / "config.toml"


def _workbench_prefix() -> str:
    return os.environ.get("EAI_APPS_METADATA_PREFIX") or "airm.silogen.ai"


Duration = Annotated[float, BeforeValidator(_duration)]
"""Seconds, written as kubectl's flags are."""


class ContextSettings(BaseModel):
    """What can be set for one context: that nothing may be written there, or that a delete wants more care."""

    model_config = ConfigDict(extra="forbid")

    read_only: bool = False
    protected: bool = False


class Settings(BaseSettings):
    """Everything that can be set; the environment says it with WBTUI_ before the name."""

    model_config = SettingsConfigDict(
        env_prefix="WBTUI_", env_ignore_empty=True, extra="forbid", hide_input_in_errors=True
    )

    kubeconfig: str | None = None
    context: str | None = None
    namespace: str | None = None
    impersonate: str = ""
    request_timeout: Duration = 30.0
    read_only: bool = False
    metadata_prefix: str = Field(default_factory=_workbench_prefix, min_length=1)
    email: str = ""
    """Whom the Workbench names as the creator of what is made here."""
    contexts: dict[str, ContextSettings] = Field(default_factory=dict)
    """What holds for single contexts, by their names."""
    keys: dict[str, str] = Field(default_factory=dict)
    """Keys by the id of what they do, as the help names it."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Ask flags first, then the environment, then the settings file."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, settings_file())


def read_settings(flags: dict[str, Any]) -> Settings:
    """Return the settings; `flags` are those that were given. Raises `SettingsError`."""
    try:
        return Settings(**flags)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, part['loc']))}: {part['msg']}" for part in error.errors())
        raise SettingsError(f"the settings do not work: {wrong}") from None
    except Unreadable as error:
        raise SettingsError(f"the environment does not work: {error}") from None
    except (OSError, ValueError) as error:
        raise SettingsError(f"the settings file {settings_file()} cannot be read: {_why(error)}") from None


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
