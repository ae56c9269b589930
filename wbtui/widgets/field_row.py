from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from wbtui.domain.names import key_problem
from wbtui.domain.problems import Problem
from wbtui.domain.sealed import Sealed
from wbtui.domain.text import plain, shortened
from wbtui.domain.use_cases.model import Field
from wbtui.widgets.content_changed import ContentChanged
from wbtui.widgets.key_name import KeyName
from wbtui.widgets.keys_in_text import with_keys
from wbtui.widgets.line import Line
from wbtui.widgets.masked_value import MaskedValue
from wbtui.widgets.value_input import ValueInput

_LONGEST = 300
"""The most characters of a message below the row."""


class FieldRow(Vertical):
    """One field of a form: its title, the key it goes to where that may be changed, its value, and what is wrong.

    With `named`, the field is the name of a key that is there already, and `named` the value of that key.
    """

    def __init__(
        self, field: Field, key: str, *, key_editable: bool, start: str = "", named: ValueInput | None = None
    ) -> None:
        super().__init__()
        self.field = field
        self._start = start or field.default
        self._preset_key = key
        self._key_editable = key_editable and bool(key)
        self.value: ValueInput = KeyName(start, named) if named else _input_of(field)
        self._key = KeyName(key, self.value)
        self._line = Static(classes="problem", markup=False)
        self._found: Problem | None = None
        self._complaint = ""
        self._clash = ""

    def compose(self) -> ComposeResult:
        """Lay out title, key and value on one line, and below it what is wrong, or may be shown of the value."""
        with Horizontal(classes="field"):
            yield Static(self.field.title, classes="label", markup=False)
            if self._key_editable:
                yield self._key
            yield self.value
        yield self._line

    @property
    def key(self) -> str:
        """Return the key that the field goes to."""
        return self._key.value.strip() if self._key_editable else self._preset_key

    @property
    def touched(self) -> bool:
        """Return whether something was entered here."""
        raw = self.value.raw
        return self.key != self._preset_key or self._is_empty_file or (bool(raw) and raw != self._start.encode())

    @property
    def _is_empty_file(self) -> bool:
        return self.value.from_file and not self.length

    @property
    def length(self) -> int:
        """Return how many bytes were entered."""
        return len(self.value.raw)

    def adapt(self, field: Field) -> None:
        """Become another field, with its default unless something else was entered."""
        if field == self.field:
            return
        self.value.take_field(field, self._start)
        self._start = field.default
        self.field = field
        self.check()

    def set_key(self, key: str) -> None:
        """Put another key in place."""
        self._preset_key = self._key.value = key

    def sealed(self) -> Sealed:
        """Return the value, sealed."""
        return Sealed(self.value.raw)

    def clear(self) -> None:
        """Drop the value."""
        self.value.clear()

    def show_error(self, text: str) -> None:
        """Show the cluster's message about this row, until it is changed or saved again."""
        self._complaint = text
        self.show_problem()

    def clash(self, text: str) -> None:
        """Show how this row clashes with the others; nothing where the text is empty."""
        if text != self._clash:
            self._clash = text
            self.show_problem()

    def check(self, *, saving: bool = False) -> None:
        """Check the row and show the problem; a missing value is one only when saving."""
        self._complaint = ""
        raw = self.value.raw
        if self._key_editable and (raw or self.field.required) and (wrong := key_problem(self.key)):
            self._found = Problem(wrong)
        elif raw:
            self._found = self.field.problem(raw)
        else:
            self._found = self._emptiness(saving=saving)
        self.show_problem()

    def _emptiness(self, *, saving: bool) -> Problem | None:
        if self.field.may_be_empty and (self._is_empty_file or (saving and not self.field.required)):
            return Problem("it is empty", blocks=False)
        return Problem("required") if saving and self.field.required else None

    @property
    def problem(self) -> Problem | None:
        """Return what is wrong or odd here, by the cluster, by the other rows, or by the field's own rules."""
        said = self._complaint or self._clash
        return Problem(said) if said else self._found

    def show_problem(self) -> None:
        """Write below the row what is wrong, or what may be shown of the value, or nothing."""
        found = self.problem
        fixable = " — {value.tidy} corrects it" if found and found.fix and self.field.masked else ""
        words = f"{found.text[:1].upper()}{found.text[1:]}{fixable}." if found else self._description()
        words = plain(shortened(with_keys(words, self), _LONGEST))
        if words != self._line.content:  # each update lays out the whole form again
            self._line.display = bool(words)
            self._line.update(words)
        self._line.set_class(found is None, "told")
        self._line.set_class(bool(found and found.blocks), "blocks")

    def _description(self) -> str:
        if self.field.describe and self.value.settled:
            return self.field.describe(self.value.raw.decode(errors="replace"))
        return ""

    def on_descendant_blur(self) -> None:
        self.show_problem()

    @on(ContentChanged)
    def _changed(self) -> None:
        self.check()


def _input_of(field: Field) -> ValueInput:
    if field.masked:
        return MaskedValue(field)
    return Line(field.default, placeholder=field.prompt, compact=True, classes="value")
