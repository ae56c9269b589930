"""What is measured, what it is compared with, the bounds that we want, and how figures become a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any, TypeAlias

_TOLERATED = 1.1
"""How much higher a figure may be than in the last run: they differ by some hundredths by themselves."""
Figures: TypeAlias = dict[str, list[float]]
"""One figure a run, by the name of what was measured."""


def p95(samples: list[float]) -> float:
    """Return the 95th percentile of what one run has measured."""
    return quantiles(samples, n=20, method="inclusive")[-1] if len(samples) > 1 else samples[0]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is measured, and what it is compared with.

    `most` is the most that it shall be, `share` the most that it shall be of what `theirs` measures.
    """

    title: str
    unit: str
    ours: str
    most: float | None = None
    beside: str = ""
    theirs: str = ""
    share: float | None = None


def _keys(title: str, name: str, most: dict[int, float], unit: str = "ms") -> list[Row]:
    """Return the rows of one key: at 10,000, and at 100,000 beside that."""
    few, many = f"{name} 10,000", f"{name} 100,000"
    return [
        Row(f"{title}, 10,000", unit, few, most.get(10_000)),
        Row(f"{title}, 100,000", unit, many, most.get(100_000), "at 10,000", few),
    ]


def _over_ssh(title: str, name: str) -> list[Row]:
    """Return the rows of one key on a line of 150 ms and 20 kB/s, beside Textual's own table and k9s."""
    title = f"{title}, over SSH"
    return [
        Row(title, "ms", f"ours {name}", None, "Textual's DataTable", f"plain {name}", 1.0),
        Row(title, "ms", f"ours {name} again", None, "k9s", f"k9s {name}", 1.0),
    ]


def _always(most: float) -> dict[int, float]:
    return {10_000: most, 100_000: most}


