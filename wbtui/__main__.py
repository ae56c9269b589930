"""The program, as it is started."""

import sys

from wbtui.cli import main

if __name__ == "__main__":
    sys.exit(main())
