"""The form of one way to enter values: drawn from the table of use cases, and nothing in it knows one."""

from collections.abc import Iterator
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Static

from wbtui.domain.names import LARGEST_SECRET
from wbtui.domain.problems import Problem
from wbtui.domain.sealed import Sealed
from wbtui.domain.use_cases import Way
from wbtui.widgets.field_row import FieldRow
from wbtui.widgets.picker import Picker

_MOST_ENTRIES = 200


class Entry(Vertical):
    """One row of fields."""

    def __init__(self, way: Way, keys: dict[str, str]) -> None:
        super().__init__()
        self._way = way
        self._keys = keys

    def compose(self) -> ComposeResult:
        """Lay out the fields below each other."""
        for field in self._way.fields:
            yield FieldRow(field, self._keys[field.name], key_editable=bool(self._way.presets))

    @property
    def rows(self) -> list[FieldRow]:
        """Return the fields."""
        return list(self.query(FieldRow))


class ValuesForm(Vertical):
    """All fields of a way, as many times as wanted where it repeats."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "add", "Add row", id="form.add", tooltip="Add another row of fields"),
        Binding("ctrl+x", "remove", "Remove row", id="form.remove", show=False, tooltip="Take the row away"),
    ]

    class Changed(Message):
        """Something in the form was changed."""

    def __init__(self, way: Way) -> None:
        super().__init__()
        self.way = way

    def compose(self) -> ComposeResult:
        """Lay out the conventions for keys, where there are several, and the first row."""
        if len(self.way.presets) > 1:
            with Horizontal(classes="field"):
                yield Static("Keys as in", classes="label", markup=False)
                yield Picker([preset.title for preset in self.way.presets])
        yield Entry(self.way, self._preset_keys(0))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        return self.way.repeats if action in {"add", "remove"} else True

    @property
    def entries(self) -> list[Entry]:
        """Return the rows of fields."""
        return list(self.query(Entry))

    @property
    def rows(self) -> list[FieldRow]:
        """Return every field of every row."""
        return [row for entry in self.entries for row in entry.rows]

    @property
    def touched(self) -> bool:
        """Tell whether anything was entered."""
        return any(row.touched for row in self.rows)

    def sealed(self) -> tuple[dict[str, Sealed], ...]:
        """Return all that was entered, sealed."""
        return tuple({row.field.name: row.sealed() for row in entry.rows} for entry in self.entries)

    def keys(self) -> dict[str, str]:
        """Return the key that each field goes to."""
        chosen = self._preset_keys(self.query_one(Picker).position if len(self.way.presets) > 1 else 0)
        return {**chosen, **{row.field.name: row.key for row in self.entries[0].rows}}

    def made_keys(self) -> list[str]:
        """Return the keys that the secret would have, as far as they can be told."""
        if self.way.repeats and not self.rows[0].key:
            return sorted(name for _, name in self._names() if name)
        fields = {row.field.name for row in self.rows if row.field.required or len(row.sealed())}
        return sorted(
            {key for name, key in self.keys().items() if key and (name in fields or name in self.way.made_keys)}
        )

    def empty(self) -> None:
        """Let go of every value."""
        for row in self.rows:
            row.empty()

    def problems(self) -> list[tuple[FieldRow, Problem]]:
        """Return all that is wrong or odd, in the order of the rows, and show it there."""
        for row, text in self._clashes():
            row.complain(text)
        return [(row, problem) for row in self.rows if (problem := row.problem(saving=True))]

    def complain(self, key: str, text: str) -> bool:
        """Show what the cluster has against the value of a key; False where no field goes to it."""
        for row, name in [*self._names(), *((row, row.key) for row in self.rows)]:
            if name == key:
                row.complain(text)
                row.focus_value()
                return True
        return False

    def action_add(self) -> None:
        if len(self.entries) < _MOST_ENTRIES:
            self._add()

    @work
    async def _add(self) -> None:
        entry = Entry(self.way, self._preset_keys(0))
        await self.mount(entry, after=self.entries[-1])
        entry.rows[0].focus_value()
        self.post_message(self.Changed())

    @work
    async def action_remove(self) -> None:
        focused = self.screen.focused
        inside = [entry for entry in self.entries if focused and entry in focused.ancestors]
        if inside and len(self.entries) > 1:
            position = self.entries.index(inside[0])
            await inside[0].remove()
            self.entries[max(0, position - 1)].rows[0].focus_value()
            self.post_message(self.Changed())

    def _names(self) -> list[tuple[FieldRow, str]]:
        # Rows that repeat are told apart by their first field; single ones by the key that they go to.
        if self.way.repeats:
            firsts = [entry.rows[0] for entry in self.entries]
            return [(row, row.sealed().unsealed().decode()) for row in firsts]
        return [(row, row.key) for row in self.rows if len(row.sealed())]

    def _clashes(self) -> Iterator[tuple[FieldRow, str]]:
        seen: set[str] = set()
        for row, name in self._names():
            if name and name in seen:
                yield row, f"{name} is there twice"
            seen.add(name)
        total = sum(len(row.sealed()) for row in self.rows if row.field.masked)
        if total > LARGEST_SECRET:
            yield self.rows[-1], f"together {total:,} bytes, where a secret holds at most {LARGEST_SECRET:,}"

    def _preset_keys(self, position: int) -> dict[str, str]:
        return self.way.keys(self.way.presets[position] if self.way.presets else None)

    @on(Picker.Picked)
    def _name_keys(self, event: Picker.Picked) -> None:
        event.stop()
        keys = self._preset_keys(event.position)
        for row in self.rows:
            row.set_key(keys[row.field.name])
        self.post_message(self.Changed())

    @on(FieldRow.Changed)
    def _changed(self, event: FieldRow.Changed) -> None:
        event.stop()
        self.post_message(self.Changed())
