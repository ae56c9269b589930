"""The settings: flags override environment variables, which override the settings file."""

import json
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, InitSettingsSource, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from wbtui.domain.decoding import decoded_text
from wbtui.domain.durations import seconds
from wbtui.domain.prefixes import Prefixes
from wbtui.domain.suggestions import did_you_mean, shown
from wbtui.domain.text import plain
from wbtui.domain.theme_names import AUTO, MORE_THEMES, OWN_THEMES, THEME_NAMES
from wbtui.domain.trials import HUGGING_FACE, TrialOptions
from wbtui.errors import SettingsError
from wbtui.storage.files import StorageError, read_trusted
from wbtui.storage.folders import settings_file

_PREFIX = "WBTUI_"
_LARGEST = 2**20
_ENVIRONMENT = "the environment"


def _join_names(keys: Any) -> Any:
    """Join nested tables to ids: TOML reads `secret.details = …` without quotes as a table in a table."""
    if not isinstance(keys, dict):
        return keys
    tables = {name: value for name, value in keys.items() if isinstance(value, dict)}
    joined = {f"{name}.{rest}": value for name, table in tables.items() for rest, value in table.items()}
    return {name: value for name, value in keys.items() if name not in tables} | joined


def _variable(name: str, default: str) -> str:
    return os.environ.get(name) or default


def _duration(value: Any) -> float:
    return seconds(f"{value}s" if isinstance(value, float) else str(value))


def _theme(name: str) -> str:
    if name not in THEME_NAMES:
        raise ValueError(
            f"it must be {', '.join(THEME_NAMES[:4])} or the name of another theme{did_you_mean(name, THEME_NAMES)}"
        )
    return name


def _names(value: Any) -> Any:
    return value.replace(",", " ").split() if isinstance(value, str) else value


Duration = Annotated[float, BeforeValidator(_duration)]
"""Seconds, in the format of kubectl's `--request-timeout`."""


class ContextSettings(BaseModel):
    """The settings of one context."""

    model_config = ConfigDict(extra="forbid")

    read_only: bool = Field(default=False, description="Send nothing that changes the cluster.")
    protected: bool = Field(default=False, description="Show a badge, and want the name typed before a deletion.")
    try_credentials: bool = Field(
        default=True, description="Let a key of the forms try a credential; takes precedence over the setting for all."
    )


