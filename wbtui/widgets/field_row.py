from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from wbtui.domain.names import key_problem
from wbtui.domain.problems import Problem
from wbtui.domain.sealed import Sealed
from wbtui.domain.use_cases import Field
from wbtui.widgets.masked_value import MaskedValue


class FieldRow(Vertical):
    """One field of a form: its title, the key it goes to where that may be changed, its value, and what is wrong."""

    class Changed(Message):
        """Something in the row was changed."""

    def __init__(self, field: Field, key: str, *, key_editable: bool) -> None:
        super().__init__()
        self.field = field
        self._key = key
        self._key_editable = key_editable and bool(key)
        self._complaint = ""

    def compose(self) -> ComposeResult:
        """Lay out title, key and value on one line, and the problem below."""
        with Horizontal(classes="field"):
            yield Static(self.field.title, classes="label", markup=False)
            if self._key_editable:
                yield Input(self._key, compact=True, classes="key", tooltip="The key in the secret")
            if self.field.masked:
                yield MaskedValue(self.field)
            else:
                yield Input(self.field.default, placeholder=self.field.prompt, compact=True, classes="value")
        yield Static(classes="problem", markup=False)

    @property
    def key(self) -> str:
        """Return the key that the field goes to."""
        return self.query_one(".key", Input).value.strip() if self._key_editable else self._key

    @property
    def touched(self) -> bool:
        """Tell whether something was entered here."""
        return bool(self._raw()) and self._raw() != self.field.default.encode()

    def set_key(self, key: str) -> None:
        """Put another key in place."""
        self._key = key
        if self._key_editable:
            self.query_one(".key", Input).value = key

    def sealed(self) -> Sealed:
        """Return the value, sealed."""
        return Sealed(self._raw())

    def empty(self) -> None:
        """Let go of the value."""
        if self.field.masked:
            self.query_one(MaskedValue).empty()
        else:
            self.query_one(".value", Input).value = ""

    def complain(self, text: str) -> None:
        """Say what the cluster, or another row, has against this one, until it is changed."""
        self._complaint = text
        self.show_problem()

    def problem(self, *, saving: bool) -> Problem | None:
        """Return what is wrong here; that something is missing, only where it is to be saved."""
        raw = self._raw()
        if self._complaint:
            return Problem(self._complaint)
        if self._key_editable and (raw or self.field.required) and (wrong := key_problem(self.key)):
            return Problem(wrong)
        if not raw:
            return Problem(f"{self.field.title} is missing") if saving and self.field.required else None
        return self.field.problem(raw)

    def show_problem(self, *, saving: bool = False) -> None:
        """Write the problem below the row, or nothing."""
        found = self.problem(saving=saving)
        fixable = " — ctrl+t mends it" if found and found.fix and self.field.masked else ""
        line = self.query_one(".problem", Static)
        line.display = found is not None
        line.set_class(bool(found and found.blocks), "blocks")
        line.update(f"{found.text[:1].upper()}{found.text[1:]}{fixable}." if found else "")

    def focus_value(self) -> None:
        """Put the focus where the value is entered."""
        (self.query_one(MaskedValue) if self.field.masked else self.query_one(".value", Input)).focus()

    def _raw(self) -> bytes:
        if self.field.masked:
            return self.query_one(MaskedValue).sealed().unsealed()
        return self.query_one(".value", Input).value.encode()

    def on_mount(self) -> None:
        self.show_problem()

    @on(Input.Changed)
    @on(MaskedValue.Changed)
    def _changed(self, event: Message) -> None:
        event.stop()
        self._complaint = ""
        self.show_problem()
        self.post_message(self.Changed())
