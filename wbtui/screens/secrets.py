"""The main screen: the secrets of a project, live."""

from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from wbtui.actions import ACTIONS
from wbtui.actions.action import Action
from wbtui.domain.clock import Clock
from wbtui.domain.projects import Scope, StartLocation
from wbtui.domain.secret import Secret
from wbtui.errors import ClusterError, Stopped
from wbtui.news import Complete, News
from wbtui.repository import Clusters
from wbtui.session import Session
from wbtui.startup import collector
from wbtui.storage.audit import AuditLog
from wbtui.storage.session_state import SessionState
from wbtui.widgets.drawn_together import drawn_together
from wbtui.widgets.header import HeaderLine
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.keys_in_text import advice_of
from wbtui.widgets.missing_right import tell_missing_right
from wbtui.widgets.secret_list import SecretList
from wbtui.widgets.secret_table import SecretTable


class SecretsScreen(Screen[None]):
    """Follows the secrets of the session's scope; the table of actions has what can be done with them.

    Actions that the user has no right to are greyed, and say why; a read-only session does not offer those that write.
    """

    BINDINGS: ClassVar[list[BindingType]] = [action.binding for action in ACTIONS.values() if action.keys]

    def __init__(
        self, clusters: Clusters, start: StartLocation, state: SessionState, audit: AuditLog, now: Clock
    ) -> None:
        super().__init__()
        self.session = Session(self, clusters, start, state, audit.append, now)
        self.header = HeaderLine(self.session, id="header")
        self.list = SecretList(self.session, now, id="secrets")
        self.audit = audit
        self._listed = False

    def compose(self) -> ComposeResult:
        """Lay out the screen from top to bottom."""
        yield from (self.header, self.list, KeyLine())

    def on_mount(self) -> None:
        self.list.table.focus()
        self.session.changed.subscribe(self, lambda _: self.refresh_bindings())

    async def close(self) -> None:
        """End every connection; the app calls it last."""
        self.workers.cancel_all()
        await self.session.close()

    @property
    def secret(self) -> Secret | None:
        """Return the secret under the cursor."""
        return self.list.table.current

    @property
    def project(self) -> str:
        """Return the project for something new: the current one, or that of the secret under the cursor."""
        default = self.session.cluster.namespace if self.session.cluster else ""
        return self.session.scope.namespace or (self.secret.namespace if self.secret else default)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action != "run" or not self.is_current:  # what is typed ahead is for the screen on top
            return self.is_current
        wanted = ACTIONS[str(parameters[0])]
        if wanted.need and self.session.read_only:
            return False
        return None if self.why_not_allowed(wanted) else True

    def on_key(self, event: events.Key) -> None:
        """Say which right is missing, where a key does nothing."""
        active = self.active_bindings.get(event.key)
        action = next((one for one in ACTIONS.values() if active and one.binding.action == active.binding.action), None)
        if active and action and not active.enabled:
            tell_missing_right(self, self.session, self.why_not_allowed(action))

    def why_not_allowed(self, action: Action) -> str:
        """Return why the user may not run an action: a missing right, or a read-only session; empty where they may."""
        return self.session.refusal_to_write or action.need.missing(self.session.rights) if action.need else ""

    def warn_not_allowed(self, reason: str) -> None:
        """Say why something is not done."""
        self.notify(f"Not allowed: {reason}.", severity="warning")

    def notify_error(self, error: ClusterError, about: str = "", timeout: float | None = None) -> None:
        """Say what went wrong, and what to do about it; `about` is put before that."""
        self.notify(f"{about}{error}. {advice_of(error, self)}", title=error.title, severity="error", timeout=timeout)

    def action_run(self, name: str) -> None:
        """Run one of the actions."""
        self.run(ACTIONS[name])

    def run(self, action: Action, argument: str = "") -> None:
        """Run an action, or say why it is not possible; `argument` is what was typed after its command."""
        if not (self.session.cluster or action.offline):
            self.notify("Not connected to a cluster yet.")
        elif reason := action.why_not(self):
            self.warn_not_allowed(reason)
        elif work_to_do := action.run(self, argument):
            self.run_worker(work_to_do, group="go", exclusive=True)

    def go(self, scope: Scope) -> None:
        """Go to a project of this cluster, or to all."""
        self.session.go(scope)
        self._follow(empty_first=True)

    def list_again(self) -> None:
        """Read the list and the rights again; the rows stay until the new list is there."""
        if self.session.cluster:
            self.session.cluster.reconnect()
            self.session.uses.again()
            self.session.ask_again()
            self._follow(empty_first=False)
        else:
            self.connect(self.session.start.context)

    def stop_waiting(self) -> None:
        """Stop waiting for the cluster; the rows stay."""
        if self.header.connection.waits:
            for group in ("demo", "connect", "follow"):
                self.workers.cancel_group(self, group)
            stopped = Stopped("you stopped waiting for the cluster")
            self.header.connection.show_error(stopped)
            self.list.show_error(stopped)

    @work(exclusive=True, group="demo")
    async def open_demo(self) -> None:
        """Go to the embedded cluster."""
        self.header.connection.wait_for("starting the demo cluster …")
        await self.session.open_demo()
        self.connect(None)

    @work(exclusive=True, group="connect")
    async def connect(self, context: str | None) -> None:
        """Go to the cluster of a context, by default the current one."""
        self.header.connection.wait_for(f"connecting to {context or 'the current context'} …")
        try:
            before = await self.session.connect(context)
        except ClusterError as error:
            await self._no_cluster(error)
            return
        self._follow(empty_first=True)
        if before:
            await before.close()

    async def _no_cluster(self, error: ClusterError) -> None:
        from wbtui.screens.start import StartScreen

        if self.session.cluster:
            self.notify_error(error, timeout=15)
            self._follow(empty_first=False)
            return
        self.header.connection.show_error(error)
        self.run(ACTIONS[await self.app.push_screen_wait(StartScreen(error))])

    @work(exclusive=True, group="follow")
    async def _follow(self, *, empty_first: bool) -> None:
        self.header.connection.wait_for(f"connecting to {self.session.connected.context} …")
        if empty_first:
            self.list.begin(self.session.scope)
        self.workers.cancel_group(self, "sources")
        try:
            async for news in drawn_together(self, self.session.news(), self.session.ask_again):
                self._apply(news)
        except ClusterError as error:
            self.header.connection.show_error(error)
            self.list.show_error(error)
            self.session.ask_again()

    def _apply(self, news: News) -> None:
        self.header.connection.show_news(news, self.list.index.total)
        self.list.apply(news)
        if isinstance(news, Complete):
            self.call_after_refresh(self._look_around)

    def _look_around(self) -> None:
        # What is loaded for it would keep the rows waiting.
        from wbtui.screens.writers import follow_writers

        follow_writers(self, self.session, self.list)
        if not self._listed:
            self._listed = True
            collector.freeze_loaded()

    @on(SecretTable.Opened)
    def _open_details(self) -> None:
        if self.is_current:
            self.run(ACTIONS["details"])
