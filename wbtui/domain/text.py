"""Make text from a cluster harmless: names, labels, creators and messages must not contain terminal commands."""

import unicodedata
from collections.abc import Iterator, Sequence

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_JOINER = "\u200d"
_DROPPED = {_JOINER, *map(chr, range(0xFE00, 0xFE10))}
"""Joiners and variation selectors: terminals disagree on the width of the result, so columns would shift."""
_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Mn", "Mc", "Me"}
"""Control, format (right-to-left overrides, zero-width marks), surrogate, private, unassigned, separators, and
combining marks, which would be drawn over whatever is before them."""
_MARKS = {"Mn", "Mc"}
_INVISIBLE_MARKS = {*map(chr, (0x34F, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0xE0100, 0xE01F0)))}
_MOST_MARKS = 4
"""Combining marks of one letter: more would be drawn over the lines above and below."""
_FIRST_NAMES = 4
_TONES = {*map(chr, range(0x1F3FB, 0x1F400))}
"""Colors of the skin, which change the emoji before them."""
_JOINING = {*map(chr, (0x115F, *range(0x1160, 0x1200), 0x3164, *range(0xD7B0, 0xD800), 0xFFA0)), *_TONES}
"""Letters and signs that are blank, or that join the character before and so have no width."""


def plain(text: str) -> str:
    """Return `text` as one harmless line: unsafe characters become U+FFFD.

    Combining marks stay on their letters, and joiners between emoji, as many scripts need them. Accents that are typed
    as marks of their own become one character with their letter, where there is one.
    """
    if text.isascii() and text.isprintable():
        return text
    return composed("".join(_plain_characters(composed(text))))


def composed(text: str) -> str:
    """Return `text` with as few combining marks as possible, so that what looks the same is the same."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def plain_lines(text: str) -> list[str]:
    """Return the lines of `text`, each made harmless; tabs become four spaces."""
    return [plain(line.replace("\t", "    ")) for line in text.splitlines()] or [""]


def shortened(text: str, limit: int) -> str:
    """Return at most `limit` characters of `text`, with an ellipsis at the end where it was cut."""
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"


def _plain_characters(text: str) -> Iterator[str]:
    base, marks = "", 0  # what marks, tones and joiners can belong to, and how many do
    for position, character in enumerate(text):
        if character in _DROPPED:
            if character == _JOINER and _is_emoji(base) and _is_symbol(text[position + 1 : position + 2]):
                yield character
        elif _can_join(base, character, marks):
            marks += 1
            yield character
        elif unicodedata.category(character) in _UNSAFE or character in _JOINING:
            base = ""
            yield _REPLACEMENT
        else:
            base, marks = character, 0
            yield character


def _can_join(base: str, character: str, marks: int) -> bool:
    """Return whether a character is drawn together with its base: the next mark of a letter, or a tone of an emoji."""
    if character in _TONES:
        return _is_emoji(base) and not marks
    is_mark = unicodedata.category(character) in _MARKS and character not in _INVISIBLE_MARKS
    return is_mark and base.isalnum() and marks < _MOST_MARKS


def _is_emoji(text: str) -> bool:
    return _is_symbol(text) and unicodedata.east_asian_width(text) == "W"


def _is_symbol(text: str) -> bool:
    return bool(text) and text != _REPLACEMENT and unicodedata.category(text) == "So"


def capitalized(text: str) -> str:
    """Return a text with a capital letter at its beginning; the others stay as they are."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Return a text as a sentence, with a capital letter and a full stop where it has no end."""
    return capitalized(text) + ("" if text.endswith((".", "!", "?")) else ".")


def counted(count: int, noun: str) -> str:
    """Return a number with what it counts, as in 1 pod and 2 pods."""
    return f"{count} {noun}{'s' * (count != 1)}"


def first_of(names: Sequence[str]) -> str:
    """Return the first names with commas, and how many more there are."""
    more = f" and {len(names) - _FIRST_NAMES} more" if len(names) > _FIRST_NAMES else ""
    return f"{', '.join(names[:_FIRST_NAMES])}{more}"
