"""The program, as it is started."""

import gc
import sys


def main() -> int:
    """Run wbtui, and return its exit status."""
    gc.disable()  # nothing of what is loaded for the first frame is garbage; the application turns it on again
    from wbtui.cli import main as run  # noqa: PLC0415  what it loads is the most of that

    return run()


if __name__ == "__main__":
    sys.exit(main())
