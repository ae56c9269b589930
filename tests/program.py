"""The program that the tests start: this checkout, or what `WBTUI_PROGRAM` names, such as the single file."""

import os
import shlex
import sys

PROGRAM = [os.environ["WBTUI_PROGRAM"]] if "WBTUI_PROGRAM" in os.environ else [sys.executable, "-m", "wbtui"]
IN_A_SHELL = shlex.join(PROGRAM)
