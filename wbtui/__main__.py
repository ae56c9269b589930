"""The program, as it is started."""

import signal
import sys


def main() -> int:
    """Run wbtui, and return its exit status."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # while it is loaded, ctrl+c ends it without a word
    from wbtui.cli import main as run  # noqa: PLC0415  what it loads is the most of that

    return run()


if __name__ == "__main__":
    sys.exit(main())
