"""Put the wheels that running needs into a folder, for every Python: `python -m tools.wheelhouse FOLDER WHEEL`.

On a host without internet: `pip install --no-index --find-links . --require-hashes --requirement requirements.txt`.
"""

import platform
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from wbtui import __version__

LOCK = Path(__file__).parents[1] / "requirements-run.lock"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
GLIBC = ("2_17", "2_26", "2_27", "2_28", "2_31", "2_34")
"""Versions of glibc that wheels may ask for: those of Red Hat Enterprise Linux 9, and older ones."""


def fill(folder: Path, wheel: Path) -> None:
    """Download the wheels for each Python, and write `requirements.txt` with the hashes of all, wbtui's too."""
    for python in PYTHONS:
        _download(folder, python)
    shutil.copy(wheel, folder)
    own = f"wbtui=={__version__} --hash=sha256:{sha256(wheel.read_bytes()).hexdigest()}\n"
    (folder / "requirements.txt").write_text(LOCK.read_text() + own)


def _download(folder: Path, python: str) -> None:
    platforms = [f"--platform=manylinux_{glibc}_{platform.machine()}" for glibc in GLIBC]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--require-hashes", "--only-binary=:all:", f"--python-version={python}", *platforms]
    subprocess.run([*command, "--platform=manylinux2014_x86_64", "--dest", str(folder), "-r", str(LOCK)], check=True)


if __name__ == "__main__":
    fill(Path(sys.argv[1]), Path(sys.argv[2]))
