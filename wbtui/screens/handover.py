"""Follow a rotation under a new name, continue it, or undo it."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from wbtui.domain.ages import age
from wbtui.domain.deletion import Deletion
from wbtui.domain.handover import HandoverChange, Pair, Users, users_of
from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.errors import ClusterError
from wbtui.handing_over import HandingOver
from wbtui.screens.answers import follow
from wbtui.screens.delete import DeleteScreen
from wbtui.screens.dialog import Dialog
from wbtui.screens.review import ReviewScreen
from wbtui.session import Session
from wbtui.widgets.handover_view import handover_lines, next_step
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.keys_in_text import advice_of, with_keys
from wbtui.widgets.reader import Reader
from wbtui.widgets.secret_list import SecretList
from wbtui.widgets.usage_view import coverage_lines

_CLOCK = 5
"""Seconds between two updates of how long it has been waiting."""


class HandoverScreen(Dialog[None]):
    """Follows the rotation from one secret to another until nothing names the former one, and nothing runs on it.

    Its state is read from the cluster alone. `changes` were confirmed, and are made at once.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Back", id="handover.back", tooltip="Stop, and go back"),
        Binding("ctrl+s,f2", "go_on", "Go on", id="handover.go_on", tooltip="Review what would point to the new one"),
        Binding("z", "undo", "Undo", id="handover.undo", tooltip="Review what would point back to the old one"),
        Binding("ctrl+d", "delete", "Delete", id="handover.delete", tooltip="Delete the one that nothing uses"),
    ]
    AUTO_FOCUS = "Reader"

    def __init__(
        self,
        session: Session,
        secrets: SecretList,
        pair: Pair,
        changes: tuple[HandoverChange, ...],
    ) -> None:
        super().__init__()
        self._session = session
        self._pair = pair
        self._secrets = secrets
        self._uses = session.uses
        self._changes = changes
        self._listed: set[str] = set()
        self._handing_over: HandingOver | None = None
        self._under_way = False
        self._error: ClusterError | None = None
        self._waiting_since: datetime | None = None
        """Since when only pods have to be waited for."""

    def compose(self) -> ComposeResult:
        """Lay out the summary, and below it the users of both secrets."""
        old, new = map(plain, (self._pair.old.name, self._pair.new.name))
        with Vertical(classes="dialog"):
            yield Static(f"Rotating {old} under the new name {new}", classes="title", markup=False)
            yield Static(id="summary", markup=False)
            with Reader():
                yield Static(id="steps", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self._secrets.changed.subscribe(self, self._draw)
        self._uses.changed.subscribe(self, self._draw)
        self._uses.look(self._pair.old.namespace)
        self._draw()
        self.set_interval(_CLOCK, self._draw)
        if self._changes:
            self._begin(self._pair.new, self._changes)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        if action == "dismiss":
            return True
        if self._under_way or self._session.read_only:
            return False
        possible = {
            "go_on": self._is_there(self._pair.new) and bool(self._users(self._pair.old).changeable),
            "undo": self._is_there(self._pair.old) and bool(self._users(self._pair.new).changeable),
            "delete": self._unused is not None,
        }
        return possible.get(action, True)

    def action_go_on(self) -> None:
        """Review what would be pointed to the new secret."""
        self._review(self._pair.old, self._pair.new)

    def action_undo(self) -> None:
        """Review what would be pointed back to the old secret."""
        self._review(self._pair.new, self._pair.old)

    def action_delete(self) -> None:
        """Delete the one that nothing uses; the dialog searches for uses again."""
        cluster = self._session.connected
        if secret := self._unused:
            deletion = Deletion((secret,), cluster.context, cluster.protected)
            self.app.push_screen(DeleteScreen(self._session, deletion, 0))

    def _review(self, old: Secret, new: Secret) -> None:
        target = self._secrets.index.latest(new)
        usage = self._uses.usage
        unsearched = tuple(kind.kind for kind in usage.unsearched) if usage else ()
        store, names = self._session.connected.workloads, (old.name, new.name)
        review = ReviewScreen(store, names, self._users(old), target.keys, unsearched=unsearched)
        self.app.push_screen(review, lambda changes: self._begin(target, changes) if changes else None)

    def _begin(self, target: Secret, changes: tuple[HandoverChange, ...]) -> None:
        self._handing_over = HandingOver(self._session.connected, target, changes)
        self._error = None
        self._under_way = True
        follow(self, self._handing_over.run(), self._draw, self._stop)

    def _stop(self, error: ClusterError) -> None:
        self._error = error
        self._draw()

    def _is_there(self, secret: Secret) -> bool:
        """Return whether a secret exists, as far as the list tells, which may lag behind a new one."""
        listed = self._secrets.index.get(secret.uid)
        if listed:
            self._listed.add(secret.uid)
        return not listed.deleted if listed else secret.uid not in self._listed

    def _users(self, secret: Secret) -> Users:
        usage = self._uses.usage
        return users_of(self._secrets.index.latest(secret), usage, self._session.rights) if usage else Users()

    @property
    def _unused(self) -> Secret | None:
        """Return the secret of the two that nothing uses: the old one where that is both."""
        usage = self._uses.usage
        if not usage or usage.being_searched:
            return None
        both = (self._secrets.index.latest(secret) for secret in self._pair if self._is_there(secret))
        return next((secret for secret in both if not self._users(secret).any), None)

    def _draw(self, _: object = None) -> None:
        progress = self._handing_over.progress if self._handing_over else {}
        if self._handing_over and (self._error or self._handing_over.ended):
            self._under_way = False
        users = tuple(map(self._users, self._pair))
        self.query_one("#summary", Static).update(Content.styled(plain(self._summary(users)), "bold"))
        lines = [Content(plain(f"{user}: {state}")) for user, state in progress.items()]
        lines += handover_lines(self._pair, users)
        self.query_one("#steps", Static).update(Content("\n").join([*lines, *self._coverage()]))
        self.refresh_bindings()

    def _coverage(self) -> Iterable[Content]:
        return coverage_lines(self._uses.usage, short=True) if self._uses.usage else ()

    def _summary(self, users: tuple[Users, ...]) -> str:
        """Return in a sentence how far it is, and what can be done."""
        if error := self._error or self._uses.error:
            return f"Stopped: {error}. {advice_of(error, self, retry='handover.go_on')}"
        if self._under_way:
            return "Changing, one object after the other. You can leave: the same key shows this again."
        usage = self._uses.usage
        if not usage or usage.being_searched:
            return f"Searching {self._pair.old.namespace} for what names them …"
        old, new = map(self._is_there, self._pair)
        unsearched = [kind.kind for kind in usage.unsearched]
        said = with_keys(next_step(self._pair, (old, new), (users[0], users[1]), unsearched), self)
        return f"{said}{self._waited(users[0])}"

    def _waited(self, before: Users) -> str:
        """Return for how long it has been waiting for pods; empty where there is something else to do."""
        waits = bool(before.pods) and not (before.changeable or before.others)
        now = self._session.now()
        self._waiting_since = since = (self._waiting_since or now) if waits else None
        return f" Waited for {age(since.timestamp(), now.timestamp())} so far." if since else ""
