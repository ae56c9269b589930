from textual.app import ComposeResult
from textual.containers import Vertical

from wbtui.domain.form_matches import KeyRow
from wbtui.domain.sealed import Sealed
from wbtui.domain.use_cases.model import EntryForm
from wbtui.widgets.field_row import FieldRow


class Entry(Vertical):
    """One row of fields."""

    def __init__(self, entry_form: EntryForm, keys: dict[str, str], row: KeyRow | None = None) -> None:
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

    def sealed(self) -> dict[str, Sealed]:
        """Return all that is in the fields, sealed."""
        return {row.field.name: row.sealed() for row in self.rows}

    def entered(self) -> dict[str, Sealed]:
        """Return what was entered, sealed."""
        # What stands in a field to begin with was not entered; what has no key of its own belongs to the others.
        return {row.field.name: row.sealed() if row.touched or not row.key else Sealed() for row in self.rows}

    def check(self, *, saving: bool = False) -> None:
        """Check each field, and show what is wrong; what is missing only with `saving`."""
        for row in self.rows:
            row.check(saving=saving)

    @property
    def blocks(self) -> bool:
        """Return whether something here prevents saving."""
        return any(row.problem and row.problem.blocks for row in self.rows)

    def adapt(self) -> None:
        """Adapt the fields that depend on another one to its value."""
        for row in self.rows:
            if follows := row.field.follows:
                other = next(row for row in self.rows if row.field.name == follows.name)
                row.adapt(follows.adapt(row.field, other.sealed().unsealed().decode()))
