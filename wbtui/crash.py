import os
import sys
import traceback
from pathlib import Path

_PACKAGE = Path(__file__).parent


def crash_report() -> str:
    """Return where the exception that is being handled was raised: files, lines and functions, and nothing else."""
    kind, _, trace = sys.exc_info()
    frames = [
        f"  {os.path.relpath(frame.filename, _PACKAGE.parent)}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(trace)
    ]
    name = kind.__name__ if kind else "unknown error"
    return "\n".join(["wbtui stopped because of a mistake in it. Please report these lines:", *frames, name])
