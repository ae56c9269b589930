"""The exit codes of commands."""

DONE = 0
FAILED = 1
"""The cluster refused it, or something failed."""
WRONG_USE = 2
FOUND = 3
"""With `--fail`: there is what was looked for."""
LOGIN_NEEDED = 4
SIGNALLED = 128
"""The least of the codes for signals: each adds its number, as in 130 for ctrl+c."""
EXIT_CODES = (
    "Exit code: 0 done, 1 refused or failed, 2 wrong use, 3 found with --fail, 4 login needed, 130 interrupted."
)
