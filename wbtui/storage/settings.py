"""The settings: flags override environment variables, which override the settings file."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from wbtui.domain.decoding import decoded_text
from wbtui.domain.suggestions import did_you_mean, quotable
from wbtui.domain.text import plain
from wbtui.domain.trials import TrialOptions
from wbtui.errors import SettingsError
from wbtui.storage.files import StorageError, read_trusted
from wbtui.storage.folders import settings_file
from wbtui.storage.settings_table import CONTEXT_SETTINGS, SETTINGS, ContextSettings, Mistake, Mistakes, checked

_PREFIX = "WBTUI_"
_LARGEST = 2**20
_ENVIRONMENT = "the environment"
_TABLES = {"contexts", "keys"}
"""Settings whose variables hold JSON."""


class Settings(NamedTuple):
    """All settings; `given` are the names of those that are set. The table of settings says what each is for."""

    kubeconfig: str | None
    context: str | None
    namespace: str | None
    impersonate: str
    request_timeout: float
    read_only: bool
    metadata_prefix: str
    workbench_prefix: str
    email: str
    try_credentials: bool
    hugging_face: str
    mouse: bool
    theme: str
    columns: list[str]
    ignored_checks: list[str]
    contexts: Mapping[str, ContextSettings]
    keys: Mapping[str, str]
    given: frozenset[str]


def read_settings(flags: Mapping[str, Any]) -> Settings:
    """Return the settings; `flags` are those from the command line. Raises `SettingsError` with all mistakes."""
    problems = list(_unknown_variables(os.environ))
    set_there, not_json = _variables(os.environ)
    if not_json:
        raise SettingsError(_sentence([*problems, *not_json]))
    try:
        content = _merged(_read_file(settings_file()), set_there, flags)
        defaults = {name: _default(name) for name in SETTINGS}
        settings = Settings(**checked(SETTINGS, content, defaults), given=frozenset(content))
    except Mistakes as error:
        problems += map(_problem, error.mistakes)
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
            yield f'The kubeconfig has no context "{quotable(name)}"{hint}: what is set for it has no effect'


def _default(name: str) -> Any:
    setting = SETTINGS[name]
    return os.environ.get(setting.variable) or setting.default if setting.variable else setting.default


def _read_file(path: Path | None) -> dict[str, Any]:
    content = (read_trusted(path, _LARGEST) if path else None) or b""
    if not content:
        return {}
    import tomllib  # noqa: PLC0415  few have such a file

    try:
        found = tomllib.loads(decoded_text(content))
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: it is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: it is not valid TOML: {plain(str(error))}") from error
    return {name.lower() if name.lower() in SETTINGS else name: value for name, value in found.items()}


class _Problem(NamedTuple):
    place: str
    words: str


def _variables(environment: Mapping[str, str]) -> tuple[dict[str, Any], list[_Problem]]:
    """Return what variables set, by the names of the settings, and a problem for each that should be JSON."""
    found: dict[str, Any] = {}
    not_json: list[_Problem] = []
    for variable, text in environment.items():
        name = variable.upper().removeprefix(_PREFIX).lower()
        if not text or not variable.upper().startswith(_PREFIX) or name not in SETTINGS:
            continue
        found[name] = _from_json(text) if name in _TABLES else text
        if found[name] is None:
            not_json.append(_Problem(variable, "it must be a JSON object"))
    return found, not_json


def _from_json(text: str) -> dict[str, Any] | None:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _unknown_variables(environment: Mapping[str, str]) -> Iterator[_Problem]:
    known = {f"{_PREFIX}{name.upper()}" for name in SETTINGS}
    for name in environment:
        if name.upper().startswith(_PREFIX) and name.upper() not in known:
            yield _Problem(_ENVIRONMENT, f"unknown variable {quotable(name)}{did_you_mean(name, known)}")


def _merged(*sources: Mapping[str, Any]) -> dict[str, Any]:
    """Return what all sources set, where a later one overrides, table by table."""
    merged: dict[str, Any] = {}
    for source in sources:
        for name, value in source.items():
            before = merged.get(name)
            both = isinstance(before, dict) and isinstance(value, dict)
            merged[name] = _merged(before, value) if both and before is not None else value
    return merged


def _sentence(problems: Iterable[_Problem]) -> str:
    by_place: dict[str, list[str]] = {}
    for problem in problems:
        by_place.setdefault(problem.place, []).append(problem.words)
    return "; ".join(f"{place}: {'; '.join(words)}" for place, words in by_place.items())


def _problem(mistake: Mistake) -> _Problem:
    variable, name = f"{_PREFIX}{mistake.path[0].upper()}", quotable(".".join(mistake.path))
    place = variable if os.environ.get(variable) else str(settings_file())
    if mistake.words:
        return _Problem(place, f"{name}: {mistake.words}")
    return _Problem(place, f'unknown setting "{name}"{_hint(mistake)}')


def _hint(mistake: Mistake) -> str:
    _, *inner = mistake.path
    if inner and isinstance(mistake.value, dict):
        return f' (a name with dots needs quotes: [contexts."{quotable(".".join(inner))}"])'
    return did_you_mean(mistake.path[-1], CONTEXT_SETTINGS if inner else SETTINGS)