_KUBECTL = "kubectl get secrets"
_GET = "kubectl get"
_TYPED = "the client's typed list"
ROWS = (
    Row("start to the first frame", "ms", "first frame", None, "a bare Textual app", "bare frame", 1.2),
    Row(
        "start to the first secret, of 50",
        "ms",
        "first row",
        None,
        "a bare Textual app",
        "bare frame, few secrets",
        2.0,
    ),
    Row("start to the first secret, of 50", "ms", "first row again", None, "k9s", "k9s row", 1.0),
    Row("start to the first secrets, of 10,000", "s", "first secrets", None, _KUBECTL, "kubectl secrets", 0.4),
    Row("start to all of 10,000", "s", "few all", None, _KUBECTL, "kubectl few all", 1.0),
    Row("longest stall, importing and connecting", "ms", "stall", 34),
    Row("longest wait for the spinner meanwhile", "ms", "spinner", 134),
    Row("longest stall, pages of 500 coming in", "ms", "loading stall"),
    Row("10,000 of 3 KB: received", "MB", "list bytes", None, _TYPED, "typed bytes", 1 / 7),
    Row("10,000 of 3 KB: time of a core", "s", "list cpu", None, _TYPED, "typed cpu", 1 / 2),
    Row("10,000 of 3 KB: memory at its peak", "MB", "list memory", None, _TYPED, "typed memory", 1 / 3),
    Row("100,000: memory at its peak", "MB", "many memory", None, _KUBECTL, "kubectl many memory", 1 / 4),
    Row("start to all of 100,000", "s", "many all", None, _KUBECTL, "kubectl many all"),
    Row(
        "200 projects of 500: memory", "MB", "projects memory", None, f"{_KUBECTL} -A", "kubectl projects memory", 1 / 4
    ),
    Row("start to all of 200 projects of 500", "s", "projects all", None, f"{_KUBECTL} -A", "kubectl projects all"),
    *_keys("filter keystroke, p95", "keystroke", {10_000: 6, 100_000: 16}),
    Row("filter keystroke, p95, 200 projects of 500", "ms", "keystroke 200", 16, "in one", "keystroke 100,000"),
    *_keys("cursor move, p95", "cursor", _always(6)),
    *_keys("page, p95", "page", _always(10)),
    *_keys("use case by its digit, p95", "use case", _always(30)),
    *_keys("sort, p95", "sort", _always(100)),
    *_keys("cursor move, written, p95", "cursor bytes", _always(614), "bytes"),
    *_keys("filter keystroke, written, p95", "keystroke bytes", _always(4096), "bytes"),
    Row("filter keystroke, p95, 50 changes a second, 100,000", "ms", "busy keystroke 100,000", 16),
    Row("cursor move, p95, 50 changes a second, 100,000", "ms", "busy cursor 100,000", 6),
    Row("change to its row, p95, 50 a second, 100,000", "ms", "change", None, "kubectl --watch", "kubectl change", 1.5),
    Row("first row of 100,000, 50 ms and 10 Mbit/s away", "s", "far first row", 1.0),
    Row("all of 100,000, 50 ms and 10 Mbit/s away", "s", "far all", None, "what the line takes", "far line", 1.1),
    *_over_ssh("a move", "move"),
    *_over_ssh("a move past the last row", "scroll"),
    *_over_ssh("a letter of a filter", "filter"),
    *_over_ssh("a letter of a command", "type"),
    Row("used by, first users", "s", "used by first, known", 0.5, "kubectl get, known kinds", "kubectl kinds", 1.0),
    Row("used by, all kinds, schemas in the cache", "s", "used by all, known", 3.0),
    Row("used by, received", "MB", "used by bytes, known"),
    Row("used by, first users, the first time", "s", "used by first, unknown", 0.5),
    Row("used by, all kinds, the first time", "s", "used by all, unknown", 12.0),
    Row("used by, received the first time", "MB", "used by bytes, unknown"),
    Row("wbtui get, nothing there: time of a core", "ms", "get nothing", None, _GET, "kubectl get nothing", 3.0),
    Row("wbtui get, 10,000", "s", "get table", None, _GET, "kubectl get table", 1.0),
    Row("wbtui get, 10,000: time of a core", "s", "get table cpu", None, _GET, "kubectl get table cpu", 1.0),
    Row("wbtui get, 10,000: received", "MB", "get table bytes", None, _GET, "kubectl get table bytes", 1.01),
    Row("wbtui get -o json, 10,000", "s", "get json", None, f"{_GET} -o json", "kubectl get json", 1 / 2),
    Row(
        "wbtui get -o json: time of a core", "s", "get json cpu", None, f"{_GET} -o json", "kubectl get json cpu", 1 / 2
    ),
    Row("wbtui get -o json: received", "MB", "get json bytes", None, f"{_GET} -o json", "kubectl get json bytes"),
    Row("written in an idle minute", "bytes", "idle bytes", 1024),
    Row("time of a core while idle", "%", "idle cpu", 1),
    Row("DataTable: 10,000 rows, fill", "ms", "load 10,000", None, "Textual's DataTable", "DataTable load"),
    Row("DataTable: keystroke", "ms", "keystroke compared 10,000", None, "Textual's DataTable", "DataTable keystroke"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its figures: medians of all runs, and the ratio of them."""

    row: Row
    ours: float
    theirs: float | None

    @property
    def ratio(self) -> float | None:
        """Return how much of theirs ours is."""
        return self.ours / self.theirs if self.theirs else None

    @property
    def reached(self) -> bool | None:
        """Tell whether the bound holds; None where there is none."""
        if self.row.share is not None and self.ratio is not None:
            return self.ratio <= self.row.share
        return None if self.row.most is None else self.ours <= self.row.most


def lines(figures: Figures) -> list[Line]:
    """Return a line for each row that was measured."""
    medians = {name: median(runs) for name, runs in figures.items()}
    return [Line(row, medians[row.ours], medians.get(row.theirs)) for row in ROWS if row.ours in medians]


def kept(figures: Figures) -> dict[str, float]:
    """Return what is compared with the next run: ratios, as they depend less on the machine, or else figures."""
    return {_name(line): line.ratio or line.ours for line in lines(figures)}


def worse(figures: Figures, before: Mapping[str, float]) -> str:
    """Return a line for each figure that is more than a tenth higher than before."""
    now = kept(figures)
    moved = [name for name in now if name in before and now[name] > before[name] * _TOLERATED]
    return "".join(f"worse than last time: {name}: {_number(before[name])} to {_number(now[name])}\n" for name in moved)


def _name(line: Line) -> str:
    return f"{line.row.title}, beside {line.row.beside}" if line.row.beside else line.row.title


def as_json(figures: Figures) -> dict[str, Any]:
    """Return the lines for another program, and the figures of all runs."""
    described = [
        {
            "what": line.row.title,
            "unit": line.row.unit,
            "ours": line.ours,
            "beside": line.row.beside,
            "theirs": line.theirs,
            "ratio": line.ratio,
            "at_most": line.row.share if line.row.share is not None else line.row.most,
            "reached": line.reached,
        }
        for line in lines(figures)
    ]
    return {"lines": described, "runs": figures}


def table(figures: Figures) -> str:
    """Return the lines, aligned; where a bound does not hold, its line says so."""
    cells = [["", "", "ours", "beside", "theirs", "ratio", "at most", ""], *map(_cells, lines(figures))]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    left = {0, 3, 7}
    return "\n".join(
        "  ".join(
            text.ljust(width) if position in left else text.rjust(width)
            for position, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    )


def _cells(line: Line) -> list[str]:
    row = line.row
    bound = f"× {row.share:.3f}" if row.share is not None else "" if row.most is None else _number(row.most)
    return [
        row.title,
        row.unit,
        _number(line.ours),
        row.beside,
        "" if line.theirs is None else _number(line.theirs),
        "" if line.ratio is None else f"{line.ratio:.3f}",
        bound,
        "missed" if line.reached is False else "",
    ]


def _number(number: float) -> str:
    return f"{number:,.2f}" if number < 10 else f"{number:,.1f}" if number < 1_000 else f"{number:,.0f}"
