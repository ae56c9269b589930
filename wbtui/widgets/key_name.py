"""The name of a key that has a default: hard to change by accident, since a value typed there would be visible."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from wbtui.terminal.typed_ahead import TakesPastes
from wbtui.widgets.line import Line
from wbtui.widgets.value_input import ValueInput

_EDITS = ("delete", "cut", "paste")
"""What the names of Textual's actions that change a line begin with."""


class KeyName(Line, TakesPastes):
    """Shows the name; what is typed or pasted here goes into `value` beside it, until Enter makes the name editable."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "rename", "Rename key", id="key.rename", tooltip="Change the name of the key"),
    ]

    def __init__(self, name: str, value: ValueInput) -> None:
        super().__init__(name, compact=True, classes="key", select_on_focus=False, tooltip="The name of the key")
        self._untold = name  # the initial name is no change
        self._beside = value
        self._editable = False
        self.passing_on = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        return self._editable or not action.startswith(_EDITS)

    async def action_rename(self) -> None:
        if self._editable or self.passing_on:
            await self.run_action("screen.go(1)")
        else:
            self._editable = True
            self.add_class("editable")
            self.cursor_position = len(self.value)

    def on_key(self, event: events.Key) -> None:
        if self._editable or not (event.is_printable or (self.passing_on and event.key == "backspace")):
            return
        event.stop()
        event.prevent_default()
        self._beside.take_key(event)
        self._pass_on()

    def on_paste(self, event: events.Paste) -> None:
        if not self._editable:
            event.prevent_default()
            event.stop()
            self._beside.take_paste(event.text)
            self._pass_on()

    def on_blur(self) -> None:
        self._editable = self.passing_on = False
        self.remove_class("editable")

    def go_to_value(self) -> None:
        """Focus the value."""
        self.passing_on = False
        self.screen.set_focus(self._beside)

    def _pass_on(self) -> None:
        if not self.passing_on:
            self.passing_on = True
            self.call_later(self._leave)

    def _leave(self) -> None:
        # Keys that were sent here before stay in order: those after them are sent to the value.
        if self.message_queue_size:
            self.call_later(self._leave)
        elif self.passing_on and self.has_focus:
            self.go_to_value()
