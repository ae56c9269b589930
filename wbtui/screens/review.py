"""Review what is pointed to another secret: one difference of all objects, before any of them is changed."""

from collections.abc import Iterator
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from wbtui.domain.handover import HandoverChange, Users
from wbtui.domain.manifests import differences
from wbtui.domain.syncing import syncs
from wbtui.domain.text import plain
from wbtui.errors import ClusterError
from wbtui.handing_over import Reviewed, read_changes
from wbtui.repository import WorkloadStore
from wbtui.screens.answers import ask
from wbtui.screens.attention import ConfirmDialog
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.keys_in_text import advice_of, with_keys
from wbtui.widgets.reader import Reader

_STYLES = {"+": "$text-success", "-": "$text-error"}


class ReviewScreen(ConfirmDialog[tuple[HandoverChange, ...] | None]):
    """Shows how the objects that name `old` would name `new`, and returns these changes once they are confirmed.

    `keys` are those of the new secret, None where they are not known; `unsearched` the kinds that could not be
    searched. `creates` tells that it is created first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Cancel", id="review.back", tooltip="Change nothing"),
        Binding("ctrl+s,f2", "confirm", "Go on", id="review.confirm", tooltip="Make these changes"),
    ]
    _summary = getters.query_one("#summary", Static)
    _changes = getters.query_one("#changes", Static)
    AUTO_FOCUS = "Reader"

    def __init__(
        self,
        store: WorkloadStore,
        names: tuple[str, str],
        users: Users,
        keys: tuple[str, ...] | None,
        *,
        unsearched: tuple[str, ...],
        creates: bool = False,
    ) -> None:
        super().__init__()
        self._store = store
        self._old, self._new = names
        self._users = users
        self._keys = keys
        self._unsearched = unsearched
        self._creates = creates
        self._reviewed: Reviewed | None = None

    def compose(self) -> ComposeResult:
        """Lay out what happens, and the differences."""
        with Vertical(classes="dialog"):
            yield Static(f"From {plain(self._old)} to {plain(self._new)}", classes="title", markup=False)
            yield Static("Reading what uses it …", id="summary", markup=False)
            with Reader():
                yield Static(id="changes", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        reading = read_changes(self._store, self._users.changeable, self._old, self._new, self._keys)
        ask(self, reading, self._show, self._show_error)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        return action != "confirm" or bool(self._reviewed and (self._reviewed.changes or self._creates))

    def action_confirm(self) -> None:
        """Agree, if all could be read."""
        if self.may_confirm() and self._reviewed:
            self.dismiss(self._reviewed.changes)

    def _show(self, reviewed: Reviewed) -> None:
        self._reviewed = reviewed
        self._summary.update(plain(with_keys(self._summary_text(reviewed), self)))
        self._changes.update(Content("\n").join(self._lines(reviewed)))
        self.refresh_bindings()
        self.call_after_refresh(self.attention.begin)

    def _show_error(self, error: ClusterError) -> None:
        text = f"{error.title}: {error}. {advice_of(error, self)} Nothing was changed."
        self._summary.update(plain(text))

    def _summary_text(self, reviewed: Reviewed) -> str:
        count = len(reviewed.changes)
        steps = [f"{self._new} is created"] if self._creates else []
        steps += (
            [f"{count} object{'s are' if count != 1 else ' is'} pointed to it, one after the other"] if count else []
        )
        if not steps:
            return "There is nothing that can be changed from here."
        return f"{', then '.join(steps)}. Pods are replaced as each one's strategy says. {{review.confirm}} does that."

    def _lines(self, reviewed: Reviewed) -> Iterator[Content]:
        if self._unsearched:
            kinds = plain(", ".join(self._unsearched))
            yield Content.styled(
                f"Not searched: {kinds}. More may name {plain(self._old)}, and would stay as it is.", "bold"
            )
        for user, reason in (*self._users.others, *reviewed.left):
            yield Content.styled(plain(f"{user} is not changed: {reason}."), "bold")
        for user in (change.user for change in reviewed.changes if change.user.stays):
            yield Content.styled(plain(f"Pods of {user} keep {self._old}: {user.stays}."), "bold")
        for change in reviewed.changes:
            yield Content.styled(plain(str(change.user)), "bold")
            yield from (Content(f"  {plain(sentence)}") for sentence in _synced(change))
            for line in differences(change.before, change.after):
                yield Content.styled(plain(line), _STYLES.get(line[:1], ""))


def _synced(change: HandoverChange) -> Iterator[str]:
    metadata = change.before.get("metadata") or {}
    labels, annotations = metadata.get("labels") or {}, metadata.get("annotations") or {}
    yield from (sync.sentence for sync in syncs(labels, annotations))
