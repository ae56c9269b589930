"""What every screen, every action and every import has to have."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.pictures import PICTURES
from wbtui.actions import ACTIONS

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "wbtui"
PASSING = {"WaitScreen"}
"""Screens that nobody can take a picture of: they go as their answer comes."""
TESTED_WITH = {
    "ask": "create_form",
    "batch": "rotate_many",
    "change": "use",
    "file": "create_input",
    "handover": "new_name_rotation",
    "help": "keys",
    "review": "new_name_rotation",
    "rotation": "rotate",
    "start": "places",
    "wait": "late_answers",
}
"""Screens that are tested with what opens them, and there."""
SAVING = {"create", "replace", "deploy", "change", "delete", "rotate", "rotate_many", "rotation"}
"""The modules of screens that write to the cluster."""


def trees(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        yield path, ast.parse(path.read_text())


def screens() -> dict[str, str]:
    """Return the screens that can be opened, each with its module."""
    kinds = {kind: path.stem for path, tree in trees(PACKAGE / "screens") for kind in _classes(tree)}
    opened = {name for kind in kinds for name in [kind.name] if name.endswith("Screen")}
    bases = {ast.unparse(base).partition("[")[0] for kind in kinds for base in kind.bases}
    return {kind.name: module for kind, module in kinds.items() if kind.name in opened - bases}


def _classes(tree: ast.Module) -> list[ast.ClassDef]:
    return [node for node in tree.body if isinstance(node, ast.ClassDef)]


def imported(tree: ast.AST) -> set[str]:
    """Return the modules that are imported, wherever in a module."""
    names = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    return names | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def test_every_screen_has_a_picture() -> None:
    assert screens().keys() - PASSING == {picture.of for picture in PICTURES.values()}


def test_every_screen_has_a_test() -> None:
    tests = {module: f"test_{TESTED_WITH.get(module, module)}.py" for module in screens().values()}
    assert [name for name in tests.values() if not (ROOT / "tests" / "screens" / name).is_file()] == []
    assert TESTED_WITH.keys() <= tests.keys()


def test_every_action_that_writes_names_the_right_that_it_needs() -> None:
    """An action that opens a screen that saves has a need, or asks for that of another action."""
    modules = {path.stem: tree for path, tree in trees(PACKAGE / "actions")}
    opens = {
        name: {module.removeprefix("wbtui.screens.") for module in imported(tree)} for name, tree in modules.items()
    }
    for name, tree in modules.items():
        for module in imported(tree):
            opens[name] |= opens.get(module.removeprefix("wbtui.actions."), set())
    writing = {name for name, opened in opens.items() if opened & SAVING} & ACTIONS.keys()
    assert {"create", "delete", "use", "used_by"} <= writing
    for name in writing:
        sources = [modules[name], *(modules[used] for used in opens[name] & modules.keys())]
        asks = any("screen.why_not_allowed(" in ast.unparse(source) for source in sources)
        assert ACTIONS[name].need or asks, f"{name} writes, and names no right that it needs"


def test_every_public_class_has_a_name_of_its_own() -> None:
    places: dict[str, list[str]] = {}
    for path, tree in trees(PACKAGE):
        for kind in _classes(tree):
            places.setdefault(kind.name, []).append(str(path.relative_to(PACKAGE)))
    assert {name: paths for name, paths in places.items() if len(paths) > 1 and not name.startswith("_")} == {}


def test_every_package_that_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    entries = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    declared = {_plain(re.split(r"[<>=]", entry)[0]) for entry in entries}
    packages = {module.partition(".")[0] for _, tree in trees(PACKAGE) for module in imported(tree)}
    others = packages - sys.stdlib_module_names - {"wbtui", ""}
    assert "textual" in others
    owners = {name: {_plain(owner) for owner in packages_distributions()[name]} for name in others}
    assert {name for name, owner in owners.items() if not owner & declared} == set()


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", "-")
