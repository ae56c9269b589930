"""The entries of a form, created when they come into view: before that, an entry has its key and no value."""

from collections.abc import Callable, Sequence

from wbtui.domain.form_matches import KeyRow
from wbtui.domain.sealed import Sealed
from wbtui.domain.use_cases.model import EntryForm
from wbtui.widgets.entry import Entry
from wbtui.widgets.field_row import FieldRow
from wbtui.widgets.lazy_lines import LazyLines


class Entries(LazyLines[KeyRow | None, Entry]):
    """An entry for each of `rows`, or an empty one; `keys` returns the key that each field goes to."""

    def __init__(self, entry_form: EntryForm, keys: Callable[[], dict[str, str]], rows: Sequence[KeyRow]) -> None:
        self._entry_form = entry_form
        self._keys = keys
        self._saving = False
        super().__init__(rows or (None,), self.new, rows=2)

    def new(self, row: KeyRow | None = None) -> Entry:
        """Return a new entry; it shows what is missing if the others do."""
        entry = Entry(self._entry_form, self._keys(), row)
        if row and self._saving:
            entry.check(saving=True)
        return entry

    @property
    def rows(self) -> list[FieldRow]:
        """Return every field of the existing entries."""
        return [row for entry in self.lines for row in entry.rows]

    @property
    def coming(self) -> list[str]:
        """Return the keys of the entries that do not exist yet."""
        return [one.key for one in self.content if isinstance(one, KeyRow)]

    def sealed(self) -> tuple[dict[str, Sealed], ...]:
        """Return what was entered, sealed."""
        return tuple(one.sealed() if isinstance(one, Entry) else self._sealed(one) for one in self.content if one)

    def _sealed(self, row: KeyRow) -> dict[str, Sealed]:
        return {self._entry_form.fields[0].name: Sealed(row.key.encode()), row.value.name: Sealed()}

    def check(self, *, saving: bool = False) -> None:
        """Check each entry, and show what is wrong; what is missing only with `saving`.

        With `saving`, the first entry that does not exist yet is created if nothing before it is wrong.
        """
        self._saving = saving
        for entry in self.lines:
            entry.check(saving=saving)
        content = self.content
        first = next((place for place, one in enumerate(content) if not isinstance(one, Entry) or one.blocks), None)
        if saving and first is not None:
            self.line(first)
