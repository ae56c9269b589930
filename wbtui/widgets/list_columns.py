"""Which columns the list shows: the chosen ones, those of the settings, or those of the wide view."""

from collections.abc import Callable, Sequence

from wbtui.domain.use_cases.model import UseCase
from wbtui.storage.session_state import SessionState
from wbtui.widgets.columns import COLUMNS, DEFAULT, WIDE, columns_named, columns_problem
from wbtui.widgets.secret_table import SecretTable

_SAME = tuple(name for name, column in COLUMNS.items() if column.of_use_case)


class ListColumns:
    """Shows columns in a table, and remembers what was chosen; `changed` is called after each change."""

    def __init__(self, table: SecretTable, state: SessionState, changed: Callable[[], None]) -> None:
        self._table = table
        self._state = state
        self._changed = changed
        self._default: Sequence[str] = DEFAULT
        self._all_projects = False
        self._use_case: UseCase | None = None

    @property
    def names(self) -> Sequence[str]:
        """Return the names of the columns that are shown where there is room."""
        return WIDE if self._state.wide else self._state.columns or self._default

    @property
    def asks_uses(self) -> bool:
        """Return whether a column that is shown needs to know who uses the secrets."""
        return any(COLUMNS[name].asks_uses for name in self.names if name in COLUMNS)

    def begin(self, *, all_projects: bool) -> None:
        """Show the columns for another list."""
        self._all_projects = all_projects
        self.show()

    def narrow(self, use_case: UseCase | None) -> None:
        """Leave out the columns that say the same in all secrets of a use case."""
        self._use_case = use_case
        self.show()

    def use_default(self, names: Sequence[str]) -> None:
        """Show the columns of the settings where no others were chosen. Raises `ValueError` for an unknown name."""
        if wrong := columns_problem(names):
            raise ValueError(wrong)
        self._default = names or DEFAULT
        self.show()

    def choose(self, names: Sequence[str]) -> None:
        """Show these columns from now on; without any, those of the settings. Raises `ValueError` as above."""
        if wrong := columns_problem(names):
            raise ValueError(wrong)
        self._state.columns = list(names)
        self._state.wide = False
        self._state.save()
        self.show()

    def toggle_wide(self) -> None:
        """Show more columns, or those chosen."""
        self._state.wide = not self._state.wide
        self._state.save()
        self.show()

    def toggle_ages(self) -> None:
        """Show ages in place of dates, or dates."""
        self._state.ages = not self._state.ages
        self._state.save()
        self.show()

    def show(self) -> None:
        """Show the columns."""
        without = _SAME if self._use_case and not self._state.wide else ()
        names = [name for name in self.names if not columns_problem([name])]
        columns = columns_named(names, all_projects=self._all_projects, without=without)
        self._table.show_columns(columns, wide=self._state.wide, ages=self._state.ages)
        self._changed()
