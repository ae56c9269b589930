"""Decode text files, including those of Windows editors and PowerShell."""

import codecs

_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def has_byte_order_mark(content: bytes) -> bool:
    """Return whether text begins with the mark that Windows editors and PowerShell write."""
    return content.startswith(tuple(_BYTE_ORDER_MARKS))


def decoded_text(content: bytes) -> str:
    """Return the text of UTF-8, or of UTF-16 with a byte order mark. Raises `UnicodeDecodeError`."""
    return content.decode(next((name for mark, name in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), "utf-8"))
