"""What is measured, the bounds that we want, and how figures become a table."""

from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import TypeAlias

Figures: TypeAlias = dict[str, list[float]]
"""Every figure that was taken, by the name of what was measured."""
COMPARED = "llama\b\b\b\b\b"
"""What is typed here and there to compare the two."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is measured: what it is called, in which unit, and the most that p95 shall be, by rows."""

    name: str
    title: str
    unit: str = "ms"
    bounds: dict[int, float] = field(default_factory=dict)


def _at_most(bound: float) -> dict[int, float]:
    return {1_000: bound, 10_000: bound, 100_000: bound}


ROWS = (
    Row("load", "load, pages of 500"),
    Row("keystroke, first frame", "filter keystroke, to the rows", bounds={10_000: 4.7, 100_000: 16.0}),
    Row("keystroke", "filter keystroke, to the last frame"),
    Row("keystroke bytes", "filter keystroke, written", "bytes", _at_most(4096)),
    Row("field", "filter by fields, keystroke"),
    Row("pattern", "filter by a regular expression"),
    Row("use case", "use case by its digit", bounds=_at_most(30)),
    Row("cursor", "cursor move", bounds=_at_most(6)),
    Row("cursor bytes", "cursor move, written", "bytes", _at_most(614)),
    Row("edge", "cursor move that scrolls at the edge"),
    Row("page", "page down or up", bounds=_at_most(10)),
    Row("wheel", "turn of the wheel"),
    Row("sort name", "sort by name", bounds=_at_most(100)),
    Row("sort use case", "sort by use case", bounds=_at_most(100)),
    Row("sort creator", "sort by creator", bounds=_at_most(100)),
    Row("sort age", "sort by age", bounds=_at_most(100)),
    Row("sort reverse", "reverse the order", bounds=_at_most(100)),
    Row("1,000 changes", "1,000 changes at once"),
    Row("50 changes", "50 changes, one by one"),
    Row("memory", "memory growth by the first load", "MB"),
    Row("keystroke compared", "filter keystroke, as compared"),
    Row("DataTable load", "Textual's DataTable: fill"),
    Row("DataTable keystroke", "Textual's DataTable: filter keystroke"),
)
_RATIOS = (
    ("DataTable fill over our load", "DataTable load", "load"),
    ("DataTable keystroke over ours", "DataTable keystroke", "keystroke compared"),
)
"""What of the DataTable's stands over what of ours, both to the last frame, at their medians."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one thing: median, 95th percentile, and how many there are."""

    p50: float
    p95: float
    count: int

    @classmethod
    def of(cls, figures: list[float]) -> "Summary":
        """Sum up some figures."""
        p95 = quantiles(figures, n=20, method="inclusive")[-1] if len(figures) > 1 else figures[0]
        return cls(median(figures), p95, len(figures))


Results: TypeAlias = dict[int, dict[str, Summary]]
"""By the number of rows, and then by the name of what was measured."""


def summarize(figures: Figures) -> dict[str, Summary]:
    """Return the summary of each thing that was measured."""
    return {name: Summary.of(taken) for name, taken in figures.items()}


def table(results: Results) -> str:
    """Return the results as aligned lines, and on each the bound where there is one."""
    lines = [["p50 / p95", "", *(f"{rows:,}" for rows in results), "aim for p95"]]
    lines += [
        [row.title, row.unit, *(_cell(row, rows, found.get(row.name)) for rows, found in results.items()), _aim(row)]
        for row in ROWS
    ]
    lines += [
        [title, "times", *(_ratio(found.get(theirs), found.get(ours)) for found in results.values()), ""]
        for title, theirs, ours in _RATIOS
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    aligned = ((line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])) for line in lines)
    return "\n".join("  ".join(line).rstrip() for line in aligned)


def _cell(row: Row, rows: int, found: Summary | None) -> str:
    if not found:
        return "–"
    mark = "!" if found.p95 > row.bounds.get(rows, found.p95) else " "
    if found.count == 1:
        return f"{_number(found.p50)}{mark}"
    return f"{_number(found.p50)} / {_number(found.p95)}{mark}"


def _number(number: float) -> str:
    return f"{number:,.1f}" if number < 1_000 else f"{number:,.0f}"


def _aim(row: Row) -> str:
    different = dict.fromkeys(row.bounds.values())
    if len(different) == 1:
        return "".join(f"{bound:,.0f}" for bound in different)
    return ", ".join(f"{bound:g} at {rows:,}" for rows, bound in row.bounds.items())


def _ratio(theirs: Summary | None, ours: Summary | None) -> str:
    return f"{theirs.p50 / ours.p50:,.1f} " if theirs and ours else "–"
