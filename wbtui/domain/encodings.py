"""Decode what a server may repeat in a message: escaped, URL-encoded, hex, numbers, base64, with gaps."""

import html
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

_GAPS = re.compile(r"[\s\N{REPLACEMENT CHARACTER}]+")
"""White space, and the characters that `plain` has replaced line ends with."""
_ESCAPE = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|\\(?:x[0-9a-fA-F]{2}|[0-7]{3}|.)")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+|\+")
_ENTITY = re.compile(r"&#?\w+;")
_HEX = re.compile(r"(?:(?:0x|\\x)?[0-9a-fA-F][\s:,-]{0,2}){8,}")
_DIGIT = re.compile(r"(?:0x|\\x)?([0-9a-fA-F])")
_NUMBERS = re.compile(r"\d{1,3}(?:[\s,]+\d{1,3}){3,}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{6,}")
_NAMED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_LEVELS = 2
"""How many times decoded text is decoded again: an object in base64 holds its values in base64."""


class DecodedText(NamedTuple):
    """A decoded text, and for each of its characters the range of the message that it comes from."""

    text: str
    origins: tuple[range, ...]

    def span(self, start: int, end: int) -> range:
        """Return the range of the message that these characters come from."""
        return range(self.origins[start].start, self.origins[end - 1].stop)


Decoder: TypeAlias = Callable[[DecodedText], Iterator[DecodedText]]


def views_of(message: str) -> Iterator[DecodedText]:
    """Yield the message and all ways to decode it; bytes are characters of the same numbers."""
    as_it_is = DecodedText(message, tuple(range(position, position + 1) for position in range(len(message))))
    level = [as_it_is, *_squeezed(as_it_is)]
    for _ in range(_LEVELS):
        yield from level
        level = [decoded for view in level for decode in _DECODERS for decoded in decode(view)]
    yield from level


def without_gaps(text: str) -> str:
    """Return a text without white space and line ends."""
    return _GAPS.sub("", text)


def _squeezed(view: DecodedText) -> Iterator[DecodedText]:
    kept = [position for position, character in enumerate(view.text) if not _GAPS.match(character)]
    if len(kept) < len(view.text):
        yield DecodedText("".join(view.text[position] for position in kept), tuple(view.origins[p] for p in kept))


def _replaced(pattern: re.Pattern[str], decode: Callable[[str], str]) -> Decoder:
    """Return a decoder that replaces every match of a pattern."""

    def decoder(view: DecodedText) -> Iterator[DecodedText]:
        parts: list[str] = []
        origins: list[range] = []
        end = 0
        for match in pattern.finditer(view.text):
            decoded = decode(match[0])
            parts += (view.text[end : match.start()], decoded)
            origins += view.origins[end : match.start()]
            origins += [view.span(*match.span())] * len(decoded)
            end = match.end()
        if end:
            yield DecodedText("".join([*parts, view.text[end:]]), (*origins, *view.origins[end:]))

    return decoder


def _escape(text: str) -> str:
    if text.startswith("\\u"):  # perhaps two of them for one character
        return bytes.fromhex(text.replace("\\u", "")).decode("utf-16-be", errors="replace")
    if len(text) == 2:  # noqa: PLR2004  a backslash and a letter
        return _NAMED.get(text[1], text[1])
    digits, base = (text[1:], 8) if text[1].isdecimal() else (text[2:], 16)
    return chr(int(digits, base))


def _percent(text: str) -> str:
    return " " if text == "+" else bytes.fromhex(text.replace("%", "")).decode(errors="replace")


def _hex(view: DecodedText) -> Iterator[DecodedText]:
    for run in _HEX.finditer(view.text):
        digits = [match.start(1) for match in _DIGIT.finditer(view.text, *run.span())]
        for first in (0, 1):
            pairs = list(zip(digits[first::2], digits[first + 1 :: 2], strict=False))
            text = "".join(chr(int(view.text[a] + view.text[b], 16)) for a, b in pairs)
            yield DecodedText(text, tuple(view.span(a, b + 1) for a, b in pairs))


def _numbers(view: DecodedText) -> Iterator[DecodedText]:
    for run in _NUMBERS.finditer(view.text):
        numbers = list(re.compile(r"\d+").finditer(view.text, *run.span()))
        text = "".join(chr(int(number[0])) for number in numbers)
        yield DecodedText(text, tuple(view.span(*number.span()) for number in numbers))


def _base64(view: DecodedText) -> Iterator[DecodedText]:
    for run in _BASE64.finditer(view.text):
        for first in range(run.start(), run.start() + 4):
            letters = view.text[first : run.end()].translate({ord("-"): "+", ord("_"): "/"})
            letters = letters[: len(letters) - (len(letters) % 4 == 1)]
            text = b64decode(letters + "=" * (-len(letters) % 4)).decode("latin-1")
            # A byte is eight bits of the letters' six each.
            spans = ((first + 8 * byte // 6, first + (8 * byte + 7) // 6 + 1) for byte in range(len(text)))
            yield DecodedText(text, tuple(view.span(*span) for span in spans))


_DECODERS: tuple[Decoder, ...] = (
    _replaced(_ESCAPE, _escape),
    _replaced(_PERCENT, _percent),
    _replaced(_ENTITY, html.unescape),
    _hex,
    _numbers,
    _base64,
)
