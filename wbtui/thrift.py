"""What the terminal shows already, so that nothing is sent to it twice: over a slow line every byte is felt."""

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple, cast

from rich.cells import cell_len
from textual.driver import Driver

_PART = re.compile(
    r"\x1b\[(?P<row>\d+);(?P<column>\d+)H|\x1b\[(?P<style>[\d;]*)m|(?P<text>[^\x00-\x1f\x7f]+)|(?P<next>\n)|(?P<other>.)",
    re.DOTALL,
)
_CODE = re.compile(r"[34]8;2;\d+;\d+;\d+|[34]8;5;\d+|\d+")
_HARMLESS = re.compile(r"(?:\x1b\[[?<>=][\d;]*\$?[a-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x07)*")
"""Modes, questions, titles, the clipboard and the bell: they leave the cells and the cursor alone."""
_ANOTHER_SCREEN = "\x1b[?1049"
_GAP = 4
"""So many cells that are as they were cost less than a jump over them."""
_VISIBLE = {"4", "7", "9", "21", "53"}
"""Attributes that a blank shows as well: lines, and exchanged colours."""


class _Style(NamedTuple):
    """How cells look, in the terminal's codes; a blank leaves all but its background to chance (None)."""

    attributes: frozenset[str] | None
    foreground: str | None
    background: str


_NONE: frozenset[str] = frozenset()
_PLAIN = _Style(_NONE, "39", "49")
_Cell = tuple[str, _Style]


class Shown:
    """The cells of a terminal, as far as they are known."""

    def __init__(self) -> None:
        self._lines: dict[int, list[_Cell | None]] = {}
        self._place: tuple[int, int] | None = None
        self._style = _PLAIN
        self._out: list[str] = []

    def forget(self) -> None:
        """Know nothing: something else has drawn, or the terminal has another size."""
        self._lines.clear()
        self._place = None

    def spare(self, data: str) -> str:
        """Return what of `data` has to be sent; whatever is no plain frame is sent as it is."""
        row = column = 0
        style, self._out = _PLAIN, []
        for part in _PART.finditer(data):
            match part.lastgroup:
                case "text" if row:
                    column = self._draw(row, column, part[0], style)
                case "style":
                    style = _style(part["style"])
                case "column":
                    row, column = int(part["row"]), int(part["column"])
                case "text" | "other":
                    return self._as_it_is(data)
        self._turn(_PLAIN)
        self._go(row, column)
        return "".join(self._out)

    def _as_it_is(self, data: str) -> str:
        if not _HARMLESS.fullmatch(data) or _ANOTHER_SCREEN in data:
            self.forget()
        self._style = _PLAIN
        return data

    def _draw(self, row: int, column: int, text: str, style: _Style) -> int:
        """Draw a run of cells where they differ; return the column behind it."""
        width = len(text)
        line = self._lines.setdefault(row, [])
        line += [None] * (column + width - len(line))
        if not text.isascii() and not all(map(_is_narrow, set(text))):
            return self._draw_wide(row, column, text, style)
        wanted = _cells(text, style)
        known = line[column : column + width]
        if known == wanted:
            return column + width
        line[column : column + width] = wanted
        changed = [position for position in range(width) if known[position] != wanted[position]]
        start = end = changed[0]
        for position in (*changed[1:], width + _GAP + 1):
            if position - end > _GAP:
                self._send(row, column + start, text[start : end + 1], style)
                start = position
            end = position
        return column + width

    def _draw_wide(self, row: int, column: int, text: str, style: _Style) -> int:
        """Draw a run whose signs take more or less than a cell: where each of them stands is the terminal's matter."""
        width = cell_len(text)
        line, first, end = self._lines[row], column - 1, column + width  # an accent joins the sign before it
        line += [None] * (end - len(line))
        line[first:end] = [None] * (end - first)
        self._send(row, column, text, style)
        return end

    def _send(self, row: int, column: int, text: str, style: _Style) -> None:
        self._go(row, column)
        self._turn(_blank(style) if text.isspace() else style)
        self._out.append(text)
        self._place = (row, column + len(text)) if text.isascii() else None

    def _go(self, row: int, column: int) -> None:
        if self._place == (row, column):
            return
        ahead = column - self._place[1] if self._place and self._place[0] == row else 0
        self._out.append(f"\x1b[{ahead}C" if ahead > 0 else f"\x1b[{row};{column}H")
        self._place = (row, column)

    def _turn(self, style: _Style) -> None:
        if self._style != style:
            codes, self._style = _way(self._style, style)
            self._out.append(codes)


@lru_cache(4096)
def _cells(text: str, style: _Style) -> list[_Cell]:
    blank = _blank(style)
    return [(sign, blank if sign == " " else style) for sign in text]


@cache
def _is_narrow(sign: str) -> bool:
    return cell_len(sign) == 1


@cache
def _style(codes: str) -> _Style:
    attributes: set[str] = set()
    foreground, background = "39", "49"
    for code in _CODE.findall(codes):
        if code == "0":
            attributes, foreground, background = set(), "39", "49"
        elif not code[1:]:
            attributes.add(code)
        elif code[0] == "4" or code.startswith("10"):
            background = code
        elif code[0] in "39":
            foreground = code
        else:
            attributes.add(code)
    return _Style(frozenset(attributes), foreground, background)


@cache
def _blank(style: _Style) -> _Style:
    return style if style.attributes and style.attributes & _VISIBLE else _Style(None, None, style.background)


@cache
def _way(before: _Style, after: _Style) -> tuple[str, _Style]:
    """Return the codes that turn one style into another, and what then holds."""
    attributes = (before.attributes or _NONE) - _VISIBLE if after.attributes is None else after.attributes
    reached = _Style(attributes, after.foreground or before.foreground, after.background)
    had, wanted = before.attributes or _NONE, reached.attributes or _NONE
    if had - wanted or reached == _PLAIN:
        before, had = _PLAIN, _NONE
        codes = ["0"] if reached != before else [""]
    else:
        codes = []
    codes += sorted(wanted - had)
    codes += [code for code, was in zip(reached[1:], before[1:], strict=True) if code and code != was]
    return (f"\x1b[{';'.join(codes)}m" if codes else ""), reached


class Thrifty(Driver):
    """A driver that sends what the terminal does not show yet; goes before one that reaches a terminal."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.shown = Shown()

    def write(self, data: str) -> None:
        """Write what has to be sent."""
        if spared := self.shown.spare(data):
            super().write(spared)  # type: ignore[safe-super]


def thrifty(driver: type[Driver]) -> type[Driver]:
    """Return a driver that is one of these, and thrifty."""
    return cast("type[Driver]", type(f"Thrifty{driver.__name__}", (Thrifty, driver), {}))
