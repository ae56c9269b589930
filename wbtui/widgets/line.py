from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from wbtui.domain.text import plain, shortened
from wbtui.widgets.content_changed import ContentChanged
from wbtui.widgets.titled import titled

_LONGEST = 300
"""Characters of what is said of a line."""


class Line(Input):
    """A line to type in; a paste of several lines becomes one, so that nothing of it is lost unseen."""

    def on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.replace(" ".join(filter(None, event.text.splitlines())), *sorted(self.selection))

    def take_key(self, event: events.Key) -> None:
        """Take a key that was pressed elsewhere: a character, or backspace."""
        if event.is_printable and event.character:
            self.insert_text_at_cursor(event.character)
        else:
            self.action_delete_left()

    @on(Input.Changed)
    def _tell(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(ContentChanged(self))


class TitledLine(Vertical):
    """A line to type in, beside its title; below it what is wrong, if anything is."""

    def __init__(
        self,
        title: str,
        *,
        id: str | None = None,  # noqa: A002  Textual's own name
        placeholder: str = "",
    ) -> None:
        super().__init__(classes="titled")
        self.title = title
        self._problem = Static(classes="problem blocks", markup=False)
        self.line = Line(id=id, compact=True, placeholder=placeholder)

    def compose(self) -> ComposeResult:
        """Lay out the title, the line and the problem."""
        yield titled(self.title, self.line)
        yield self._problem

    def complain(self, text: str) -> None:
        """Say what is wrong; nothing where nothing is."""
        sentence = plain(shortened(f"{text[:1].upper()}{text[1:]}.", _LONGEST)) if text else ""
        if sentence != self._problem.content:
            self._problem.display = bool(text)
            self._problem.update(sentence)
