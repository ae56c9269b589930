"""The parts of the program that no frame has needed yet."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

_PACKAGES = ("domain", "storage", "http", "cluster", "trying", "terminal", "widgets", "screens", "actions")
"""From the bottom up, so that a module finds loaded what it needs: each step is short."""
_LIBRARIES = ("pyperclip",)
"""What is imported in the middle of a function, and of no module above."""


def load_rest() -> Iterator[str]:
    """Load all that a session may need, and yield the name of each module once it is loaded.

    The embedded cluster and the drivers of databases are left out: few sessions need them, and they are large.
    Raises `ProgramReplaced`.
    """
    for name in _names():
        if name not in sys.modules:
            import_module(name)
            yield name


def _names() -> Iterator[str]:
    for package in _PACKAGES:
        folder = import_module(f"wbtui.{package}").__path__
        yield from (module.name for module in iter_modules(folder, f"wbtui.{package}."))
    yield from _LIBRARIES
