"""Following the secrets of one project or of all, and going elsewhere: to another project, to another cluster."""

from contextlib import suppress
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from wbtui.domain.projects import Scope
from wbtui.domain.query import Clock
from wbtui.domain.rights import Rights
from wbtui.repository import Account, Cluster, ClusterError, Clusters, Complete, News, Start
from wbtui.startup import collector
from wbtui.storage.session_state import SessionState
from wbtui.widgets.header import HeaderLine
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.secret_list import SecretList
from wbtui.widgets.usage_follower import UsageFollower


class ProjectScreen(Screen[None]):
    """Connects to a cluster, follows the secrets of a scope there, and says who we are and what is going on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "project", "Project", id="go.project", tooltip="Go to another project"),
        Binding("h", "toggle_helm", "Helm", id="list.helm", show=False, tooltip="Show or hide Helm's release secrets"),
        Binding("ctrl+r", "again", "List again", id="list.again", show=False, tooltip="Read the list anew"),
    ]

    def __init__(self, clusters: Clusters, start: Start, state: SessionState, now: Clock) -> None:
        super().__init__()
        self._clusters = clusters
        self._start = start
        self._state = state
        self.now = now
        self.cluster: Cluster | None = None
        self.account: Account | None = None
        self.rights = Rights("")
        self.scope = Scope(None)
        self._listed = False
        self.uses = UsageFollower(self)

    def compose(self) -> ComposeResult:
        """Lay out the screen from top to bottom."""
        yield HeaderLine(id="header")
        yield SecretList(self._state, self.now, self.uses, id="secrets")
        yield KeyLine()

    def on_mount(self) -> None:
        self.header = self.query_one(HeaderLine)
        self.list = self.query_one(SecretList)
        self.list.table.focus()
        # What is loaded to connect would keep the first frame waiting.
        self.call_after_refresh(self.action_demo if self._start.demo else self.action_connect)

    async def close(self) -> None:
        """End every connection; the app calls it last."""
        self.workers.cancel_all()
        if self.cluster:
            await self.cluster.close()
        await self._clusters.close()

    def action_connect(self) -> None:
        """Connect to the context to start with."""
        self._connect(self._start.context)

    @work(exclusive=True, group="demo")
    async def action_demo(self) -> None:
        """Go to the embedded cluster."""
        self.header.connection.wait_for("starting the demo cluster …")
        await self._clusters.open_demo()
        self._connect(None)

    @work(exclusive=True, group="connect")
    async def _connect(self, context: str | None) -> None:
        self.header.connection.wait_for(f"connecting to {context or 'the current context'} …")
        try:
            cluster = await self._clusters.connect(context)
        except ClusterError as error:
            await self._no_cluster(error)
            return
        before, self.cluster = self.cluster, cluster
        self.account = None
        self._go(self._first_scope(cluster, context))
        if before:
            await before.close()
        self._ask_account(cluster)

    async def _no_cluster(self, error: ClusterError) -> None:
        from wbtui.screens.start import StartScreen

        if self.cluster:
            self.notify(f"{error}. {error.advice}", title=error.title, severity="error", markup=False, timeout=15)
            self._follow(anew=False)
            return
        self.header.connection.refuse(error)
        action = await self.app.push_screen_wait(StartScreen(error))
        await self.run_action(action if action != "quit" else "app.quit")

    def _first_scope(self, cluster: Cluster, context: str | None) -> Scope:
        if self._start.all_projects:
            return Scope(None, self._state.helm)
        flag = self._start.namespace if context == self._start.context else None
        return Scope(flag or self._state.projects.get(cluster.context) or cluster.namespace, self._state.helm)

    @work(exclusive=True, group="account")
    async def _ask_account(self, cluster: Cluster) -> None:
        with suppress(ClusterError):  # the list says what is wrong with the connection; a name less is no news
            self.account = await cluster.account()
            self._show_place()

    @work(exclusive=True, group="rights")
    async def _ask_rights(self, cluster: Cluster, namespace: str) -> None:
        self.rights = Rights(namespace)
        with suppress(ClusterError):  # not known is not forbidden: the cluster has the last word anyway
            self.rights = await cluster.rights(namespace)
        self.refresh_bindings()

    @work(exclusive=True, group="follow")
    async def _follow(self, *, anew: bool) -> None:
        if not self.cluster:
            return
        self._show_place()
        self.header.connection.wait_for(f"connecting to {self.cluster.context} …")
        if anew:
            self.list.begin(self.scope)
            self.rights = Rights("")
            if self.scope.namespace:
                self._ask_rights(self.cluster, self.scope.namespace)
        try:
            async for news in self.cluster.follow(self.scope):
                self._take(news, self.cluster.context)
        except ClusterError as error:
            self.header.connection.refuse(error)
            self.list.refuse(error)

    def _take(self, news: News, context: str) -> None:
        self.header.connection.tell(news)
        self.list.take(news)
        if isinstance(news, Complete):  # only a place that could be read is one to come back to
            self._skip_first_list()
            self._state.remember(context, self.scope.namespace, helm=self.scope.helm)

    def _skip_first_list(self) -> None:
        if not self._listed:
            self._listed = True
            collector.skip_what_is_here()

    def _show_place(self) -> None:
        if self.cluster:
            self.header.show(self.cluster.context, self.scope.title, self.account, read_only=self.cluster.read_only)

    def _go(self, scope: Scope) -> None:
        if self.cluster:
            self.scope = scope
            self.uses.go(self.cluster, scope.namespace)
            self._follow(anew=True)

    def action_again(self) -> None:
        """Read the list anew; the rows stay until it is there."""
        if self.cluster:
            self.uses.again()
            self._follow(anew=False)
        else:
            self.action_connect()

    def action_toggle_helm(self) -> None:
        """Show or hide Helm's release secrets."""
        self._go(Scope(self.scope.namespace, not self.scope.helm))

    @work(exclusive=True, group="go")
    async def action_project(self, name: str = "") -> None:
        """Go to a project: to the one named, or to one chosen from a list."""
        from wbtui.screens import choose, places

        if self.cluster and not name:
            screen = choose.ChooseScreen(
                "Go to a project",
                partial(places.projects_of, self.cluster),
                current=self.scope.namespace or places.ALL_PROJECTS,
                free="Type the name of any namespace.",
            )
            name = await self.app.push_screen_wait(screen)
        if name:
            self._go(Scope(None if name == places.ALL_PROJECTS else name, self.scope.helm))

    @work(exclusive=True, group="go")
    async def action_context(self, name: str = "") -> None:
        """Go to another cluster: to the context named, or to one chosen from a list."""
        if not name:
            from wbtui.screens import choose, places

            current = self.cluster.context if self.cluster else ""
            contexts = partial(places.contexts_of, self._clusters)
            name = await self.app.push_screen_wait(choose.ChooseScreen("Go to a context", contexts, current=current))
        if name:
            self._connect(name)
        elif not self.cluster:
            self.action_connect()
