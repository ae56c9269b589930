from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from wbtui.domain.query import HELP
from wbtui.screens.command import COMMANDS


class HelpScreen(ModalScreen[None]):
    """The keys that work where one is, made from the bindings themselves, and the language of the filter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss", "Back", id="help.back", tooltip="Back to where you were"),
    ]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, bindings: dict[str, ActiveBinding]) -> None:
        super().__init__()
        self._live = bindings

    def compose(self) -> ComposeResult:
        """Lay out the three tables."""
        commands = [(f":{name} {command.takes}".rstrip(), command.meaning) for name, command in COMMANDS.items()]
        with VerticalScroll(classes="dialog"):
            yield Static(_table("Keys", _keys(self._live, self)), markup=False)
            yield Static(_table("Commands", commands), markup=False)
            yield Static(_table("Filter: all of it must hold", list(HELP)), markup=False)


def _keys(bindings: dict[str, ActiveBinding], screen: ModalScreen[None]) -> list[tuple[str, str]]:
    keys: dict[str, list[str]] = {}
    for active in bindings.values():
        if active.tooltip:
            keys.setdefault(active.tooltip, []).append(screen.app.get_key_display(active.binding))
    return [(" ".join(dict.fromkeys(names)), meaning) for meaning, names in keys.items()]


def _table(title: str, rows: list[tuple[str, str]]) -> Content:
    width = max(len(left) for left, _ in rows) + 2
    lines = [Content.assemble((f"{left:<{width}}", "bold"), right) for left, right in rows]
    return Content("\n").join([Content.styled(title, "bold underline"), *lines, Content("")])
