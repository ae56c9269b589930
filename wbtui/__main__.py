"""The program, as it is started."""

import os
import signal
import sys
from typing import TextIO


def main() -> int:
    """Run wbtui, and return its exit status."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # ignored in the background of a script
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # while it is loaded, ctrl+c ends it without a word
    from wbtui.cli import main as run  # noqa: PLC0415  what it loads is the most of that

    try:
        status = run()
    except SystemExit as ended:  # argparse exits by itself
        status = int(ended.code or 0)
    written = [_is_written(stream, number) for number, stream in ((1, sys.stdout), (2, sys.stderr))]
    return status if all(written) else status or 1


def _is_written(stream: TextIO | None, number: int) -> bool:
    """Write what is left for a stream, and tell whether that was possible."""
    try:
        if stream:
            stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)  # the interpreter would try again, and complain
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
