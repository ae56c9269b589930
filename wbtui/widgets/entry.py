from textual.app import ComposeResult
from textual.containers import Vertical

from wbtui.domain.form_matches import Row
from wbtui.domain.use_cases.model import EntryForm
from wbtui.widgets.field_row import FieldRow


class Entry(Vertical):
    """One row of fields."""

    def __init__(self, entry_form: EntryForm, keys: dict[str, str], row: Row | None = None) -> None:
        super().__init__()
        if row:
            value = FieldRow(row.value, "", key_editable=False)
            name = FieldRow(entry_form.fields[0], "", key_editable=False, start=row.key, named=value.value)
            self.rows = [name, value]
        else:
            editable = bool(entry_form.presets)
            self.rows = [FieldRow(field, keys[field.name], key_editable=editable) for field in entry_form.fields]
        self.adapt()

    def compose(self) -> ComposeResult:
        """Lay out the fields below each other."""
        yield from self.rows

    def adapt(self) -> None:
        """Adapt the fields that depend on another one to its value."""
        for row in self.rows:
            if follows := row.field.follows:
                other = next(row for row in self.rows if row.field.name == follows.name)
                row.adapt(follows.adapt(row.field, other.sealed().unsealed().decode()))
