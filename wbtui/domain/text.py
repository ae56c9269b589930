"""Make text from a cluster harmless: names, labels, creators and messages must not contain terminal commands."""

import unicodedata

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_DROPPED = {0x200D, *range(0xFE00, 0xFE10)}
"""Joiners and variation selectors: terminals disagree on the width of the result, so columns would shift."""
_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Mn", "Mc", "Me"}
"""Control, format (right-to-left overrides, zero-width marks), surrogate, private, unassigned, separators, and
combining marks, which would be drawn over the border of a column."""
_JOINING = {0x115F, *range(0x1160, 0x1200), 0x3164, *range(0xD7B0, 0xD800), 0xFFA0, *range(0x1F3FB, 0x1F400)}
"""Letters and signs that are blank, or that join the character before and so have no width."""


def plain(text: str) -> str:
    """Return `text` as one harmless line: unsafe characters become U+FFFD.

    Accents that are typed as marks of their own become one character with their letter, where there is one.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_plain_character, composed(text)))


def composed(text: str) -> str:
    """Return `text` with as few combining marks as possible, so that what looks the same is the same."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def plain_lines(text: str) -> list[str]:
    """Return the lines of `text`, each made harmless; tabs become four spaces."""
    return [plain(line.replace("\t", "    ")) for line in text.splitlines()] or [""]


def shortened(text: str, limit: int) -> str:
    """Return at most `limit` characters of `text`, with an ellipsis at the end where it was cut."""
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"


def _plain_character(character: str) -> str:
    if ord(character) in _DROPPED:
        return ""
    unsafe = unicodedata.category(character) in _UNSAFE or ord(character) in _JOINING
    return _REPLACEMENT if unsafe else character
