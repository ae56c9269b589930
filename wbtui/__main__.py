"""The program, as it is started."""

import gc
import sys

gc.disable()  # nothing of what is loaded for the first frame is garbage; the application turns it on again

from wbtui.cli import main  # noqa: E402  what it loads is what is meant

if __name__ == "__main__":
    sys.exit(main())
