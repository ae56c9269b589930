from collections.abc import Iterable, Iterator
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual import getters, on
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from wbtui.actions.action import ColonCommand
from wbtui.domain.filter_fields import HELP
from wbtui.screens.dialog import Dialog
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.reader import Reader

Rows = list[tuple[str, str]]
_GROUPS = {
    "secret": "Secrets",
    "model": "Models",
    "list": "List",
    "sort": "Sort",
    "go": "Go to",
    "form": "Form",
    "value": "Values",
    "cursor": "Move",
    "text": "Scroll",
    "app": "Program",
}
"""The titles of keys by the prefixes of their ids, in this order; those of the screen itself come before them."""
_ORDER = list(_GROUPS)


class HelpScreen(Dialog[None]):
    """The keys of the current screen, made from its bindings, and the language of the filter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "back", "Back", id="help.back", tooltip="Back to where you were"),
        Binding("slash", "search", "Search", id="help.search", tooltip="Search the help"),
    ]
    _reader = getters.query_one(Reader)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012  Textual declares it so
    AUTO_FOCUS = "Reader"

    def __init__(self, bindings: dict[str, ActiveBinding], commands: Iterable[ColonCommand]) -> None:
        super().__init__()
        self._live = bindings
        self._commands = [(f":{command.name} {command.takes}".rstrip(), _meaning(command)) for command in commands]
        self._tables = {"Commands": Static(markup=False), "Filter: all terms must match": Static(markup=False)}
        self._keys = Static(markup=False)
        self._search = Input(placeholder="words to search for", compact=True, id="help-search")

    def compose(self) -> ComposeResult:
        """Lay out the three tables."""
        self._search.display = False
        with Vertical(classes="dialog"):
            yield self._search
            with Reader():
                yield self._keys
                with Vertical():
                    yield from self._tables.values()
        yield KeyLine()

    def on_mount(self) -> None:
        self._show("")

    def action_search(self) -> None:
        """Open and focus the search."""
        self._search.display = True
        self._search.focus()

    def action_back(self) -> None:
        """Clear the search, or close."""
        if not self._search.display:
            self.dismiss()
            return
        self._search.value = ""
        self._search.display = False
        self._reader.focus()

    @on(Input.Submitted)
    def _leave_search(self) -> None:
        self._reader.focus()

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        self._show(event.value)

    def _show(self, typed: str) -> None:
        words = typed.casefold().split()
        groups = {title: _with(rows, words) for title, rows in self._groups()}
        keys = [row for title, rows in groups.items() for row in _section(title, rows)]
        found = [_with(rows, words) for rows in (self._commands, HELP)]
        for (title, table), rows in zip(self._tables.items(), found, strict=True):
            table.update(_table(title, rows) if rows else "")
        nothing = "" if any(found) else "No matches. Esc clears the search."
        self._keys.update(_table("Keys", keys) if keys else nothing)

    def _groups(self) -> Iterator[tuple[str, Rows]]:
        """Yield the keys by group; keys of the same meaning are one row."""
        groups: dict[str, dict[str, list[str]]] = {}
        for active in self._live.values():
            if active.tooltip:
                prefix = (active.binding.id or "app").partition(".")[0]
                keys = groups.setdefault(prefix, {}).setdefault(active.tooltip, [])
                keys.append(self.app.get_key_display(active.binding))
        for prefix in sorted(groups, key=lambda prefix: _ORDER.index(prefix) if prefix in _ORDER else -1):
            title = _GROUPS.get(prefix, prefix.replace("_", " ").capitalize())
            yield title, [(" ".join(dict.fromkeys(keys)), meaning) for meaning, keys in groups[prefix].items()]


def _with(rows: Iterable[tuple[str, str]], words: list[str]) -> Rows:
    return [row for row in rows if all(word in " ".join(row).casefold() for word in words)]


def _section(title: str, rows: Rows) -> Iterator[tuple[str, str]]:
    if rows:
        yield "", ""
        yield title, ""
        yield from rows


def _meaning(command: ColonCommand) -> str:
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
        table.add_row(Text(left, "italic" if left and not right else ""), Text(right))
    return table
