"""The same rows in Textual's own DataTable, filtered in the plainest way: what there is to compare with."""

import asyncio
import json
import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.widgets import DataTable, Input

from benchmarks.driver import Terminal, drive
from benchmarks.figures import Figures, p95
from benchmarks.source import COMPARED, make_secrets
from wbtui.domain.clock import utc_now
from wbtui.domain.filter_language import parse
from wbtui.domain.search_texts import SearchTexts
from wbtui.widgets.columns import DEFAULT, CellFacts, columns_named

_ROWS = 10_000
"""Beyond it, a keystroke takes minutes."""


def main() -> None:
    """Print the figures of a DataTable, as JSON; with `--open`, show it in the terminal."""
    app = _TableApp(_ROWS)
    if sys.argv[1:] == ["--open"]:
        app.call_later(app.fill)
        app.run()
        return
    figures: Figures = {}

    async def run() -> None:
        await Terminal.current.quiet()
        figures["DataTable load"] = [(await Terminal.current.react(app.fill)).last]
        figures["DataTable keystroke"] = [p95([(await Terminal.current.send(key)).first for key in COMPARED])]

    asyncio.run(drive(app, run))
    print(json.dumps(figures))


class _TableApp(App[None]):
    """An input above a table, with the columns of ours."""

    CSS: ClassVar[str] = "Input { height: 1; border: none; } DataTable { height: 1fr; }"

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._columns = columns_named(DEFAULT, all_projects=False)
        facts = CellFacts(lambda _: "", lambda _: "", utc_now)
        secrets = make_secrets(rows)
        self._rows = [[column.cell(secret, facts) for column in self._columns] for secret in secrets]
        self._secrets = secrets
        self._texts = SearchTexts.of(secrets)

    def compose(self) -> ComposeResult:
        """Lay out the filter, the table, and a line for commands."""
        yield Input(id="filter")
        yield DataTable[str]()
        yield Input(id="command")

    def on_mount(self) -> None:
        """Name the columns, and let the keys be typed."""
        self.query_one("#filter").focus()
        self.query_one(DataTable).add_columns(*(column.title for column in self._columns))

    def fill(self) -> None:
        """Show all rows."""
        self.query_one(DataTable).add_rows(self._rows)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show the rows that match, by the same search as ours; a command does nothing."""
        if event.input.id != "filter":
            return
        table = self.query_one(DataTable)
        table.clear()
        keeps = [True] * len(self._rows)
        for condition in parse(event.value).conditions:
            keeps = [bool(keep) for keep in condition.keeps(self._secrets, self._texts)]
        table.add_rows(row for row, keep in zip(self._rows, keeps, strict=True) if keep)


if __name__ == "__main__":
    main()
