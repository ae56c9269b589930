"""A list of secrets that can be filtered, sorted and marked; it takes news and knows no cluster."""

from typing import ClassVar

from textual import on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.signal import Signal

from wbtui.domain.index import ORDERS, SecretIndex
from wbtui.domain.projects import Scope
from wbtui.domain.query import Clock, Query
from wbtui.domain.secret import Secret
from wbtui.domain.use_cases.model import UseCase
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.errors import ClusterError
from wbtui.news import Changes, Complete, News, Page, WatchClosed
from wbtui.storage.session_state import SessionState
from wbtui.usage_follower import UsageFollower
from wbtui.widgets.empty_state import EmptyState, why_empty
from wbtui.widgets.filter_bar import FilterBar
from wbtui.widgets.freshness import Freshness
from wbtui.widgets.known_uses import OLD_VALUE_HELD, known_uses
from wbtui.widgets.list_keys import LIST_KEYS
from wbtui.widgets.missing_secrets import MissingSecrets
from wbtui.widgets.secret_table import SecretTable
from wbtui.widgets.status_line import StatusLine
from wbtui.widgets.use_case_bar import UseCaseBar


class SecretList(Vertical):
    """Use cases, filter, table and counts, over one index."""

    BINDINGS: ClassVar[list[BindingType]] = [*LIST_KEYS]

    def __init__(self, state: SessionState, now: Clock, uses: UsageFollower, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.changed: Signal[None] = Signal(self, "changed")
        self.index = SecretIndex()
        self.index.sort(state.order, reverse=state.reverse)
        self._state = state
        self._now = now
        self._uses = uses
        self._scope = Scope(None)
        self._query = Query()
        self.use_case: UseCase | None = None
        self._mistake = ""
        self._freshness = Freshness(now)
        self._missing = MissingSecrets()
        # Kept: news may still come while what is on the screen is taken down.
        self.table = SecretTable(self.index, lambda secret: OLD_VALUE_HELD if uses.is_stale(secret) else "", id="table")
        self._use_cases = UseCaseBar(id="use-cases")
        self._filter = FilterBar(self._edit, self._leave_filter, id="filter")
        self._notice = EmptyState(id="notice")
        self._status = StatusLine(id="status")

    def compose(self) -> ComposeResult:
        """Lay out the parts from top to bottom."""
        yield from (self._use_cases, self._filter, self.table, self._notice, self._status)

    def on_mount(self) -> None:
        self._filter.display = False
        self._show_order()
        self._uses.changed.subscribe(self, self._take_usage)

    def begin(self, scope: Scope) -> None:
        """Start another list: nothing is there yet."""
        self._scope = scope
        self._freshness.begin()
        self._missing.begin()
        self.index.clear()
        self.table.all_projects = scope.namespace is None
        self.table.restyle()
        self.table.start_over()
        self._look_for_uses()
        self.redraw()

    def apply(self, news: News) -> None:
        """Take in what has come from the cluster."""
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
        """Say why there are no more news; what is known stays, marked as of when it was known."""
        self._freshness.error = error
        self.redraw()

    def action_filter(self) -> None:
        """Go to the line in which a filter is typed."""
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

    def action_sort(self, order: str) -> None:
        """Sort; by the order that is on already, the other way round."""
        self._state.reverse = order == self._state.order and not self._state.reverse
        self._state.order = order
        self._state.save()
        self.index.sort(order, reverse=self._state.reverse)
        self._show_order()
        self.redraw()
        self.call_after_refresh(self.index.lay_out)

    def _leave_filter(self) -> None:
        self._filter.display = bool(self._filter.value)
        self.screen.set_focus(self.table)

    def _edit(self, text: str) -> None:
        from wbtui.domain.filter_language import QueryError, Uses, parse

        try:
            self._query, self._mistake = parse(text, self._now, Uses(self._uses.used, self._uses.stale)), ""
        except QueryError as error:
            self._mistake = str(error)
            self._refresh_status()
        else:
            self._look_for_uses()
            self._refilter()

    def _look_for_uses(self) -> None:
        if self._query.asks_uses:
            self._uses.look(self._scope.namespace)

    def _take_usage(self, _: None) -> None:
        if self._query.asks_uses and self.index.total:
            self.index.filter_again()
            self.redraw()
        else:
            self.table.show_rows()

    def _refilter(self) -> None:
        self.index.filter(self._query, self.use_case.value if self.use_case else None)
        self.redraw()

    def _show_order(self) -> None:
        self.table.order = self._state.order
        self.table.restyle()

    def redraw(self) -> None:
        """Show what the index has now."""
        self.table.show_rows()
        self._refresh_status()
        notice = self._notice
        notice.display = not len(self.index)
        if self._freshness.error and not self.index.total:
            # What is not seen is not gone.
            notice.show_error(self._freshness.error)
            return
        if notice.display:
            _, waits = known_uses(self._query, self._uses)
            advice = "Esc clears the filter." if self._filter.value else "0 shows all use cases."
            why = why_empty(self.index.total, self._scope, waits, advice, complete=self._freshness.complete)
            notice.show_text(*why)
        self.changed.publish(None)

    @on(SecretTable.Marked)
    def _refresh_status(self) -> None:
        if self._mistake:
            self._status.show_filter_error(self._mistake)
            return
        use_case = f"{self.use_case.title} only" if self.use_case else ""
        helm = "Helm shown" if self._scope.helm else "Helm hidden"
        order = f"by {ORDERS[self._state.order].title}"
        reach, _ = known_uses(self._query, self._uses)
        as_of = self._freshness.words if self.index.total else ""
        notes = (as_of, reach, use_case, helm, order, self._missing.words(self.index))
        self._status.show_counts(self.index, self.table.marks, *notes, complete=self._freshness.complete)
