"""Lines of widgets without border, padding and tint, which saves much of Textual's work."""

from collections.abc import Sequence

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


def plain_lines(widget: Widget, strips: Sequence[Strip], crop: Region) -> list[Strip]:
    """Return the strips of the lines of `crop`, in the colors of the terminal and as wide as asked for."""
    _, background = widget.background_colors
    filtered = {id(strip): strip for strip in strips}
    for line_filter in widget.get_line_filters():
        filtered = {key: strip.apply_filter(line_filter, background) for key, strip in filtered.items()}
    return [filtered[id(strip)].crop(crop.x, crop.right) for strip in strips]
