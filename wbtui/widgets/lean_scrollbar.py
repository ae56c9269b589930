"""The scrollbar of a long list, whose thumb changes with each letter of a filter."""

from typing import cast

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

from wbtui.widgets.plain_lines import plain_lines


class LeanScrollBar(ScrollBar):
    """Textual's vertical scrollbar, drawn at once: line by line, it takes as long as the rows that it scrolls."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Hand over the cells; most of them are one and the same."""
        base, strips = self.rich_style, dict[int, Strip]()
        cells = self._cells()[crop.y : crop.bottom]
        for cell in cells:
            if id(cell) not in strips:
                strips[id(cell)] = Strip([Segment(cell.text, base + cell.style)], self.thickness)
        return plain_lines(self, [strips[id(cell)] for cell in cells], crop)

    def _cells(self) -> list[Segment]:
        """Return the cells from top to bottom."""
        bar = cast("ScrollBarRender", self.render())
        style = cast("Style", bar.style)
        return bar.render_bar(
            size=self.size.height,
            virtual_size=bar.virtual_size,
            window_size=bar.window_size,
            position=bar.position,
            thickness=bar.thickness,
            back_color=cast("Color", style.bgcolor),
            bar_color=cast("Color", style.color),
        ).segments
