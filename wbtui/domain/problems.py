"""What can be wrong with a typed value; no problem ever quotes the value."""

import json
import re
from collections.abc import Callable
from functools import reduce
from typing import Any, NamedTuple, TypeAlias

from wbtui.domain.names import LARGEST_SECRET, key_problem


class Problem(NamedTuple):
    """What is wrong, or only odd: `blocks` says which. `fix` mends it with one key, where that is possible."""

    text: str
    blocks: bool = True
    fix: Callable[[bytes], bytes] | None = None


Check: TypeAlias = Callable[[str], Problem | None]


def value_problem(value: bytes, *, multiline: bool, binary: bool, check: Check | None) -> Problem | None:
    """Return the worst thing that is wrong or odd with a value; `check` is the field's own."""
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
    mended = reduce(lambda words, flaw: flaw.mend(words), flaws, text)
    if not mended.strip(_BLANK):
        return Problem("it is nothing but white space", blocks=not multiline)
    refused, left = check(text), check(mended)
    if left and left.blocks:
        return left
    for flaw in flaws:
        if flaw.mend(text) != text:
            text = f"{flaw.text}; {left.text}" if left else flaw.text
            return Problem(text, blocks=bool(refused and refused.blocks), fix=flaw.fix)
    if not multiline and re.search(_LINE_END, text):
        return Problem("it has several lines", blocks=False)
    return left


# Patterns are compiled when they are first needed, which is not for the first frame.
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
_LINE_END = r"[\r\n]"
_BLANK = " \t\r\n\v\f\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u2060\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200E))
)
"""White space, and what takes no room at all: both come along when something is copied from a web page."""


class _Flaw(NamedTuple):
    """One way in which a value or the ends of its lines can be odd; some are, only where one line is wanted."""

    text: str
    mend: Callable[[str], str]
    any_value: bool = False

    def fix(self, value: bytes) -> bytes:
        return self.mend(value.decode()).encode()


_FLAWS = (
    _Flaw("it begins with a byte order mark", lambda text: text.removeprefix("\ufeff"), any_value=True),
    _Flaw("its lines end the Windows way, in CRLF", lambda text: text.replace("\r\n", "\n"), any_value=True),
    _Flaw("it ends with a line end", lambda text: text.rstrip("\r\n")),
    _Flaw("it begins or ends with white space", lambda text: text.strip(_BLANK)),
)
"""The commonest broken secrets, in the order in which they are mended."""


def look(value: bytes) -> str:
    """Return what kind of content this is, as far as that can be told without showing any of it."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return "binary"
    if text.lstrip()[:1] in {"{", "["}:
        return "valid JSON" if _parses(text) else "not valid JSON"
    begins = text.count("-----BEGIN ")
    if begins:
        return "PEM" if text.count("-----END ") == begins else "PEM without its end"
    return ""


def _parses(text: str) -> bool:
    try:
        parsed_json(text)
    except (ValueError, RecursionError):
        return False
    return True


def parsed_json(text: str) -> Any:
    """Return the content of a JSON text. Raises `ValueError`, and `RecursionError` where it is nested too deeply."""

    def refuse(_: str) -> None:
        raise ValueError

    return json.loads(text, parse_constant=refuse)  # NaN and Infinity are Python's own


def hugging_face_token(value: str) -> Problem | None:
    """Question what does not look like a token of Hugging Face."""
    if re.fullmatch(r"hf_[A-Za-z0-9]{20,}", value):
        return None
    return Problem("it does not look like a Hugging Face token: hf_ and at least 20 letters or digits", blocks=False)


def endpoint(value: str) -> Problem | None:
    """Refuse white space, and question an endpoint that is no URL."""
    looks_right = re.match(r"https?://[^/]+", value)
    return one_word(value) or (None if looks_right else Problem("an endpoint begins with https://", blocks=False))


def key(value: str) -> Problem | None:
    """Refuse what no key can be called."""
    wrong = key_problem(value)
    return Problem(wrong) if wrong else None


def line_end(value: str) -> Problem | None:
    """Question one line that ends in a line end, where several lines are taken too."""
    line = value.rstrip("\r\n")
    if line == value or re.search(_LINE_END, line):
        return None
    return Problem("it ends with a line end", blocks=False, fix=lambda raw: raw.rstrip(b"\r\n"))


def one_word(value: str) -> Problem | None:
    """Refuse white space where there can be none."""
    return Problem("it has white space in it") if re.search(r"\s", value) else None
