"""What the single file holds, and a check of what was built: `python -m tools.single_file FOLDER`."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

LEFT_OUT = (
    "_pyrepl",
    "_uuid",
    "bz2",
    "curses",
    "doctest",
    "jsonschema.benchmarks",
    "jsonschema.tests",
    "linkify_it",
    "lzma",
    "markdown_it",
    "mdit_py_plugins",
    "mdurl",
    "multiprocessing",
    "pdb",
    "pip",
    "pkg_resources",
    "pydoc",
    "pydoc_data",
    "pyexpat",
    "pygments",
    "readline",
    "setuptools",
    "sqlite3",
    "tkinter",
    "unittest",
    "xml",
    "xmlrpc",
)
"""Modules that a dependency names, and that wbtui never imports."""
DRIVERS = ("pg8000.native", "pymysql", "bson", "scramp")
"""Modules that wbtui imports by name, where they are there."""
DATA = (("styles", "wbtui/styles"), ("wbtui/demo/apiserver/schemas/data", "wbtui/demo/apiserver/schemas/data"))
"""Folders with what is no module, and where they belong."""
_GLIBC = re.compile(r"(ld-linux-.*|lib(c|m|dl|pthread|rt|util|resolv))\.so\.\d+")
_NEEDED = re.compile(r"NEEDED +(\S+)")
_VERSION = re.compile(r"\bGLIBC_(\d+)\.(\d+)")


def foreign_libraries(folder: Path) -> set[str]:
    """Return the libraries that are needed, and neither are in a folder nor belong to glibc.

    What starts the rest, at the top of the folder, begins before anything is unpacked: it has glibc alone.
    """
    inside = {path.name for path in folder.rglob("*")}
    libraries = {
        name
        for path in _programs(folder)
        for name in _NEEDED.findall(_headers(path))
        if path.parent == folder or name not in inside
    }
    return {name for name in libraries if not _GLIBC.fullmatch(name)}


def glibc(folder: Path) -> tuple[int, int]:
    """Return the version of glibc that the programs in a folder need."""
    versions = [(int(major), int(minor)) for path in _programs(folder) for major, minor in _versions(path)]
    return max(versions)


def _programs(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and path.read_bytes()[:4] == b"\x7fELF":
            yield path


def _headers(program: Path) -> str:
    return subprocess.run(["objdump", "-p", str(program)], capture_output=True, text=True, check=True).stdout


def _versions(program: Path) -> list[tuple[str, str]]:
    return _VERSION.findall(_headers(program))


if __name__ == "__main__":
    built = Path(sys.argv[1])
    if foreign := foreign_libraries(built):
        sys.exit(f"{built} needs libraries that it does not have: {', '.join(sorted(foreign))}")
    print("needs glibc {}.{} or later, and nothing else".format(*glibc(built)))
