"""Restarts workloads one after the other, and follows each until no container of it holds an old value."""

import asyncio
from collections.abc import AsyncIterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from wbtui.domain.query import utc_now
from wbtui.domain.references import User
from wbtui.domain.restarts import restarted, stale_pods_of, stuck_pod_of
from wbtui.domain.secret import Secret
from wbtui.domain.targets import Workload
from wbtui.domain.text import plain
from wbtui.errors import ClusterError
from wbtui.screens.answers import follow
from wbtui.screens.dialog import Dialog
from wbtui.session import Session
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.keys_in_text import advice_of
from wbtui.widgets.reader import Reader


class RolloutScreen(Dialog[None]):
    """Restarts workloads so that they take the new values of a secret; it stops where one does not come up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Stop", id="rollout.stop", tooltip="Restart no more of them, and go back"),
    ]
    AUTO_FOCUS = "Reader"

    def __init__(self, session: Session, secret: Secret, workloads: tuple[User, ...]) -> None:
        super().__init__()
        self._session = session
        self._secret = secret
        self._steps = dict.fromkeys(workloads, "waits for its turn")
        self._news = asyncio.Event()
        self._end = ""

    def compose(self) -> ComposeResult:
        """Lay out one line for each workload."""
        with Vertical(classes="dialog"):
            yield Static(f"Restarting what holds an old value of {plain(self._secret.names)}", classes="title")
            with Reader():
                yield Static(id="steps", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self._session.uses.changed.subscribe(self, lambda _: self._news.set())
        follow(self, self._restart_all(), self._show, self._stop)

    async def _restart_all(self) -> AsyncIterator[tuple[User, str]]:
        for workload in self._steps:
            yield workload, "checking with the cluster whether it can be restarted …"
            await self._restart(workload)
            while problem := self._unfinished(workload):
                yield workload, problem
                self._news.clear()
                await self._news.wait()
            if stuck := self._stuck(workload):
                yield workload, f"stopped here: Pod {stuck.name} does not come up: {stuck.waiting}"
                return
            yield workload, "done: no container of it holds the old value"

    async def _restart(self, workload: User) -> None:
        store = self._session.connected.workloads
        before = await store.read(Workload(workload.kind, workload.name, workload.namespace, uid=workload.uid))
        after = restarted(before, utc_now())
        await store.write(before, after, dry_run=True)
        await store.write(before, after)

    def _unfinished(self, workload: User) -> str:
        """Return what is waited for; empty where all is done, or will not be."""
        usage = self._session.uses.usage
        if usage is None:
            return "restarted; searching for its pods …"
        old = stale_pods_of(workload, self._secret, usage)
        if not old or self._stuck(workload):
            return ""
        return f"restarted; {len(old)} pod{'s' * (len(old) != 1)} still hold{'s' * (len(old) == 1)} the old value …"

    def _stuck(self, workload: User) -> User | None:
        usage = self._session.uses.usage
        return stuck_pod_of(workload, usage) if usage else None

    def _show(self, step: tuple[User, str]) -> None:
        workload, state = step
        self._steps[workload] = state
        self._draw()

    def _stop(self, error: ClusterError) -> None:
        self._end = f"Stopped: {error}. {advice_of(error, self)}"
        self._draw()

    def _draw(self) -> None:
        lines = [Content(plain(f"{workload}: {state}")) for workload, state in self._steps.items()]
        if self._end:
            lines.append(Content.styled(plain(self._end), "bold"))
        self.query_one("#steps", Static).update(Content("\n").join(lines))
