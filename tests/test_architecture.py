import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LATE = {"httptools", "msgspec", "yaml", "aiohttp", "wbtui.cluster", "wbtui.demo", "wbtui.trying"}
"""What takes long to load, and is not needed to draw the first frame."""
FIRST_SCREENS = {"wbtui.screens.secrets", "wbtui.screens.quitting"}
"""All other screens are loaded later; to quit must be possible at any moment."""

FIRST_FRAME = """
import asyncio, os, sys, threading
from wbtui import arguments, cli
from wbtui.app import Workbench
from wbtui.assembly import Assembly

def tell(app):
    os.write(1, "\\n".join(sys.modules).encode())
    os._exit(0)

run = Workbench.run_async
Workbench.run_async = lambda app, **_: run(app, headless=True)
Workbench.on_ready = tell
Assembly._load = lambda *_: threading.Event().wait()
asyncio.run(cli._run(arguments.parse([])))
"""
"""Starts as the command line does, but for the clusters, which never come."""

STYLES = """
from wbtui.widgets import sheets
print(*sorted(sheets.SHEETS), sep="\\n")
"""


def run(script: str, home: Path, path: Path) -> list[str]:
    """Run a script in a fresh interpreter, with the package in `path`, and return the lines that it prints."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(path)}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, check=False, timeout=60)
    assert not done.returncode, done.stderr
    return done.stdout.splitlines()


def test_the_first_frame_waits_for_nothing_that_takes_long(tmp_path: Path) -> None:
    loaded = set(run(FIRST_FRAME, tmp_path, ROOT))
    assert {"wbtui.app", "wbtui.screens.secrets", "textual.app"} <= loaded
    assert not LATE & loaded
    assert {name for name in loaded if name.startswith("wbtui.screens.")} == FIRST_SCREENS
    assert not {"ctypes", "wbtui.domain.filter_language", "wbtui.domain.usage", "wbtui.domain.references"} & loaded


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel is installed, alone."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=60)
    (wheel,) = folder.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps"]
    subprocess.run([*pip, "--target", str(folder / "site"), str(wheel)], check=True, capture_output=True, timeout=60)
    return folder / "site"


def test_the_styles_are_found_in_a_checkout_and_in_a_wheel(installed: Path, tmp_path: Path) -> None:
    here = sorted(str(path) for path in (ROOT / "styles").glob("*.tcss"))
    assert run(STYLES, tmp_path, ROOT) == here
    there = run(STYLES, tmp_path, installed)
    assert there == [str(installed / "wbtui" / "styles" / Path(path).name) for path in here]
    assert all(Path(path).is_file() for path in there)


def test_a_cluster_needs_neither_a_framework_for_http_nor_a_generated_client(tmp_path: Path) -> None:
    loaded = set(run("import sys\nimport wbtui.cluster.clusters\nprint(*sys.modules, sep='\\n')", tmp_path, ROOT))
    assert "wbtui.http.client" in loaded
    assert not {"kubernetes", "aiohttp", "requests", "urllib3", "http.client", "python_socks", "textual"} & loaded


COMMANDS_ALONE = """
import pkgutil, sys
import wbtui.commands
from importlib import import_module
for module in pkgutil.iter_modules(wbtui.commands.__path__):
    import_module(f"wbtui.commands.{module.name}")
print(*sys.modules, sep="\\n")
"""


def test_a_command_needs_nothing_that_draws_and_starts_with_little(tmp_path: Path) -> None:
    loaded = set(run(COMMANDS_ALONE, tmp_path, ROOT))
    assert "wbtui.commands.get" in loaded
    assert not {"textual", "rich", "aiohttp", "kubernetes", "wbtui.app", "wbtui.widgets", "wbtui.screens"} & loaded
    script = "import sys\nfrom wbtui.cli import main\nmain(['get'])\nprint(*sys.modules, sep='\\n')"
    got = set(run(script, tmp_path, ROOT))
    late = {
        "textual",
        "wbtui.domain.filter_language",
        "wbtui.domain.references",
        "wbtui.cluster.cluster",
        "ctypes.util",
    }
    assert "wbtui.cluster.connection" in got
    assert not late & got


ALL_SCREENS = """
import sys
from wbtui.screens.keys import default_keys
default_keys()
print(*sys.modules, sep="\\n")
"""


def test_what_tries_a_credential_is_loaded_by_no_screen(tmp_path: Path) -> None:
    loaded = set(run(ALL_SCREENS, tmp_path, ROOT))
    assert "wbtui.screens.trial" in loaded
    assert not {name for name in loaded if name.startswith("wbtui.trying")}


REST = """
import sys
from wbtui import assembly
for _ in assembly.load_rest():
    pass
print(*sys.modules, sep="\\n")
"""


def test_what_a_session_may_need_is_loaded_once_there_is_time(tmp_path: Path) -> None:
    loaded = set(run(REST, tmp_path, ROOT))
    package = ROOT / "wbtui"
    needed = {
        f"wbtui.{folder}.{path.stem}"
        for folder in ("domain", "storage", "http", "cluster", "trying", "terminal", "widgets", "screens", "actions")
        for path in (package / folder).glob("[a-z]*.py")
    }
    assert needed <= loaded
    assert not {"aiohttp", "jsonschema", "wbtui.demo", "wbtui.commands", "pymongo", "psycopg"} & loaded


MAY_WORK = {"screens/answers.py", "screens/secrets.py"}
"""What may start workers: what asks for any screen, and the list, which never closes."""


def _names(path: Path) -> set[str]:
    tree = ast.walk(ast.parse(path.read_text()))
    return {
        node.id if isinstance(node, ast.Name) else node.attr
        for node in tree
        if isinstance(node, ast.Name | ast.Attribute)
    }


def test_no_screen_that_closes_waits_for_an_answer_by_itself() -> None:
    """An answer that comes while a screen closes must not touch its widgets: `screens/answers.py` sees to that."""
    package = ROOT / "wbtui"
    modules = [path for folder in ("screens", "widgets") for path in (package / folder).glob("*.py")]
    working = {str(path.relative_to(package)) for path in modules if {"work", "run_worker"} & _names(path)}
    assert working == MAY_WORK


def test_every_screen_that_closes_closes_no_other() -> None:
    package = ROOT / "wbtui" / "screens"
    bases = {
        node.id
        for path in package.glob("*.py")
        for kind in ast.walk(ast.parse(path.read_text()))
        if isinstance(kind, ast.ClassDef)
        for base in kind.bases
        for node in ast.walk(base)
        if isinstance(node, ast.Name) and node.id in {"Screen", "ModalScreen"}
        if path.name not in {"dialog.py", "secrets.py"}
    }
    assert not bases


def test_no_test_module_imports_another_one() -> None:
    imports = {
        (path.name, name.module)
        for path in (ROOT / "tests").rglob("*.py")
        for name in ast.walk(ast.parse(path.read_text()))
        if isinstance(name, ast.ImportFrom) and name.module and name.module.startswith("tests.")
    }
    assert ("test_create.py", "tests.screens.forms") in imports
    assert not {(path, module) for path, module in imports if module.rpartition(".")[2].startswith("test_")}


@pytest.mark.parametrize("package", ["screens", "widgets"])
def test_a_module_of_the_screen_has_at_most_200_lines(package: str) -> None:
    lengths = {path.name: len(path.read_text().splitlines()) for path in (ROOT / "wbtui" / package).glob("*.py")}
    assert lengths
    assert {name: length for name, length in lengths.items() if length > 200} == {}
