from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from wbtui.widgets.notice import Notice


class AskScreen(ModalScreen[bool]):
    """A question with two answers; the careful one is chosen already."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "dismiss(False)", "No", id="ask.no", tooltip="The careful answer"),
        Binding("y", "dismiss(True)", "Yes", id="ask.yes", tooltip="Do it"),
    ]
    AUTO_FOCUS = "OptionList"

    def __init__(self, title: str, text: str, *, yes: str, no: str) -> None:
        super().__init__()
        self._title, self._text = title, text
        self._answers = (no, yes)

    def compose(self) -> ComposeResult:
        """Lay out the question and the answers."""
        no, yes = self._answers
        with Vertical(classes="dialog"):
            yield Notice(id="question")
            yield OptionList(Option(f"{no} (n)"), Option(f"{yes} (y)"), compact=True, markup=False)

    def on_mount(self) -> None:
        self.query_one(Notice).show(self._title, self._text)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_index == 1)