class Settings(BaseSettings):
    """All settings. In environment variables, their names begin with WBTUI_."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_ignore_empty=True, extra="forbid", hide_input_in_errors=True
    )

    kubeconfig: str | None = Field(
        default=None,
        description="The kubeconfig files, separated as in KUBECONFIG. Without it, those that kubectl would use.",
        examples=["~/.kube/config"],
    )
    context: str | None = Field(
        default=None,
        description="The context to begin with. Without it, the current one of the kubeconfig.",
        examples=["production"],
    )
    namespace: str | None = Field(
        default=None,
        description="The project (namespace) to begin with. Without it, the last one in this context.",
        examples=["team-a"],
    )
    impersonate: str = Field(default="", description="Act as this user, where you may.", examples=["jane@example.com"])
    request_timeout: Duration = Field(
        default=30.0, description="Give up on a request after this long; 0 is never.", examples=["30s"]
    )
    read_only: bool = Field(default=False, description="Send nothing that changes a cluster.")
    metadata_prefix: str = Field(
        default_factory=partial(_variable, "EAI_APPS_METADATA_PREFIX", Prefixes().apps),
        min_length=1,
        description="The prefix of the use case and the submitter; also read from EAI_APPS_METADATA_PREFIX.",
        examples=[Prefixes().apps],
    )
    workbench_prefix: str = Field(
        default_factory=partial(_variable, "AIWB_METADATA_PREFIX", Prefixes().workbench),
        min_length=1,
        description="The prefix of the display name; also read from AIWB_METADATA_PREFIX.",
        examples=[Prefixes().workbench],
    )
    email: str = Field(
        default="",
        description="The creator that is written into what you create. Without it, the user that the cluster sees.",
        examples=["you@example.com"],
    )
    try_credentials: bool = Field(
        default=True,
        description="Let a key of the forms send what you enter to the service that it is for, to try it.",
    )
    hugging_face: str = Field(
        default_factory=partial(_variable, "HF_ENDPOINT", HUGGING_FACE),
        min_length=1,
        description="The address of Hugging Face, or of a mirror; also read from HF_ENDPOINT.",
        examples=[HUGGING_FACE],
    )
    mouse: bool = Field(
        default=True, description="Use the mouse. Without it, the terminal uses the mouse to select text."
    )
    theme: Annotated[str, AfterValidator(_theme)] = Field(
        default=AUTO,
        description=f"The colors: {AUTO} depends on the terminal, plain uses the terminal's own colors. Or one of"
        f" {', '.join((*OWN_THEMES[:2], *MORE_THEMES))}.",
    )
    columns: Annotated[list[str], NoDecode, BeforeValidator(_names)] = Field(
        default_factory=list,
        description="The columns of the list, in this order; label:KEY shows a label.",
        examples=[["use-case", "keys", "creator", "changed", "label:team", "state"]],
    )
    contexts: dict[str, ContextSettings] = Field(
        default_factory=dict, description="The settings of single contexts, by their names."
    )
    keys: Annotated[dict[str, str], BeforeValidator(_join_names)] = Field(
        default_factory=dict, description="The keys of actions, by the ids of the actions.", examples=["enter,i"]
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources in order of precedence: flags, environment, settings file."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, InitSettingsSource(settings_cls, _read_file(settings_file()))


def read_settings(flags: Mapping[str, Any]) -> Settings:
    """Return the settings; `flags` are those from the command line. Raises `SettingsError` with all mistakes."""
    problems = list(_environment_problems(os.environ))
    if any(problem.place != _ENVIRONMENT for problem in problems):
        raise SettingsError(_sentence(problems))  # pydantic stops at what is not JSON
    try:
        settings = Settings(**flags)
    except ValidationError as error:
        raise SettingsError(_sentence([*problems, *map(_problem, error.errors())])) from error
    except StorageError as error:
        raise SettingsError(str(error)) from error
    except RecursionError as error:
        raise SettingsError(f"{settings_file()}: it is nested too deeply") from error
    if problems:
        raise SettingsError(_sentence(problems))
    return settings


def trial_options(settings: Settings) -> TrialOptions:
    """Return whether and how credentials may be tried."""
    return TrialOptions(settings.try_credentials, settings.hugging_face)


def unknown_contexts(settings: Settings, contexts: Iterable[str]) -> Iterator[str]:
    """Yield a sentence for each context in the settings that is not in `contexts`."""
    known = set(contexts)
    for name in settings.contexts:
        if name not in known:
            hint = did_you_mean(name, known)
            yield f'The kubeconfig has no context "{shown(name)}"{hint}: what is set for it has no effect'


def _read_file(path: Path | None) -> dict[str, Any]:
    content = (read_trusted(path, _LARGEST) if path else None) or b""
    try:
        return tomllib.loads(decoded_text(content))
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: it is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: it is not valid TOML: {plain(str(error))}") from error


class _Problem(NamedTuple):
    place: str
    words: str


def _sentence(problems: Iterable[_Problem]) -> str:
    by_place: dict[str, list[str]] = {}
    for problem in problems:
        by_place.setdefault(problem.place, []).append(problem.words)
    return "; ".join(f"{place}: {'; '.join(words)}" for place, words in by_place.items())


def _environment_problems(environment: Mapping[str, str]) -> Iterator[_Problem]:
    known = {f"{_PREFIX}{name.upper()}" for name in Settings.model_fields}
    for name, value in environment.items():
        if name.upper().startswith(_PREFIX) and name.upper() not in known:
            yield _Problem(_ENVIRONMENT, f"unknown variable {shown(name)}{did_you_mean(name, known)}")
        elif value and name.upper() in {f"{_PREFIX}CONTEXTS", f"{_PREFIX}KEYS"} and not _is_table(value):
            yield _Problem(name, "it must be a JSON object")


def _is_table(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


_WORDS = {
    "string_type": "it must be text in quotes",
    "bool_type": "it must be true or false",
    "bool_parsing": "it must be true or false",
    "dict_type": "it must be a table",
    "model_type": "it must be a table",
    "string_too_short": "it must not be empty",
}
"""Messages by pydantic's types of errors."""


def _problem(error: ErrorDetails) -> _Problem:
    first, *_ = path = [str(part) for part in error["loc"]]
    name = shown(".".join(path))
    variable = f"{_PREFIX}{first.upper()}"
    place = variable if os.environ.get(variable) else str(settings_file())
    if error["type"] == "extra_forbidden":
        return _Problem(place, f'unknown setting "{name}"{_hint(path, error["input"])}')
    if error["type"] == "value_error":
        return _Problem(place, f"{name}: {error['ctx']['error']}")
    return _Problem(place, f"{name}: {_WORDS.get(error['type'], error['msg'])}")


def _hint(path: list[str], value: Any) -> str:
    if len(path) > 1 and isinstance(value, dict):
        return f' (a name with dots needs quotes: [contexts."{shown(".".join(path[1:]))}"])'
    return did_you_mean(path[-1], (Settings if len(path) == 1 else ContextSettings).model_fields)
