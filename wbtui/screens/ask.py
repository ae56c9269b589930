from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from wbtui.domain.text import plain, plain_lines
from wbtui.screens.dialog import Dialog


class AskScreen(Dialog[bool]):
    """A question with two answers, its text of one line or several; the careful answer is chosen already.

    Without `hasty`, no letter says yes: for questions that come up by themselves, maybe while one types.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "dismiss(False)", "No", id="ask.no", tooltip="The careful answer"),
        Binding("y", "dismiss(True)", "Yes", id="ask.yes", tooltip="Do it"),
    ]
    AUTO_FOCUS = "OptionList"

    def __init__(self, title: str, text: str, *, yes: str, no: str, hasty: bool = True) -> None:
        super().__init__()
        self._question = Content.assemble((plain(title), "bold"), "\n\n", "\n".join(plain_lines(text)))
        self._answers = (f"{no} (n)", f"{yes} (y)" if hasty else yes)
        self._hasty = hasty

    def compose(self) -> ComposeResult:
        """Lay out the question and the answers."""
        with Vertical(classes="dialog"):
            with VerticalScroll(can_focus=False):
                yield Static(self._question, id="question", markup=False)
            yield OptionList(*map(Option, self._answers), compact=True, markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._hasty or (action, parameters) != ("dismiss", (True,))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_index == 1)
