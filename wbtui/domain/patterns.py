"""Regular expressions in linear time, by RE2.

Python's own can take exponential time, and then not even a signal stops them.
"""

from collections.abc import Callable

import re2


class PatternError(ValueError):
    """An invalid regular expression; the text says why."""


def searcher(pattern: str) -> Callable[[str], object]:
    """Return a function that searches a text. Case is ignored; `^` and `$` match at lines. Raises `PatternError`."""
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
