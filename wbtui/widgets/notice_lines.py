"""The lines of the notice that is shown in place of rows."""

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip

from wbtui.widgets.empty_state import Notice

_PADDING = 4
"""Cells that stay free on both sides."""


def notice_lines(notice: Notice, width: int, style: Style) -> list[Strip]:
    """Return the lines of a notice, centered in `width` cells."""
    room = max(1, width - 2 * _PADDING)
    title, *paragraphs = ([line.plain for line in Content(text).wrap(room)] for text in notice)
    lines = [(text, style + Style(bold=True)) for text in title]
    lines += [(text, style) for paragraph in paragraphs for text in ("", *paragraph)]
    return [_centered(text, width, style, text_style) for text, text_style in lines]


def _centered(text: str, width: int, style: Style, text_style: Style) -> Strip:
    left = Segment(" " * ((width - cell_len(text)) // 2), style)
    return Strip([left, Segment(text, text_style)]).adjust_cell_length(width, style)
