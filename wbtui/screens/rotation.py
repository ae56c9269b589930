"""Follow the rotation of a secret: show what holds an old value, and restart it."""

from collections.abc import AsyncIterator, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from wbtui.domain.held_values import HeldVerdict, held_values, pods_by_verdict
from wbtui.domain.references import SecretUser
from wbtui.domain.restarts import Restarts, refusal_to_restart, restarts_of, stalls_of
from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.domain.usage import Usage
from wbtui.errors import ClusterError, Forbidden
from wbtui.restarting import Restarting
from wbtui.screens.answers import follow
from wbtui.screens.ask import AskScreen
from wbtui.screens.dialog import Dialog
from wbtui.session import Session
from wbtui.widgets.held_view import held_in_words
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.keys_in_text import advice_of, with_keys
from wbtui.widgets.missing_right import tell_missing_right
from wbtui.widgets.reader import Reader
from wbtui.widgets.secret_list import SecretList
from wbtui.widgets.usage_view import coverage_lines

_UNDER_WAY = "{rotation.back} leaves, and no other one is restarted then; {secret.rotate} shows this again."
_CLOCK = 5
"""Seconds between two updates of how long it has been waiting."""
_NOT_SURE = "Done, as far as is known: no running container is known to hold the old value."


class RotationScreen(Dialog[bool]):
    """Follows restarts until no running container holds an old value; returns whether to enter other new values.

    Its state is read from the cluster alone, so it can be left and opened again, also by another session. Restarting
    `workloads` was confirmed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(False)", "Back", id="rotation.back", tooltip="Stop restarting, and go back"),
        Binding("ctrl+s,f2", "restart", "Restart", id="rotation.restart", tooltip="Restart what holds the old value"),
        Binding("e", "dismiss(True)", "New values", id="rotation.values", tooltip="Enter new values again"),
    ]
    AUTO_FOCUS = "Reader"

    def __init__(
        self,
        session: Session,
        secrets: SecretList,
        secret: Secret,
        workloads: tuple[SecretUser, ...],
    ) -> None:
        super().__init__()
        self._session = session
        self._secret = secret
        self._secrets = secrets
        self._uses = session.uses
        self._workloads = workloads
        self._restarting: Restarting | None = None
        self._under_way = False
        self._error: ClusterError | None = None
        self._deleted = False

    def compose(self) -> ComposeResult:
        """Lay out the summary, and below it each workload and the containers with old values."""
        with Vertical(classes="dialog"):
            yield Static(f"What holds old values of {plain(self._secret.names)}", classes="title", markup=False)
            yield Static(id="summary", markup=False)
            with Reader():
                yield Static(id="steps", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self._secrets.changed.subscribe(self, self._refresh_secret)
        self._uses.changed.subscribe(self, self._draw)
        self._session.changed.subscribe(self, self._draw)
        self._uses.look(self._secret.namespace)
        self._refresh_secret(None)
        self.set_interval(_CLOCK, self._draw)
        if self._workloads:
            self._begin(self._workloads)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "restart":
            return bool(self._restarts.workloads) and not (self._deleted or self._session.read_only)
        return (action, parameters) != ("dismiss", (True,)) or not self._deleted

    def action_restart(self) -> None:
        """Restart what holds the old value, after asking; first what was not restarted yet."""
        if self._refusal:
            tell_missing_right(self, self._session, self._refusal)
            return
        tried = self._restarting.progress if self._restarting else {}
        workloads = tuple(sorted(self._restarts.workloads, key=lambda workload: workload in tried))
        names = ", ".join(map(str, workloads))
        text = f"{names}\nTheir pods are replaced as each workload's own strategy says, one workload after the other."
        question = AskScreen("Restart what holds the old value?", text, yes="Restart", no="Cancel")
        self.app.push_screen(question, lambda yes: self._begin(workloads) if yes else None)

    def _begin(self, workloads: tuple[SecretUser, ...]) -> None:
        self._restarting = Restarting(
            self._session.connected, self._uses, lambda: self._secret, workloads, self._session.now
        )
        self._error = None
        self._under_way = True
        follow(self, self._run(self._restarting), self._draw, self._stop)

    async def _run(self, restarting: Restarting) -> AsyncIterator[None]:
        while _is_searching(self._uses.usage) and not self._uses.error:  # which pods are there before is known from it
            await self._uses.change()
        async for _ in restarting.run():
            yield None
        self._under_way = False
        yield None

    def _stop(self, error: ClusterError) -> None:
        self._error = error
        self._under_way = False
        if isinstance(error, Forbidden):
            self._session.ask_again()  # the rights have changed
        self._draw()

    def _refresh_secret(self, _: None) -> None:
        current = self._secrets.index.get(self._secret.uid)
        self._deleted = current is None
        if current and not _is_older(current, self._secret):
            self._secret = current
        self._draw()

    @property
    def _restarts(self) -> Restarts:
        return restarts_of(self._secret, self._uses.usage) if self._uses.usage else Restarts(())

    @property
    def _refusal(self) -> str:
        return self._session.refusal_to_write or refusal_to_restart(self._restarts.workloads, self._session.rights)

    def _draw(self, _: None = None) -> None:
        self.query_one("#summary", Static).update(Content.styled(plain(self._summary()), "bold"))
        self.query_one("#steps", Static).update(Content("\n").join(self._lines()))
        self.refresh_bindings()

    def _summary(self) -> str:
        """Return in a sentence how far it is, and what can be done."""
        usage = self._uses.usage
        if self._deleted:
            return "The secret was deleted."
        if error := self._error or self._uses.error:
            return f"Stopped: {error}. {advice_of(error, self, retry='rotation.restart')}"
        if not usage or (_is_searching(usage) and not self._under_way):
            return f"Searching {self._secret.namespace} for running containers …"
        return self._next_step(usage)

    def _next_step(self, usage: Usage) -> str:
        restarts = self._restarts
        if not (restarts.workloads or restarts.others or self._under_way):
            if not usage.has_searched("Pod"):
                return "It is not known which pods run."
            unknown = pods_by_verdict(held_values(self._secret, usage.of(self._secret)))[HeldVerdict.UNKNOWN]
            return _NOT_SURE if unknown else "Done: no running container holds the old value."
        if self._under_way:
            waited = self._restarting.waited if self._restarting else ""
            since = f" Waiting for {waited}." if waited else ""
            return f"Restarting, one after the other.{since} {with_keys(_UNDER_WAY, self)}"
        if not restarts.workloads:
            return "What still holds the old value is not restarted from here."
        if self._refusal:
            return f"Not allowed: {self._refusal}."
        return with_keys("{rotation.restart} restarts what still holds the old value.", self)

    def _lines(self) -> Iterator[Content]:
        progress = self._restarting.progress if self._restarting else {}
        restarts, usage = self._restarts, self._uses.usage
        yield from (Content(plain(f"{workload}: {state}")) for workload, state in progress.items())
        for workload in restarts.workloads:
            if workload.uid not in {one.uid for one in progress}:
                stalls = stalls_of(workload, usage) if usage else ()
                yield Content(plain("; ".join((f"{workload}: holds the old value", *stalls))))
        for user, reason in restarts.others:
            yield Content(plain(f"{user}: holds the old value, and is not restarted: {reason}"))
        if usage:
            yield from held_in_words(self._secret, usage)
            yield from coverage_lines(usage, short=True)


def _is_searching(usage: Usage | None) -> bool:
    """Return whether it is not known yet which pods run, and what manages them."""
    return usage is None or bool(usage.being_searched)


def _is_older(one: Secret, other: Secret) -> bool:
    """Return whether a secret from the watch is older than one from the answer to a write."""
    return bool(one.values_changed and other.values_changed and one.values_changed < other.values_changed)
