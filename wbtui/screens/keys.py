"""The keys of all screens, for settings that change them."""

import unicodedata
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import KEY_NAME_REPLACEMENTS, Keys

import wbtui.screens
import wbtui.widgets
from wbtui.domain.keymap import usable
from wbtui.domain.suggestions import did_you_mean, quotable

_MODIFIERS = {"alt", "ctrl", "hyper", "meta", "shift", "super"}
_NAMES = {key.value for key in Keys if key.value.isalnum()} | set(KEY_NAME_REPLACEMENTS.values())
_PALETTE = {"app.palette": frozenset({App.COMMAND_PALETTE_BINDING})}
"""Textual's own, which has no id."""


def keymap_of(settings: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return what can be used of keys by the ids of actions, as Textual takes it, and sentences about the rest."""
    wanted, problems = {}, []
    for id_, text in settings.items():
        keys = {name: _canonical(name) for name in map(str.strip, text.split(","))}
        unknown = [name for name, key in keys.items() if not key]
        problems += [f'{quotable(id_)}: unknown key "{quotable(name)}"{did_you_mean(name, _NAMES)}' for name in unknown]
        if not unknown:
            wanted[id_] = frozenset(keys.values())
    chosen, more = usable(wanted, default_keys())
    return {id_: ",".join(sorted(keys)) for id_, keys in chosen.items()}, problems + more


def default_keys() -> dict[str, frozenset[str]]:
    """Return the keys of every action that has an id."""
    keys: dict[str, frozenset[str]] = dict(_PALETTE)
    for binding in all_bindings():
        keys[binding.id or ""] = keys.get(binding.id or "", frozenset()) | {binding.key}
    return keys


def all_bindings() -> Iterator[Binding]:
    """Yield the binding of each key of every action that has an id."""
    for package in (wbtui.screens, wbtui.widgets):
        _import_all(package)
    yield from (binding for binding in _bindings(DOMNode) if binding.id)


def key_rows() -> list[tuple[str, tuple[str, ...], str]]:
    """Return the id of each action, its keys, and what it does, by id; those of the app only once that is imported."""
    meanings = {binding.id or "": binding.tooltip or binding.description for binding in all_bindings()}
    meanings["app.palette"] = "Every action by name"
    keys = default_keys()
    return [(id_, tuple(sorted(keys[id_])), meanings[id_]) for id_ in sorted(meanings)]


def _import_all(package: ModuleType) -> None:
    for module in iter_modules(package.__path__, f"{package.__name__}."):
        import_module(module.name)


def _bindings(node: type[DOMNode]) -> Iterator[Binding]:
    for kind in node.__subclasses__():
        if kind.__module__.startswith("wbtui."):
            yield from Binding.make_bindings(vars(kind).get("BINDINGS", []))
        yield from _bindings(kind)


def _canonical(name: str) -> str:
    """Return Textual's name of a key; empty where there is no such key."""
    if len(name) == 1:
        return next(iter(Binding.make_bindings([Binding(name, "")]))).key
    *modifiers, key = name.lower().split("+")
    if modifiers == ["shift"] and len(key) == 1 and key.isalpha():
        return key.upper()
    return name.lower() if _MODIFIERS.issuperset(modifiers) and _is_key(key) else ""


def _is_key(name: str) -> bool:
    if len(name) == 1 or name in _NAMES:
        return True
    try:
        return unicodedata.lookup(name.replace("_", " ")).isprintable()
    except KeyError:
        return False
