"""Refuse to load a part of another version, where the program is replaced on disk while it runs."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

from wbtui.errors import ProgramReplaced

_OURS = "wbtui."
_State: TypeAlias = "tuple[int, ...] | None"
"""What tells one file from another that has taken its place; None where there is none."""


def watch() -> None:
    """Raise `ProgramReplaced` from every further import of a module that was replaced or deleted on disk."""
    sys.meta_path.insert(0, _Changed())
    sys.meta_path.append(_Missing())


class _Changed:
    """Goes before all finders: lets no package load a module once another version of it was installed."""

    def __init__(self) -> None:
        self._states = {name: _state_of(package) for name, package in _packages()}

    def find_spec(self, name: str, *_: object) -> None:
        top, dot, _rest = name.partition(".")
        if not dot or top not in sys.modules or top in sys.stdlib_module_names:
            return
        state = _state_of(sys.modules[top])
        if self._states.setdefault(top, state) != state:
            raise ProgramReplaced


class _Missing:
    """Goes after all finders: what they have not found of wbtui was deleted."""

    def find_spec(self, name: str, *_: object) -> None:
        if name.startswith(_OURS):
            raise ProgramReplaced


def _packages() -> Iterator[tuple[str, ModuleType]]:
    for name, module in sys.modules.items():
        if "." not in name and hasattr(module, "__path__"):
            yield name, module


def _state_of(package: ModuleType) -> _State:
    # A program in a single file reads its modules from that file.
    path = sys.executable if getattr(sys, "frozen", False) else package.__file__
    try:
        found = Path(path or "").stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
