"""An input for a hidden value: it keeps every character and shows none."""

import re
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from wbtui.domain.content_format import content_format
from wbtui.domain.sealed import Sealed
from wbtui.domain.text import plain, shortened
from wbtui.domain.use_cases.model import Field
from wbtui.terminal.typed_ahead import TakesPastes
from wbtui.widgets.content_changed import ContentChanged
from wbtui.widgets.keys_in_text import with_keys
from wbtui.widgets.value_input import ValueInput


class MaskedValue(TakesPastes, ValueInput, can_focus=True):
    """Takes typed keys, pastes of any number of lines, and files; shows how much there is and of what kind.

    There is nothing to select or copy in it, and the cursor stays at the end, since nobody could see where it is.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "leave", "Next", id="value.leave", show=False, priority=True, tooltip="Next field"),
        Binding("ctrl+o", "from_file", "From file", id="value.file", tooltip="Read the value from a file"),
        Binding("ctrl+t", "tidy", "Tidy", id="value.tidy", tooltip="Correct what is reported"),
        Binding("ctrl+u", "clear", "Clear", id="value.clear", show=False, tooltip="Clear the value"),
    ]

    class FileAsked(Message):
        """The user wants to read the value from a file."""

        def __init__(self, value: "MaskedValue") -> None:
            super().__init__()
            self.value = value

    def __init__(self, field: Field) -> None:
        super().__init__(classes="value")
        self.field = field
        self._value = b""
        self._file = ""
        self._typing = False
        self._measured = ""

    @property
    def settled(self) -> bool:
        """Return whether the value is complete, as far as is known: pasted, read, or left after typing."""
        return bool(self._value) and not (self._typing and self.has_focus)

    @property
    def from_file(self) -> bool:
        """Return whether the value was read from a file; the file may be empty."""
        return bool(self._file)

    @property
    def raw(self) -> bytes:
        """Return the value in plain text."""
        return self._value

    def take_field(self, field: Field, default: str) -> None:
        """Become the input of another field; a hidden value has no default."""
        del default
        self.field = field
        self.refresh()

    def sealed(self) -> Sealed:
        """Return the value, sealed."""
        return Sealed(self._value)

    def __len__(self) -> int:
        return len(self._value)

    def __bool__(self) -> bool:
        return True

    def take_file(self, name: str, value: bytes) -> None:
        """Set the value to the content of a file."""
        self._set(value, name)

    def clear(self) -> None:
        """Drop the value."""
        self._set(b"")

    def render(self) -> Content:
        """Draw the size and the kind of the value."""
        cursor = ("▏", "bold") if self.has_focus else ""
        if not self._value and not self._file:
            return Content.assemble(cursor, (with_keys(self.field.prompt, self), "dim"))
        self._measured = self._measured or ", ".join(self._measures())
        return Content.assemble("••••••••", cursor, (f"  {self._measured}", "dim"))

    def _measures(self) -> list[str]:
        lines = self._value.removesuffix(b"\n").count(b"\n") + 1
        size = f"{len(self._value):,} bytes"
        parts = [f"from {shortened(plain(self._file), 40)}"] if self._file else []
        parts += [f"{lines:,} lines"] if lines > 1 else []
        kind = content_format(self._value)
        return [*parts, size, *([kind] if kind else [])]

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Return whether a key types a character, so that it is not taken for a command."""
        typed = {"backspace", "enter"} if self.field.multiline else {"backspace"}
        return key in typed or bool(character and character.isprintable())

    def on_key(self, event: events.Key) -> None:
        if event.is_printable or event.key in {"enter", "backspace"}:
            self.take_key(event)
            event.stop()
            event.prevent_default()

    def take_key(self, event: events.Key) -> None:
        """Take a key, wherever it was pressed: a character, a line end, or backspace."""
        if event.is_printable and event.character:
            self._add(event.character, typing=True)
        elif event.key == "enter":
            self._add("\n", typing=True)
        else:
            self._set(b"" if self._file else self._value.decode(errors="ignore")[:-1].encode(), typing=True)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.take_paste(event.text)

    def take_paste(self, text: str) -> None:
        """Add a pasted text."""
        # A terminal sends a line end as CR; one that was CRLF stays visible as such.
        self._add(re.sub(r"\r(?!\n)", "\n", text))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        return action != "leave" or not self.field.multiline

    async def action_leave(self) -> None:
        await self.run_action("screen.go(1)")

    def action_from_file(self) -> None:
        self.post_message(self.FileAsked(self))

    def action_tidy(self) -> None:
        found = self.field.problem(self._value) if self._value else None
        if found and found.fix:
            self._set(found.fix(self._value), self._file)

    def action_clear(self) -> None:
        self.clear()

    def _add(self, text: str, *, typing: bool = False) -> None:
        before = b"" if self._file else self._value
        self._set(before + text.encode(errors="surrogatepass"), typing=typing)

    def _set(self, value: bytes, file: str = "", *, typing: bool = False) -> None:
        self._value, self._file, self._typing, self._measured = value, file, typing, ""
        self.refresh()
        self.post_message(ContentChanged(self))
