"""The scrollbar of a long list, whose thumb changes with each letter of a filter."""

from collections.abc import Sequence
from typing import cast

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

from wbtui.widgets.plain_lines import plain_lines


class LeanScrollBar(ScrollBar):
    """Textual's vertical scrollbar, drawn as a whole: line by line, it would take as long as the rows."""

    _look: object = None
    _strips: Sequence[Strip] = ()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the cells, which are made again only when they look different."""
        bar, base = cast("ScrollBarRender", self.render()), self.rich_style
        look = (bar.virtual_size, bar.window_size, bar.position, bar.style, base, self.size)
        if look != self._look:
            self._look, self._strips = look, self._made(bar, base)
        return plain_lines(self, self._strips[crop.y : crop.bottom], crop)

    def _made(self, bar: ScrollBarRender, base: Style) -> list[Strip]:
        """Return the cells from top to bottom; most of them are one and the same."""
        style = cast("Style", bar.style)
        cells = bar.render_bar(
            size=self.size.height,
            virtual_size=bar.virtual_size,
            window_size=bar.window_size,
            position=bar.position,
            thickness=bar.thickness,
            back_color=cast("Color", style.bgcolor),
            bar_color=cast("Color", style.color),
        ).segments
        strips = {id(cell): Strip([Segment(cell.text, base + cell.style)], self.thickness) for cell in cells}
        return [strips[id(cell)] for cell in cells]
