"""The form in which values are entered: drawn from the table of use cases, and nothing in it knows one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from wbtui.domain.form_matches import KeyRow
from wbtui.domain.names import LARGEST_SECRET
from wbtui.domain.problems import Problem
from wbtui.domain.sealed import Sealed
from wbtui.domain.use_cases.model import EntryForm
from wbtui.widgets.content_changed import ContentChanged
from wbtui.widgets.entries import Entries
from wbtui.widgets.entry import Entry
from wbtui.widgets.field_row import FieldRow
from wbtui.widgets.lazy_lines import LazyPart
from wbtui.widgets.picker import Picker
from wbtui.widgets.titled import titled

_MOST_ENTRIES = 100
"""More than anyone enters by hand, and few enough to stay quick."""


class ValuesForm(Vertical):
    """All fields of a form, as many times as wanted where it repeats: with each of `rows` to begin with."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "add", "Add row", id="form.add", priority=True, tooltip="Add another row of fields"),
        Binding("ctrl+x", "remove", "Remove row", id="form.remove", show=False, tooltip="Remove the row"),
    ]

    def __init__(self, entry_form: EntryForm, preset: int = 0, rows: Sequence[KeyRow] = ()) -> None:
        super().__init__()
        self.entry_form = entry_form
        self._presets = Picker([preset.title for preset in entry_form.presets], id="presets")
        self._presets.position = preset
        self._entries = Entries(entry_form, self._preset_keys, rows)

    def compose(self) -> ComposeResult:
        """Lay out the conventions for keys, where there are several, and the first row."""
        if len(self.entry_form.presets) > 1:
            yield titled("Keys as in", self._presets)
        if self.entry_form.presets:
            yield _headings()
        yield self._entries

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        return self.entry_form.repeats if action in {"add", "remove"} else True

    @property
    def entries(self) -> list[Entry]:
        """Return the existing entries: the others have no value yet."""
        return self._entries.lines

    @property
    def rows(self) -> list[FieldRow]:
        """Return every field of these entries."""
        return self._entries.rows

    @property
    def last(self) -> FieldRow:
        """Return the last field of the last entry."""
        return self._entries.line(-1).rows[-1]

    @property
    def touched(self) -> bool:
        """Return whether anything was entered."""
        return any(row.touched for row in self.rows)

    def sealed(self) -> tuple[dict[str, Sealed], ...]:
        """Return all that was entered, sealed."""
        return self._entries.sealed()

    def hidden(self) -> Iterator[bytes]:
        """Yield in plain text what was entered in the fields that hide it."""
        return (row.value.raw for row in self.rows if row.field.masked)

    def entered(self) -> tuple[dict[str, Sealed], ...]:
        """Return what was entered, sealed, without the entries in which nothing was but what tells them apart."""
        named = 1 if self.entry_form.repeats else 0
        told = (entry for entry in self.entries if any(row.touched for row in entry.rows[named:]))
        return tuple(entry.entered() for entry in told)

    @property
    def complete(self) -> bool:
        """Return whether everything that has a key was entered, so that what is made of it can be made."""
        return all(row.touched for row in self.rows if row.key)

    def keys(self) -> dict[str, str]:
        """Return the key that each field goes to."""
        return {**self._preset_keys(), **{row.field.name: row.key for row in self.entries[0].rows}}

    def made_keys(self) -> list[str]:
        """Return the keys that the secret would have, as far as they can be told."""
        if self.entry_form.repeats and not self.rows[0].key:
            return sorted({name for _, name in self._names() if name})
        fields = {row.field.name for row in self.rows if row.field.required or row.length}
        return sorted(
            {key for name, key in self.keys().items() if key and (name in fields or name in self.entry_form.made_keys)}
        )

    def clear(self) -> None:
        """Let go of every value."""
        for row in self.rows:
            row.clear()

    def check(self, *, partly: bool = False) -> list[tuple[FieldRow, Problem]]:
        """Return all that is wrong or odd as it is to be saved, in the order of the rows, and show it there.

        With `partly`, what is missing is not wrong.
        """
        self._entries.check(saving=not partly)
        self._find_clashes()
        return [(row, row.problem) for row in self.rows if row.problem]

    def check_again(self) -> None:
        """Check again, without what is missing: it may be left out now."""
        self._entries.check()

    def show_error(self, key: str, text: str) -> bool:
        """Show what the cluster has against the value of a key; False where no field goes to it."""
        for row, name in [*self._names(), *((row, row.key) for row in self.rows)]:
            if name == key:
                row.show_error(text)
                row.value.focus()
                return True
        return False

    async def action_add(self) -> None:
        if len(self._entries.content) < _MOST_ENTRIES:
            entry = self._entries.new()
            entry.add_class("another")
            with self.app.batch_update():  # laid out once, not with every part of it
                await self._entries.add(entry)
                self.screen.set_focus(entry.rows[0].value)
            self.call_after_refresh(entry.scroll_visible, animate=False)
            self.post_message(ContentChanged(self))
        else:
            self.notify(f"A form has at most {_MOST_ENTRIES} rows.")

    def action_remove(self) -> None:
        focused = self.screen.focused
        inside = [entry for entry in self.entries if focused and entry in focused.ancestors]
        if inside and len(self._entries.content) > 1:
            position = self._entries.content.index(inside[0])
            self._entries.take_out(inside[0])
            self._entries.line(max(0, position - 1)).rows[0].value.focus()
            self.post_message(ContentChanged(self))

    def _names(self) -> list[tuple[FieldRow, str]]:
        # Rows that repeat are told apart by their first field; single ones by the key that they go to.
        if self.entry_form.repeats:
            firsts = [entry.rows[0] for entry in self.entries]
            return [(row, row.sealed().unsealed().decode()) for row in firsts]
        return [(row, row.key) for row in self.rows if row.length]

    def _clashes(self) -> dict[FieldRow, str]:
        made = [self._preset_keys()[name] for name in self.entry_form.made_keys]
        counts = Counter([*made, *self._entries.coming, *(name for _, name in self._names())])
        found = {row: f"{name} is there twice" for row, name in self._names() if name and counts[name] > 1}
        largest, total = max(self.rows, key=lambda row: row.length), sum(row.length for row in self.rows)
        if largest.length <= LARGEST_SECRET < total:
            found[largest] = f"together {total:,} bytes, where a secret holds at most {LARGEST_SECRET:,}"
        return found

    def _preset_keys(self) -> dict[str, str]:
        return self.entry_form.keys(
            self.entry_form.presets[self._presets.position] if self.entry_form.presets else None
        )

    @on(ContentChanged, "#presets")
    def _name_keys(self) -> None:
        keys = self._preset_keys()
        for row in self.rows:
            row.set_key(keys[row.field.name])

    @on(ContentChanged)
    def _bring_up_to_date(self) -> None:
        for entry in self.entries:
            entry.adapt()
        self._find_clashes()

    @on(LazyPart.Made)
    def _find_clashes(self) -> None:
        found = self._clashes()
        for row in self.rows:
            row.clash(found.get(row, ""))


def _headings() -> Horizontal:
    texts = (("", "label"), ("Key", "key"), ("Value", "value"))
    return Horizontal(*(Static(text, classes=place, markup=False) for text, place in texts), classes="field headings")
