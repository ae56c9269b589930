"""The settings as text, made from their table: a commented configuration file, and a reference."""

import json
from collections.abc import Iterator
from textwrap import wrap
from typing import Any, NamedTuple

from wbtui.storage import settings_table
from wbtui.storage.settings import Settings
from wbtui.storage.settings_table import CONTEXT_SETTINGS, SETTINGS

_WIDTH = 100
_FLAGS = {
    "kubeconfig": "--kubeconfig",
    "context": "--context",
    "namespace": "-n, --namespace",
    "impersonate": "--as",
    "request_timeout": "--request-timeout",
    "read_only": "--read-only",
    "mouse": "--no-mouse",
}
_KINDS: dict[settings_table.Check, str] = {
    settings_table.true_or_false: "true or false",
    settings_table.duration: "duration",
}
"""By the check of a setting."""
_BEGIN = """\
# Settings of wbtui. A line that begins with # has no effect: remove the # of a setting to use it.
# Environment variables (WBTUI_ and the name in capitals) take precedence over this file, and flags over both.
"""
_TABLES = """\

# [contexts.production]
{contexts}

# [keys]
# "secret.details" = "enter,i"
"""


class SettingReference(NamedTuple):
    """One setting for a reference: the example is as in the file, the flag is empty where there is none."""

    name: str
    kind: str
    meaning: str
    default: str
    example: str
    flag: str = ""


def all_settings() -> Iterator[SettingReference]:
    """Yield every setting, in the order of the file; those of a context have the name of the table before them."""
    for name, field in SETTINGS.items():
        if name == "contexts":
            for inner, its_field in CONTEXT_SETTINGS.items():
                yield _setting(f"contexts.NAME.{inner}", its_field)
        else:
            yield _setting(f"{name}.ID" if name == "keys" else name, field, _FLAGS.get(name, ""))


def commented_file() -> str:
    """Return a configuration file in which every setting is explained, and none is set."""
    settings = list(all_settings())
    plain = "".join(_commented(setting, setting.name) for setting in settings if "." not in setting.name)
    inner = [setting for setting in settings if setting.name.startswith("contexts.")]
    contexts = "".join(_commented(setting, setting.name.rpartition(".")[2]) for setting in inner)
    keys = next(setting for setting in settings if setting.name.startswith("keys."))
    head, _, tail = _TABLES.partition("# [keys]")
    return f"{_BEGIN}{plain}{head.format(contexts=contexts.strip())}{_comment(keys.meaning)}# [keys]{tail}"


def _commented(setting: SettingReference, name: str) -> str:
    return f"\n{_comment(setting.meaning)}# {name} = {setting.example}\n"


def _comment(text: str) -> str:
    return "".join(f"# {line}\n" for line in wrap(text, _WIDTH))


def _setting(name: str, setting: settings_table.Setting, flag: str = "") -> SettingReference:
    default = "" if setting.default in (None, "", {}, []) else as_toml(setting.default)
    example = as_toml(setting.example) if setting.example else default or "true"
    return SettingReference(name, _KINDS.get(setting.check, "text"), setting.meaning, default, example, flag)


def as_toml(value: Any) -> str:
    """Return a value as TOML has it."""
    return json.dumps(value, ensure_ascii=False)


def plain_values(settings: Settings) -> dict[str, Any]:
    """Return the value of each setting as JSON has it, by its name."""
    values = {name: value for name, value in settings._asdict().items() if name in SETTINGS}
    contexts = {
        name: {inner: getattr(context, inner) for inner in CONTEXT_SETTINGS}
        for name, context in settings.contexts.items()
    }
    return values | {"contexts": contexts}
