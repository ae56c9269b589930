"""The settings as text, made from their table: a commented configuration file, and a reference."""

import json
from collections.abc import Iterator
from functools import partial
from textwrap import wrap
from typing import Any, NamedTuple, get_args

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from wbtui.storage.settings import ContextSettings, Settings

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
_KINDS: dict[object, str] = {bool: "true or false", float: "duration"}
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


class Setting(NamedTuple):
    """One setting for a reference: the example is as in the file, the flag is empty where there is none."""

    name: str
    kind: str
    meaning: str
    default: str
    example: str
    flag: str = ""


def all_settings() -> Iterator[Setting]:
    """Yield every setting, in the order of the file; those of a context have the name of the table before them."""
    for name, field in Settings.model_fields.items():
        if name == "contexts":
            for inner, its_field in ContextSettings.model_fields.items():
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


def _commented(setting: Setting, name: str) -> str:
    return f"\n{_comment(setting.meaning)}# {name} = {setting.example}\n"


def _comment(text: str) -> str:
    return "".join(f"# {line}\n" for line in wrap(text, _WIDTH))


def _setting(name: str, field: FieldInfo, flag: str = "") -> Setting:
    default = "" if field.default in {None, PydanticUndefined, ""} else as_toml(field.default)
    example = as_toml(field.examples[0]) if field.examples else default or "true"
    if field.default_factory is not None and field.examples and "." not in name:
        default = example
    return Setting(name, _kind(field), field.description or "", default, example, flag)


def _kind(field: FieldInfo) -> str:
    kind = next(iter(get_args(field.annotation)), field.annotation) if field.default is None else field.annotation
    return _KINDS.get(kind, "text")


def other_variable(name: str) -> str:
    """Return the variable of another program that is the default of a setting; empty where there is none."""
    default = Settings.model_fields[name].default_factory
    return str(default.args[0]) if isinstance(default, partial) else ""


def as_toml(value: Any) -> str:
    """Return a value as TOML has it."""
    return json.dumps(value, ensure_ascii=False)
