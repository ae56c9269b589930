"""Prevent core dumps, which would contain credentials and entered values."""

import resource
import sys

_PR_SET_DUMPABLE = 4


def forbid_core_files() -> None:
    """Stop the kernel from writing core files of this process."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))


def forbid_core_dumps() -> None:
    """Make the process undumpable, so that the kernel does not pipe a core to a program either.

    Call it before a credential is in memory.
    """
    import ctypes  # noqa: PLC0415  nothing of it is needed for the first frame

    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0)
