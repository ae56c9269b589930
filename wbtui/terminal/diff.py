"""A driver that sends only the cells that change: over a slow line every byte counts."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from rich.cells import cell_len
from textual.driver import Driver

from wbtui.terminal.scrolling import Scroll, find_scroll

_PART = re.compile(
    r"\x1b\[(?P<row>\d+);(?P<column>\d+)H|\x1b\[(?P<style>[\d;]*)m|(?P<text>[^\x00-\x1f\x7f]+)|(?P<next>\n)|(?P<other>.)",
    re.DOTALL,
)
_CODE = re.compile(r"[34]8;2;\d+;\d+;\d+|[34]8;5;\d+|\d+")
_NO_CELLS = re.compile(r"(?:\x1b\[[?<>=][\d;]*\$?[a-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x07)*")
"""Modes, queries, titles, the clipboard and the bell: they change no cell and do not move the cursor."""
_SWITCH_SCREEN = "\x1b[?1049"
_AFTER_BLANKS = re.compile(r"(?<=  )(?=[^ ])")
_ERASE = "\x1b[{}X"
_UNWRAPPED = "\x1b[?7l{}\x1b[?7h"
_GAP = 4
"""The most unchanged cells that are sent again: moving the cursor over them takes more bytes."""
_RESET = "\x1b(B\x0f\x1b[r\x1b[m\x1b[2J"
"""ASCII characters, scroll the whole screen, no style, erase."""
_DIM = "2"
"""Not sent: many terminals draw dim text in a color that cannot be read. Textual itself dims RGB colors."""
_MARKED = 70
"""Textual turns colors into greys where NO_COLOR is set; from this one on a background marks something."""
_MARKED_OF_256 = 238
_VISIBLE = {"4", "7", "9", "21", "53"}
"""Attributes that show on a blank too: lines, and swapped colors."""


class _Style(NamedTuple):
    """SGR codes of a cell. None means any: on a blank only the background shows."""

    attributes: frozenset[str] | None
    foreground: str | None
    background: str


_NONE: frozenset[str] = frozenset()
_PLAIN = _Style(_NONE, "39", "49")
_Cell = tuple[str, _Style]
_NO_CELL: _Cell = ("", _PLAIN)
"""Stands before the first column, and where a text of an uncertain width is to be drawn."""


class _Run(NamedTuple):
    """A text in one style, and where it begins; rows and columns count from 1."""

    row: int
    column: int
    text: str
    style: _Style


class _Frame(NamedTuple):
    """The runs that are drawn, and where the cursor is at the end."""

    runs: list[_Run]
    cursor: tuple[int, int]


class ShownCells:
    """The cells that the terminal shows, as far as they are known."""

    def __init__(self, *, colored: bool = True) -> None:
        self._read_style = _style if colored else _style_without_color
        self._lines: dict[int, list[_Cell | None]] = {}
        self._cursor: tuple[int, int] | None = None
        self._style = _PLAIN
        self._out: list[str] = []

    def forget(self) -> None:
        """Assume nothing about the terminal: something else has drawn, or its size has changed."""
        self._lines.clear()
        self._cursor = None

    def diff(self, data: str) -> str:
        """Return the part of a frame that changes the terminal; anything but a frame is returned unchanged."""
        frame = _read(data, self._read_style)
        if not frame:
            return self._unchanged(data)
        self._out = []
        wanted = self._wanted(frame.runs)
        if scroll := find_scroll(self._lines, wanted):
            self._scroll(scroll)
        for run in frame.runs:
            self._draw(*run)
        if scroll:
            self._restore({row: wanted[row] for row in range(scroll.top, scroll.bottom + 1)})
        self._set_style(_PLAIN)
        self._move(*frame.cursor)
        return "".join(self._out)

    def _unchanged(self, data: str) -> str:
        if not _NO_CELLS.fullmatch(data) or _SWITCH_SCREEN in data:
            self.forget()
        self._style = _PLAIN
        return data

    def _draw(self, row: int, column: int, text: str, style: _Style) -> int:
        """Draw the cells of a run that differ, and return the column after it."""
        width = len(text)
        line = self._lines.setdefault(row, [_NO_CELL])
        line += [None] * (column + width - len(line))
        if not _has_narrow_cells(text):
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

    def _wanted(self, runs: Sequence[_Run]) -> dict[int, list[_Cell | None]]:
        """Return the lines in which something is drawn, as they are to be shown."""
        wanted: dict[int, list[_Cell | None]] = {}
        for row, column, text, style in runs:
            line = wanted.setdefault(row, list(self._lines.get(row, (_NO_CELL,))))
            width = cell_len(text)
            line += [None] * (column + width - len(line))
            if _has_narrow_cells(text):
                line[column : column + width] = _cells(text, style)
            else:
                line[column - 1 : column + width] = [_NO_CELL] * (width + 1)
        return wanted

    def _scroll(self, scroll: Scroll) -> None:
        self._out.append(str(scroll))
        self._cursor = None
        rows = range(scroll.top, scroll.bottom + 1)
        moved = {row: self._lines.get(scroll.moved(row), [_NO_CELL]) for row in rows}
        self._lines.update(moved)

    def _restore(self, wanted: Mapping[int, Sequence[_Cell | None]]) -> None:
        """Draw the cells again that were scrolled, and that the frame did not draw."""
        for row, cells in wanted.items():
            line = self._lines[row]
            line += [None] * (len(cells) - len(line))
            for column, cell in enumerate(cells):
                if cell and cell[0] and line[column] != cell:
                    self._send(row, column, *cell)
                    line[column] = cell

    def _draw_wide(self, row: int, column: int, text: str, style: _Style) -> int:
        """Draw a run with characters that are not one cell wide: terminals disagree on their positions.

        What follows two blanks, such as the next column, is positioned by itself.
        """
        pieces = _AFTER_BLANKS.split(text)
        if len(pieces) > 1:
            for piece in pieces:
                column = self._draw(row, column, piece, style)
            return column
        width = cell_len(text)
        line, end = self._lines[row], column + width
        first = max(1, column - 1)  # an accent joins the character before it
        line += [None] * (end - len(line))
        line[first:end] = [None] * (end - first)
        excess = _excess(text)
        if excess and not (style.attributes or _NONE) & _VISIBLE:
            # Blanks at the end could reach into the next line, and would leave cells where the text is narrower.
            self._move(row, column)
            self._set_style(style)
            self._out.append(_ERASE.format(width))
            text = text.rstrip(" ")
        self._send(row, column, _UNWRAPPED.format(text) if excess else text, style)
        self._draw_again(row, end, excess)
        return end

    def _draw_again(self, row: int, column: int, count: int) -> None:
        """Draw the known cells that a text before them may have covered."""
        for place, cell in enumerate(self._lines[row][column : column + count], column):
            if cell:
                self._send(row, place, *cell)

    def _send(self, row: int, column: int, text: str, style: _Style) -> None:
        self._move(row, column)
        self._set_style(_blank(style) if text.isspace() else style)
        self._out.append(text)
        self._cursor = (row, column + len(text)) if text.isascii() else None

    def _move(self, row: int, column: int) -> None:
        if self._cursor == (row, column):
            return
        ahead = column - self._cursor[1] if self._cursor and self._cursor[0] == row else 0
        self._out.append(f"\x1b[{ahead}C" if ahead > 0 else f"\x1b[{row};{column}H")
        self._cursor = (row, column)

    def _set_style(self, style: _Style) -> None:
        if self._style != style:
            codes, self._style = _codes(self._style, style)
            self._out.append(codes)


def _read(data: str, read_style: Callable[[str], _Style]) -> _Frame | None:
    """Return the frame that Textual has written; None where it is something else."""
    row = column = 0
    style, runs = _PLAIN, list[_Run]()
    for part in _PART.finditer(data):
        match part.lastgroup:
            case "text" if row:
                runs.append(_Run(row, column, part[0], style))
                column += cell_len(part[0])
            case "style":
                style = read_style(part["style"])
            case "column":
                row, column = int(part["row"]), int(part["column"])
            case "text" | "other":
                return None
    return _Frame(runs, (row, column))


@lru_cache(4096)
def _cells(text: str, style: _Style) -> list[_Cell]:
    blank = _blank(style)
    return [(character, blank if character == " " else style) for character in text]


def _excess(text: str) -> int:
    """Return how many cells more a terminal may use that draws each character by itself."""
    return sum(max(1, cell_len(character)) for character in text) - cell_len(text)


@lru_cache(4096)
def _has_narrow_cells(text: str) -> bool:
    """Return whether each character takes one cell."""
    return text.isascii() or all(map(_is_narrow, set(text)))


@cache
def _is_narrow(character: str) -> bool:
    return cell_len(character) == 1


@cache
def _style(codes: str) -> _Style:
    attributes: set[str] = set()
    foreground, background = "39", "49"
    for code in _CODE.findall(codes):
        if code == "0":
            attributes, foreground, background = set(), "39", "49"
        elif not code[1:]:
            attributes.update(code if code != _DIM else "")
        elif code[0] == "4" or code.startswith("10"):
            background = code
        elif code[0] in "39":
            foreground = code
        else:
            attributes.add(code)
    return _Style(frozenset(attributes), foreground, background)


@cache
def _style_without_color(codes: str) -> _Style:
    """Return a style in which reverse video stands for a background that is not one of the dark greys."""
    style = _style(codes)
    marked = {"7"} if _stands_out(style.background) else _NONE
    return _Style((style.attributes or _NONE) | marked, "39", "49")


def _stands_out(background: str) -> bool:
    kind, _, shade = background.partition(";")
    match shade.split(";"):
        case ["2", red, *_]:
            return int(red) >= _MARKED
        case ["5", number]:
            return int(number) >= _MARKED_OF_256 or 16 < int(number) < 232  # noqa: PLR2004  the colors of a cube
    return kind not in {"40", "49"}


@cache
def _blank(style: _Style) -> _Style:
    return style if style.attributes and style.attributes & _VISIBLE else _Style(None, None, style.background)


@cache
def _codes(before: _Style, after: _Style) -> tuple[str, _Style]:
    """Return the codes that turn one style into another, and the style that results."""
    attributes = (before.attributes or _NONE) - _VISIBLE if after.attributes is None else after.attributes
    result = _Style(attributes, after.foreground or before.foreground, after.background)
    had, wanted = before.attributes or _NONE, result.attributes or _NONE
    if had - wanted or result == _PLAIN:
        before, had = _PLAIN, _NONE
        codes = ["0"] if result != before else [""]
    else:
        codes = []
    codes += sorted(wanted - had)
    codes += [code for code, was in zip(result[1:], before[1:], strict=True) if code and code != was]
    return (f"\x1b[{';'.join(codes)}m" if codes else ""), result


class DiffDriver(Driver):
    """Mixin for a driver: send only what changes. Put it first in the bases."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.shown = ShownCells(colored=not os.environ.get("NO_COLOR"))

    def write(self, data: str) -> None:
        """Write what changes the terminal."""
        if changed := self.shown.diff(data):
            super().write(changed)  # type: ignore[safe-super]

    def clear(self) -> None:
        """Erase all that is on the terminal."""
        self.write(_RESET)
