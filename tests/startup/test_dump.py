"""No core of a process that holds credentials: neither as a file nor for a program that the kernel starts."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_TELL = """
import ctypes, resource
from wbtui.startup.dump import forbid_core_dumps, forbid_core_files
forbid_core_files()
forbid_core_dumps()
print(resource.getrlimit(resource.RLIMIT_CORE)[0], ctypes.CDLL(None).prctl(3))  # PR_GET_DUMPABLE
"""


def test_the_kernel_keeps_no_core() -> None:
    told = subprocess.run([sys.executable, "-c", _TELL], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["0", "0"]
