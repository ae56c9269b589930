import os
import sys
import traceback
from pathlib import Path

from wbtui.errors import ProgramReplaced

_PACKAGE = Path(__file__).parent.parent


def crash_report() -> str:
    """Return where the exception being handled was raised: files, lines, functions and its type; no values."""
    kind, error, trace = sys.exc_info()
    if isinstance(error, ProgramReplaced):
        return f"{error}. Start it again."
    frames = [
        f"  {os.path.relpath(frame.filename, _PACKAGE.parent)}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(trace)
    ]
    name = kind.__name__ if kind else "unknown error"
    return "\n".join(["wbtui stopped because of a bug in it. Please report these lines:", *frames, name])
