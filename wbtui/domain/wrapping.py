"""Values that were copied together with what is around them: a variable's name, `export`, quotation marks."""

import re
from collections.abc import Iterator

_QUOTES = "\"'`\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
# Patterns are strings, so that they are compiled on first use, after the first frame.
_ASSIGNMENT = r"""(?xs)
    (?:-\s+)?                                       # an entry of a list in YAML
    (?:(?:export|declare\s+-x|set|setx|ENV)\s+)?
    (?:\$env:)?                                     # PowerShell
    ["']?[A-Za-z_][\w.-]*["']?
    (?:\s*=(?!=)\s*|\s*:\s+)                        # not the end of base64, nor the colon behind the scheme of a URL
    (.+)
"""


def inner_values(text: str) -> Iterator[str]:
    """Yield what `text` is without quotation marks, and the value in it where it is `export NAME="value"` or the like.

    Nothing is yielded where there are neither quotation marks nor a name.
    """
    stripped = text.strip()
    if (inner := _unquoted(stripped)) != stripped:
        yield inner
    if assignment := re.fullmatch(_ASSIGNMENT, stripped):
        yield _unquoted(assignment[1])


def _unquoted(text: str) -> str:
    if text[:1] in _QUOTES:
        return text.rstrip(",;").strip(_QUOTES)
    # At the end alone it was copied by mistake; together with another one it belongs to a part of the text.
    return text[:-1] if text[-1:] in _QUOTES and text.count(text[-1:]) == 1 else text
