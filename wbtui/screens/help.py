from collections.abc import Iterable
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from wbtui.actions.action import Command
from wbtui.domain.filter_language import HELP
from wbtui.screens.dialog import Dialog
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.reader import Reader


class HelpScreen(Dialog[None]):
    """The keys that work where one is, made from the bindings themselves, and the language of the filter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss", "Back", id="help.back", tooltip="Back to where you were"),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012  Textual declares it so
    AUTO_FOCUS = "Reader"

    def __init__(self, bindings: dict[str, ActiveBinding], commands: Iterable[Command]) -> None:
        super().__init__()
        self._live = bindings
        self._commands = commands

    def compose(self) -> ComposeResult:
        """Lay out the three tables: side by side, or below each other."""
        commands = [(f":{command.name} {command.takes}".rstrip(), _meaning(command)) for command in self._commands]
        with Reader(classes="dialog"):
            yield Static(_table("Keys", self._keys()), markup=False)
            with Vertical():
                yield Static(_table("Commands", commands), markup=False)
                yield Static(_table("Filter: all terms must match", HELP), markup=False)
        yield KeyLine()

    def _keys(self) -> list[tuple[str, str]]:
        keys: dict[str, list[str]] = {}
        for active in self._live.values():
            if active.tooltip:
                keys.setdefault(active.tooltip, []).append(self.app.get_key_display(active.binding))
        return [(" ".join(dict.fromkeys(names)), meaning) for meaning, names in keys.items()]


def _meaning(command: Command) -> str:
    others = ", ".join(f":{name}" for name in command.others)
    return f"{command.meaning}; also {others}" if others else command.meaning


def _table(title: str, rows: Iterable[tuple[str, str]]) -> Table:
    table = Table(
        box=None,
        show_header=False,
        title=title,
        title_justify="left",
        title_style="bold underline",
        padding=(0, 2, 0, 0),
    )
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for left, right in rows:
        table.add_row(Text(left), Text(right))
    return table
