from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from wbtui.domain.text import plain, plain_lines
from wbtui.screens.attention import ConfirmDialog
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.keys_in_text import with_keys


class AskScreen(ConfirmDialog[bool]):
    """A question with two answers, its text of one line or several; the careful answer is chosen already.

    What is pressed before the question could be read does not answer it with yes. A question that `interrupts` comes
    up by itself, maybe while the user types: such a key does not close it either, and no letter says yes.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "answer(False)", "No", id="ask.no", tooltip="No"),
        Binding("y", "answer(True)", "Yes", id="ask.yes", tooltip="Yes"),
        # With priority: the list of answers has these keys too, and moves by a page of two lines.
        Binding("pageup", "page(-1)", "Page up", id="ask.pageup", show=False, priority=True, tooltip="Page up"),
        Binding("pagedown", "page(1)", "Page down", id="ask.pagedown", show=False, priority=True, tooltip="Page down"),
    ]
    AUTO_FOCUS = "OptionList"

    def __init__(self, title: str, text: str, *, yes: str, no: str, interrupts: bool = False) -> None:
        super().__init__()
        self._title = plain(title)
        self._text = "\n".join(plain_lines(text))
        self._answers = (f"{no} (n)", yes if interrupts else f"{yes} (y)")
        self._interrupts = interrupts

    def compose(self) -> ComposeResult:
        """Lay out the question, the answers and the keys."""
        with Vertical(classes="dialog"):
            with VerticalScroll(can_focus=False):
                question = Content.assemble((self._title, "bold"), "\n\n", with_keys(self._text, self))
                yield Static(question, id="question", markup=False)
            yield OptionList(*map(Option, self._answers), compact=True, markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self.call_after_refresh(self.attention.begin)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return not self._interrupts or (action, parameters) != ("answer", (True,))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.action_answer(event.option_index == 1)

    @property
    def needs_whole(self) -> bool:
        """Return that what is agreed to has to be read to its end."""
        return True

    def action_page(self, pages: int) -> None:
        """Scroll a question that is longer than the screen."""
        question = self.query_one(VerticalScroll)
        question.scroll_relative(y=pages * max(question.size.height - 1, 1), animate=False)

    def action_answer(self, yes: bool) -> None:  # noqa: FBT001  a key's parameter
        """Answer, if the question could be read; no to a question that does not interrupt is always an answer."""
        if not (yes or self._interrupts) or (self.may_confirm() if yes else self.attention.counts):
            self.dismiss(yes)
