"""A list of secrets that can be filtered, sorted and marked; it takes news and knows no cluster."""

from functools import partial
from typing import ClassVar

from textual import on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.signal import Signal

from wbtui.domain.clock import Clock
from wbtui.domain.index import ORDERS, SecretIndex
from wbtui.domain.projects import Scope
from wbtui.domain.secret import Secret
from wbtui.domain.use_cases.model import UseCase
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.errors import ClusterError
from wbtui.news import Changes, Complete, News, Page, WatchClosed
from wbtui.session import Session
from wbtui.widgets.columns import CellFacts
from wbtui.widgets.empty_state import Notice, error_notice, why_empty
from wbtui.widgets.filter_bar import FilterBar
from wbtui.widgets.freshness import Freshness
from wbtui.widgets.keys_in_text import with_keys
from wbtui.widgets.known_uses import number_of_users, old_value_held
from wbtui.widgets.list_columns import ListColumns
from wbtui.widgets.list_keys import LIST_KEYS
from wbtui.widgets.missing_secrets import MissingSecrets
from wbtui.widgets.secret_table import SecretTable
from wbtui.widgets.status_line import StatusLine
from wbtui.widgets.typed_filter import TypedFilter
from wbtui.widgets.use_case_bar import UseCaseBar


class SecretList(Vertical):
    """Use cases, filter, table and counts, over one index."""

    BINDINGS: ClassVar[list[BindingType]] = [*LIST_KEYS]
    MINUTE: ClassVar[float] = 60.0  # seconds after which what only the time has changed is drawn

    def __init__(self, session: Session, now: Clock, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.changed: Signal[None] = Signal(self, "changed")
        self.index = SecretIndex()
        self._session, self._uses = session, session.uses
        self._state = state = session.state
        self.index.sort(state.order, reverse=state.reverse)
        self._scope = Scope(None)
        self.use_case: UseCase | None = None
        self._typed = TypedFilter(now, session, self.index)
        self._freshness = Freshness(now)
        self._missing = MissingSecrets()
        # Kept: events may still come while the screen is being removed.
        facts = CellFacts(partial(old_value_held, uses=self._uses), partial(number_of_users, uses=self._uses), now)
        self.table = SecretTable(self.index, facts, id="table")
        self.columns = ListColumns(self.table, state, self._look_for_uses)
        self._use_cases = UseCaseBar(self.action_use_case, id="use-cases")
        self._filter = FilterBar(self._edit, self._leave_filter, self._typed.completions, id="filter")
        self._status = StatusLine(id="status")

    def compose(self) -> ComposeResult:
        """Lay out the parts from top to bottom."""
        yield from (self._use_cases, self._filter, self.table, self._status)

    def on_mount(self) -> None:
        self._filter.display = False
        for source in (self._uses, self._session):
            source.changed.subscribe(self, self._take_facts)
        self.set_interval(self.MINUTE, partial(self._take_facts, None))

    def begin(self, scope: Scope) -> None:
        """Start an empty list of another scope."""
        self._scope = scope
        self._freshness.begin()
        self._missing.begin()
        self.index.clear()
        self.columns.begin(all_projects=scope.namespace is None)
        self.table.start_over()
        self.redraw()

    def apply(self, news: News) -> None:
        """Apply an event."""
        self._freshness.apply(news)
        match news:
            case Page(items=secrets):
                self.index.load(secrets)
            case Complete(uids=uids):
                self.index.sweep(uids)
                self._missing.look(self.index, self._scope)
                self.table.show_rows()
                self.table.cursor.hold()
                self.call_after_refresh(self.index.lay_out)
            case Changes(changed=changed, deleted=deleted):
                self.index.update(changed, deleted)
            case WatchClosed():
                return
        self.redraw()

    def named(self, namespace: str, name: str) -> Secret | None:
        """Return a secret by name, None where there is none. Raises `LookupError` while not all are known."""
        if not self._freshness.complete or self._freshness.error or self._scope.namespace not in {None, namespace}:
            raise LookupError(namespace)
        return next((secret for secret in self.index.of(namespace) if secret.name == name), None)

    def show_error(self, error: ClusterError) -> None:
        """Show why no more changes come; the rows stay, with the time of the last change."""
        self._freshness.error = error
        self.redraw()

    def action_filter(self) -> None:
        """Open and focus the filter."""
        self._filter.display = True
        self.screen.set_focus(self._filter)

    def action_clear(self) -> None:
        """Clear the filter."""
        if not self._filter.display:
            raise SkipAction  # the key may mean something to the screen
        self._filter.value = ""
        self._filter.display = False

    def action_use_case(self, digit: int) -> None:
        """Show one use case only; 0 shows all."""
        self.use_case = USE_CASES[digit - 1] if digit else None
        self._use_cases.mark(self.use_case)
        self._refilter()
        self.columns.narrow(self.use_case)

    @on(SecretTable.TitleClicked)
    def _sort_by_title(self, event: SecretTable.TitleClicked) -> None:
        self.action_sort(event.order)

    def action_sort(self, order: str) -> None:
        """Sort by an order; the current one is reversed."""
        self._state.reverse = order == self._state.order and not self._state.reverse
        self._state.order = order
        self._state.save()
        self.index.sort(order, reverse=self._state.reverse)
        self.table.restyle()
        self.redraw()
        self.call_after_refresh(self.index.lay_out)

    def _leave_filter(self) -> None:
        self._filter.display = bool(self._filter.value)
        self.table.cursor.stay()  # what comes next is about this secret, also when the filter is cleared
        self.table.restyle()  # columns may have room for what is no longer shown
        self.screen.set_focus(self.table)

    def _edit(self, text: str) -> None:
        if self._typed.read(text):
            self._look_for_uses()
            self._refilter()
        else:
            self._refresh_status()

    def _look_for_uses(self) -> None:
        if self._typed.query.asks_uses or self.columns.asks_uses:
            self._uses.look(self._scope.namespace)

    def _take_facts(self, _: None) -> None:
        if self._typed.query.asks_facts and self.index.total:
            self.index.filter_again()
            self.redraw()
        else:
            self.table.show_rows()

    def _refilter(self) -> None:
        self.index.filter(self._typed.query, self.use_case.value if self.use_case else None)
        self.redraw()

    def redraw(self) -> None:
        """Show what the index has now."""
        self.table.lines.show_notice(() if len(self.index) else self._why_empty())
        self.table.show_rows()
        self._refresh_status()
        if self.index.total or not self._freshness.error:  # what is not seen is not gone
            self.changed.publish(None)

    def _why_empty(self) -> Notice:
        if self._freshness.error and not self.index.total:
            return error_notice(self._freshness.error, self)
        advice = "Esc clears the filter." if self._filter.value else "0 shows all use cases."
        complete = self._freshness.complete
        return why_empty(self.index.total, self._scope, self._typed.waits_for, advice, complete=complete)

    @on(SecretTable.Marked)
    def _refresh_status(self) -> None:
        self._use_cases.count(self.index.total if self._freshness.complete else 0, self.index.use_cases)
        if self._typed.mistake:
            self._status.show_filter_error(self._typed.mistake)
            return
        use_case = f"{self.use_case.title} only" if self.use_case else ""
        helm, order = "Helm shown" if self._scope.helm else "Helm hidden", f"by {ORDERS[self._state.order].title}"
        as_of = with_keys(self._freshness.words, self) if self.index.total else ""
        notes = (as_of, self._typed.gaps_in_a_line, use_case, helm, order, self._missing.words(self.index))
        self._status.show_counts(self.index, self.table.marks.present, *notes, complete=self._freshness.complete)
