"""What stands in each cell of a picture in SVG, so that a part of it can be compared."""

import re
from collections.abc import Collection
from typing import NamedTuple
from xml.etree import ElementTree as ET

from rich.cells import cell_len

_WIDTH, _HEIGHT = 12.2, 24.4
"""Of a cell, as Rich draws it."""
_CLASS = re.compile(r"\.terminal-\d+-(r\d+) \{ (.*?) \}")
_SVG = "{http://www.w3.org/2000/svg}"


class Cell(NamedTuple):
    text: str = " "
    style: str = ""
    background: str = ""


def cells(svg: str) -> dict[tuple[int, int], Cell]:
    """Return the cells of a picture by line and column."""
    styles = dict(_CLASS.findall(svg))
    found: dict[tuple[int, int], Cell] = {}
    for group in ET.fromstring(svg).iter(f"{_SVG}g"):  # noqa: S314  it is ours
        for part in group.findall(f"{_SVG}rect"):
            for place in _places(part, round(float(part.get("width", "0")) / _WIDTH)):
                found[place] = Cell(background=part.get("fill", ""))
        for part in group.findall(f"{_SVG}text"):
            style = styles.get(part.get("class", "").rpartition("-")[2], "")
            text = (part.text or "").replace("\xa0", " ").rstrip("\n")
            wide = [letter for letter in text for _ in range(cell_len(letter))]
            for place, letter in zip(_places(part, len(wide)), wide, strict=True):
                blank = letter == " " and "underline" not in style
                before = found.get(place, Cell())
                found[place] = before._replace(text=letter, style="" if blank else style)
    return {place: cell for place, cell in found.items() if cell != Cell()}


def lines(shown: dict[tuple[int, int], Cell], places: Collection[tuple[int, int]]) -> list[str]:
    """Return the text of some places, a line each."""
    return [
        "".join(shown.get((row, column), Cell()).text for row, column in sorted(places) if row == line).rstrip()
        for line in sorted({row for row, _ in places})
    ]


def _places(part: ET.Element, width: int) -> list[tuple[int, int]]:
    row, column = int(float(part.get("y", "0")) / _HEIGHT), round(float(part.get("x", "0")) / _WIDTH)
    if part.tag.endswith("text"):
        row = round((float(part.get("y", "0")) - 20) / _HEIGHT)
    return [(row, column + step) for step in range(width)]
