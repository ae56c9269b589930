from math import inf
from typing import Any

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from wbtui.domain.content_format import SEVERAL_LINES, why_hidden
from wbtui.domain.text import plain, shortened
from wbtui.domain.use_cases.model import Field
from wbtui.terminal.keyboard import BURST_GAP, BurstKey
from wbtui.widgets.content_changed import ContentChanged
from wbtui.widgets.value_input import ValueInput

_LONGEST = 300
"""The most characters of a message below the line."""


class Line(Input, ValueInput):
    """A line to type in that shows what is in it; a paste that may be a credential is refused."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._line_ended_at = -inf
        self._untold = ""

    def on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.take_paste(event.text)

    def take_paste(self, text: str) -> None:
        """Insert a pasted text, unless it may be a credential."""
        if reason := why_hidden(text):
            self._warn(reason)
        else:
            self.replace(" ".join(filter(None, text.splitlines())), *sorted(self.selection))

    @property
    def raw(self) -> bytes:
        """Return what was entered."""
        return self.value.encode()

    @property
    def from_file(self) -> bool:
        """Return False: no file is read into a visible field."""
        return False

    @property
    def settled(self) -> bool:
        """Return False: the value is visible, so there is nothing to describe."""
        return False

    def clear(self) -> None:
        """Remove the value."""
        self.value = ""

    def take_field(self, field: Field, default: str) -> None:
        """Become the input of another field, with its default in place of the one before."""
        self.placeholder = field.prompt
        if self.value == default:
            self.value = field.default

    def on_key(self, event: events.Key) -> None:
        """Clear the line where text follows an Enter immediately: several lines were pasted, without brackets."""
        if isinstance(event, BurstKey) and event.key != "tab":
            self._line_ended_at = event.time
        elif event.is_printable and event.time - self._line_ended_at < BURST_GAP:
            self._line_ended_at = event.time  # what follows is part of it
            event.stop()
            event.prevent_default()
            if self.value:
                self.value = ""
                self._warn(SEVERAL_LINES)

    def _warn(self, reason: str) -> None:
        self.notify(reason, severity="warning")

    def take_key(self, event: events.Key) -> None:
        """Take a key that was pressed elsewhere: a character, or backspace."""
        if event.is_printable and event.character:
            self.insert_text_at_cursor(event.character)
        else:
            self.action_delete_left()

    @on(Input.Changed)
    def _post_change(self, event: Input.Changed) -> None:
        event.stop()
        begins, self._untold = self._untold, ""
        if not begins or event.value != begins:
            self.post_message(ContentChanged(self))


class TitledLine(Vertical):
    """A line to type in, with a title, and below it a problem or a note."""

    def __init__(
        self,
        title: str,
        *,
        id: str | None = None,  # noqa: A002  Textual's own name
        placeholder: str = "",
    ) -> None:
        super().__init__(classes="titled")
        self.title = title
        self._label = Static(title, classes="label", markup=False)
        self._problem = Static(classes="problem blocks", markup=False)
        self.line = Line(id=id, compact=True, placeholder=placeholder)

    def compose(self) -> ComposeResult:
        """Lay out the title, the line and the problem."""
        yield Horizontal(self._label, self.line, classes="field")
        yield self._problem

    def retitle(self, title: str) -> None:
        """Show another title."""
        self.title = title
        self._label.update(title)

    def show_error(self, text: str) -> None:
        """Show what is wrong; nothing where the text is empty."""
        self._say(text, "blocks")

    def show_note(self, text: str, *, odd: bool = False) -> None:
        """Show a note, `odd` as a warning; nothing where the text is empty."""
        self._say(text, "" if odd else "told")

    def _say(self, text: str, kind: str) -> None:
        sentence = plain(shortened(f"{text[:1].upper()}{text[1:]}.", _LONGEST)) if text else ""
        if sentence != self._problem.content:
            self._problem.display = bool(text)
            self._problem.update(sentence)
            self._problem.set_class(kind == "blocks", "blocks")
            self._problem.set_class(kind == "told", "told")
