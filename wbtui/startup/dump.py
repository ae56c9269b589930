"""Core files, which hold all that is in memory: credentials and typed values, too."""

import resource
import sys

_PR_SET_DUMPABLE = 4


def forbid_core_files() -> None:
    """Have the kernel write no core file of this process."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))


def forbid_core_dumps() -> None:
    """Make the process undumpable: no program is handed a core either, for which there is no limit.

    To be called before there is a credential in memory.
    """
    import ctypes  # noqa: PLC0415  nothing of it is needed for the first frame

    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0)
