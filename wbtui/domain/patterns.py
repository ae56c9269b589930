"""Regular expressions that answer in time: RE2's take longer with the length of a text alone, whatever is typed.

Python's own may try more ways to match than anyone can wait for, and nothing can stop one, not even a signal.
"""

from collections.abc import Callable

import re2


class PatternError(ValueError):
    """A regular expression that does not work; its text says why."""


def searcher(pattern: str) -> Callable[[str], object]:
    """Return what searches a text without regard to case, `^` and `$` being ends of lines. Raises `PatternError`."""
    options = re2.Options()
    options.case_sensitive = False
    options.never_capture = True
    options.log_errors = False
    try:
        search = re2.compile(_encoded(f"(?m){pattern}"), options).search
    except re2.error as error:
        raise PatternError(error.args[0].decode(errors="replace")) from error
    return lambda text: search(_encoded(text))


def _encoded(text: str) -> bytes:
    return text.encode(errors="replace")
