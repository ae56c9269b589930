"""The single file: what it leaves out, and what its programs see; also run from it, by `make single`."""

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.cluster.conftest import kubeconfig_of, written
from tests.program import PROGRAM
from tools.single_file import DATA, DRIVERS, LEFT_OUT
from wbtui.commands.doctor.program import PACKAGES

ROOT = Path(__file__).parent.parent
REFUSE = """
import importlib, pkgutil, sys
left_out, drivers = sys.argv[1].split(), sys.argv[2].split()
for name in left_out:
    sys.modules[name] = None  # an import of it is an ImportError
import wbtui
names = [module.name for module in pkgutil.walk_packages(wbtui.__path__, "wbtui.")]
for name in [*(name for name in names if name != "wbtui.__main__"), *drivers]:
    importlib.import_module(name)
print(len(names))
"""


def test_what_it_leaves_out_is_never_imported() -> None:
    command = [sys.executable, "-c", REFUSE, " ".join(LEFT_OUT), " ".join(DRIVERS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    assert int(done.stdout) > 200


def test_it_takes_along_what_is_no_module() -> None:
    files = [path for path in (ROOT / "wbtui").rglob("*") if path.suffix in {".gz", ".json", ".tcss", ".txt"}]
    files += (ROOT / "styles").iterdir()
    assert len(files) > 10
    assert [path for path in files if not any(path.is_relative_to(ROOT / source) for source, _ in DATA)] == []


def test_it_knows_the_versions_that_a_bug_report_needs(tmp_path: Path) -> None:
    given = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    done = subprocess.run(
        [*PROGRAM, "doctor", "-o", "json"], env=given, capture_output=True, text=True, check=False, timeout=60
    )
    told = json.loads(done.stdout)["program"]
    assert {package: told[package] for package in PACKAGES} == {package: version(package) for package in PACKAGES}


@pytest.mark.parametrize("libraries", ["", "/opt/of/the/user"])
def test_a_credential_plugin_gets_the_environment_of_the_user(tmp_path: Path, libraries: str) -> None:
    plugin = tmp_path / "plugin"
    plugin.write_text(f"#!/bin/sh\nenv > {tmp_path}/seen\nexit 1\n")
    plugin.chmod(0o700)
    user = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": str(plugin)}}
    kubeconfig = written(tmp_path, kubeconfig_of("http://127.0.0.1:1", user))
    given = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    given |= {"LD_LIBRARY_PATH": libraries} if libraries else {}
    done = subprocess.run(
        [*PROGRAM, "get", "--kubeconfig", kubeconfig], env=given, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 4
    seen = dict(line.split("=", 1) for line in (tmp_path / "seen").read_text().splitlines())
    assert seen.get("LD_LIBRARY_PATH", "") == libraries
    assert {name for name in seen.keys() - given.keys() if "PYI" in name or "MEI" in name} == set()
