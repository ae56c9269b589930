"""The checks of entered values. No problem quotes the value."""

import json
import re
from collections.abc import Callable
from functools import reduce
from typing import Any, NamedTuple, TypeAlias

from wbtui.domain.names import LARGEST_SECRET, key_problem
from wbtui.domain.wrapping import inner_values


class Problem(NamedTuple):
    """An error in a value, or a warning where `blocks` is False; `fix` returns the corrected value, if there is one."""

    text: str
    blocks: bool = True
    fix: Callable[[bytes], bytes] | None = None


Check: TypeAlias = Callable[[str], Problem | None]


def value_problem(value: bytes, *, multiline: bool, binary: bool, check: Check | None) -> Problem | None:
    """Return the worst problem of a value; `check` is the check of its field."""
    if len(value) > LARGEST_SECRET:
        return Problem(f"it is too long: {len(value):,} bytes, where a secret holds at most {LARGEST_SECRET:,}")
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return None if binary else Problem("it is not text in UTF-8")
    if not binary and re.search(_CONTROL, text):
        return Problem("it has control characters in it")
    return _text_problem(text, multiline=multiline, check=check or (lambda _: None))


def _text_problem(text: str, *, multiline: bool, check: Check) -> Problem | None:
    flaws = [flaw for flaw in _FLAWS if flaw.any_value or not multiline]
    corrected = reduce(lambda part, flaw: flaw.correct(part), flaws, text)
    if not corrected.strip(_BLANK):
        return Problem("it is only white space", blocks=not multiline)
    before, after = check(text), check(corrected)
    if after and after.blocks:
        return after
    for flaw in flaws:
        if flaw.correct(text) != text:
            text = f"{flaw.text}; {after.text}" if after else flaw.text
            return Problem(text, blocks=bool(before and before.blocks), fix=flaw.fix)
    if not multiline and re.search(_LINE_END, text):
        return Problem("it has several lines", blocks=False)
    return after or _lost_character(text)


def _lost_character(text: str) -> Problem | None:
    if "\N{REPLACEMENT CHARACTER}" not in text:
        return None
    return Problem("it has U+FFFD in it, which stands for a character that was not in UTF-8", blocks=False)


# Patterns are strings, so that they are compiled on first use, after the first frame.
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
_LINE_END = r"[\r\n]"
_HUGGING_FACE = r"hf_[A-Za-z0-9]{20,}"
_BLANK = " \t\r\n\v\f\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u2060\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200E))
)
"""White space and zero-width characters, which are often copied from web pages together with a value."""


class _Flaw(NamedTuple):
    """A common mistake in a value, and its correction; with `any_value` it is one in values of several lines, too."""

    text: str
    correct: Callable[[str], str]
    any_value: bool = False

    def fix(self, value: bytes) -> bytes:
        return self.correct(value.decode()).encode()


_FLAWS = (
    _Flaw("it begins with a byte order mark", lambda text: text.removeprefix("\ufeff"), any_value=True),
    _Flaw("its lines end in CRLF (Windows)", lambda text: text.replace("\r\n", "\n"), any_value=True),
    _Flaw("it ends with a line end", lambda text: text.rstrip("\r\n")),
    _Flaw("it begins or ends with white space", lambda text: text.strip(_BLANK)),
)
"""In the order in which they are corrected."""


def parsed_json(text: str) -> Any:
    """Return the content of a JSON text. Raises `ValueError`, and `RecursionError` where it is nested too deeply."""

    def refuse(_: str) -> None:
        raise ValueError

    return json.loads(text, parse_constant=refuse)  # NaN and Infinity are Python's own


def check_hugging_face_token(value: str) -> Problem | None:
    """Return a warning where `value` does not have the format of a Hugging Face token."""
    if re.fullmatch(_HUGGING_FACE, value):
        return None
    if inner := next((text for text in inner_values(value) if re.fullmatch(_HUGGING_FACE, text)), ""):
        return wrapping_problem(inner)
    return Problem("it does not look like a Hugging Face token: hf_ and at least 20 letters or digits", blocks=False)


def check_endpoint(value: str) -> Problem | None:
    """Return a problem where there is white space, a warning where `value` is not a URL."""
    looks_right = re.match(r"https?://[^/]+", value)
    return check_one_word(value) or (None if looks_right else Problem("an endpoint begins with https://", blocks=False))


def check_key(value: str) -> Problem | None:
    """Return a problem where `value` is not a valid name of a key."""
    wrong = key_problem(value)
    return Problem(wrong) if wrong else None


def check_line_end(value: str) -> Problem | None:
    """Return a warning where a single line ends with a line end; values of several lines usually do."""
    line = value.rstrip("\r\n")
    if line == value or re.search(_LINE_END, line):
        return None
    return Problem("it ends with a line end", blocks=False, fix=lambda raw: raw.rstrip(b"\r\n"))


def check_one_word(value: str) -> Problem | None:
    """Return a problem where there is white space, a warning where a variable name or quotation marks are around it."""
    blocks = bool(re.search(r"\s", value))
    if inner := list(inner_values(value)):
        return wrapping_problem(inner[-1], blocks=blocks)
    return Problem("it has white space in it") if blocks else None


def wrapping_problem(inner: str, *, blocks: bool = False) -> Problem:
    """Return the problem of a value that has more around it than `inner`, which its fix returns."""
    return Problem("it has a variable name or quotation marks around it", blocks, lambda _: inner.encode())
