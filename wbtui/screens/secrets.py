"""The secrets of a project, live: the screen that stays open all day."""

from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from wbtui.choices import Choices
from wbtui.domain.index import Taken
from wbtui.domain.projects import Scope
from wbtui.domain.query import Clock
from wbtui.domain.use_cases import USE_CASES
from wbtui.repository import Account, Cluster, ClusterError, Clusters, Complete, News, Start
from wbtui.screens.choose import ChooseScreen
from wbtui.screens.command import CommandScreen
from wbtui.screens.create import CreateScreen
from wbtui.screens.details import DetailsScreen
from wbtui.screens.places import ALL_PROJECTS, contexts_of, projects_of
from wbtui.screens.start import StartScreen
from wbtui.widgets.header import HeaderLine
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.secret_list import SecretList
from wbtui.widgets.secret_table import SecretTable

_WRITES = {"create"}
"""Actions that change the cluster."""


class SecretsScreen(Screen[None]):
    """Connects to a cluster, follows the secrets of one project or of all, and goes elsewhere when told to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "create", "Create", id="secret.create", tooltip="Create (add) a secret"),
        Binding("p", "project", "Project", id="go.project", tooltip="Go to another project"),
        Binding("question_mark,f1", "app.help", "Help", id="app.help", tooltip="Keys, commands, filter"),
        Binding("q", "app.quit", "Quit", id="app.quit", tooltip="Leave wbtui"),
        Binding("colon", "command", "Command", id="app.command", tooltip="Type a command"),
        Binding("c", "copy_name", "Copy", id="secret.copy", tooltip="Copy the secret's name"),
        Binding("h", "toggle_helm", "Helm", id="list.helm", tooltip="Show or hide Helm's release secrets"),
        Binding("x", "app.explain_values", "Values?", id="secret.values", show=False, tooltip="Why no value is shown"),
        Binding("ctrl+r", "again", "List again", id="list.again", show=False, tooltip="Read the list anew"),
    ]

    def __init__(self, clusters: Clusters, start: Start, choices: Choices, now: Clock) -> None:
        super().__init__()
        self._clusters = clusters
        self._start = start
        self._choices = choices
        self._now = now
        self._cluster: Cluster | None = None
        self._account: Account | None = None
        self._scope = Scope(None)

    def compose(self) -> ComposeResult:
        """Lay out the screen from top to bottom."""
        yield HeaderLine(id="header")
        yield SecretList(self._choices, self._now, id="secrets")
        yield KeyLine()

    def on_mount(self) -> None:
        self.header = self.query_one(HeaderLine)
        self.list = self.query_one(SecretList)
        self.list.table.focus()
        if self._start.demo:
            self.action_demo()
        else:
            self.action_connect()

    async def close(self) -> None:
        """End every connection; the app calls it last."""
        self.workers.cancel_all()
        if self._cluster:
            await self._cluster.close()
        await self._clusters.close()

    def action_connect(self) -> None:
        """Connect to the context to start with."""
        self._connect(self._start.context)

    @work(exclusive=True, group="demo")
    async def action_demo(self) -> None:
        """Go to the embedded cluster."""
        self.header.standing.wait_for("starting the demo cluster …")
        await self._clusters.open_demo()
        self._connect(None)

    @work(exclusive=True, group="connect")
    async def _connect(self, context: str | None) -> None:
        self.header.standing.wait_for(f"connecting to {context or 'the current context'} …")
        try:
            cluster = await self._clusters.connect(context)
        except ClusterError as error:
            await self._no_cluster(error)
            return
        before, self._cluster = self._cluster, cluster
        self._account = None
        self._scope = self._first_scope(cluster, context)
        self._follow(anew=True)
        if before:
            await before.close()
        self._ask_account(cluster)

    async def _no_cluster(self, error: ClusterError) -> None:
        if self._cluster:
            self.notify(f"{error}. {error.advice}", title=error.title, severity="error", markup=False, timeout=15)
            self._follow(anew=False)
            return
        self.header.standing.refuse(error)
        action = await self.app.push_screen_wait(StartScreen(error))
        await self.run_action(action if action != "quit" else "app.quit")

    def _first_scope(self, cluster: Cluster, context: str | None) -> Scope:
        if self._start.all_projects:
            return Scope(None, self._choices.helm)
        flag = self._start.namespace if context == self._start.context else None
        return Scope(flag or self._choices.projects.get(cluster.context) or cluster.namespace, self._choices.helm)

    @work(exclusive=True, group="account")
    async def _ask_account(self, cluster: Cluster) -> None:
        try:
            self._account = await cluster.account()
        except ClusterError:
            return  # the list says what is wrong with the connection; a name more or less is no news
        self._show_place()

    @work(exclusive=True, group="follow")
    async def _follow(self, *, anew: bool) -> None:
        if not self._cluster:
            return
        self._show_place()
        self.header.standing.wait_for(f"connecting to {self._cluster.context} …")
        if anew:
            self.list.begin(self._scope)
        try:
            async for news in self._cluster.follow(self._scope):
                self._take(news, self._cluster.context)
        except ClusterError as error:
            self.header.standing.refuse(error)
            self.list.refuse(error)

    def _take(self, news: News, context: str) -> None:
        self.header.standing.tell(news)
        self.list.take(news)
        if isinstance(news, Complete):
            self._remember(context, self._scope)

    def _show_place(self) -> None:
        if self._cluster:
            self.header.show(self._cluster.context, self._scope.title, self._account, read_only=self._cluster.read_only)

    def _remember(self, context: str, scope: Scope) -> None:
        # Only a place that could be read is one to come back to.
        before = (self._choices.projects.get(context), self._choices.helm)
        self._choices.helm = scope.helm
        if scope.namespace:
            self._choices.projects[context] = scope.namespace
        if before != (self._choices.projects.get(context), scope.helm):
            self._choices.save()

    def _go(self, scope: Scope) -> None:
        if self._cluster:
            self._scope = scope
            self._follow(anew=True)

    def action_again(self) -> None:
        """Read the list anew; the rows stay until it is there."""
        if self._cluster:
            self._follow(anew=False)
        else:
            self.action_connect()

    def action_toggle_helm(self) -> None:
        """Show or hide Helm's release secrets."""
        self._go(Scope(self._scope.namespace, not self._scope.helm))

    def action_all_projects(self) -> None:
        """Show the secrets of all projects in one list."""
        self._go(Scope(None, self._scope.helm))

    @work(exclusive=True, group="go")
    async def action_project(self, name: str = "") -> None:
        """Go to a project: to the one named, or to one chosen from a list."""
        if self._cluster and not name:
            choose = ChooseScreen(
                "Go to a project",
                partial(projects_of, self._cluster),
                current=self._scope.namespace or ALL_PROJECTS,
                free="Type the name of any namespace.",
            )
            name = await self.app.push_screen_wait(choose)
        if name:
            self._go(Scope(None if name == ALL_PROJECTS else name, self._scope.helm))

    @work(exclusive=True, group="go")
    async def action_context(self, name: str = "") -> None:
        """Go to another cluster: to the context named, or to one chosen from a list."""
        if not name:
            current = self._cluster.context if self._cluster else ""
            choose = ChooseScreen("Go to a context", partial(contexts_of, self._clusters), current=current)
            name = await self.app.push_screen_wait(choose)
        if name:
            self._connect(name)

    @work(exclusive=True, group="go")
    async def action_command(self) -> None:
        """Type a command, and run it."""
        if answer := await self.app.push_screen_wait(CommandScreen()):
            command, argument = answer
            await self.run_action(f"{command.action}({argument!r})" if argument else command.action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        return not (action in _WRITES and self._cluster and self._cluster.read_only)

    @work(exclusive=True, group="go")
    async def action_create(self) -> None:
        """Create a secret in the project."""
        if not self._cluster:
            return
        current = self.list.table.current
        namespace = self._scope.namespace or (current.namespace if current else self._cluster.namespace)
        account = self._account or Account("", "")
        use_case = self.list.use_case or USE_CASES[0]
        form = CreateScreen(self._cluster, namespace, account, Taken(self.list.index, namespace), use_case)
        if made := await self.app.push_screen_wait(form):
            self.notify(f"{made.name} was created.", markup=False)
            self.list.table.go_to(made.uid)

    def action_copy_name(self) -> None:
        """Copy the name of the secret under the cursor."""
        if self.list.table.current:
            self.app.copy_to_clipboard(self.list.table.current.name)

    @on(SecretTable.Opened)
    def _open_details(self, event: SecretTable.Opened) -> None:
        if self._cluster:
            source = self._cluster.external_source
            self.app.push_screen(DetailsScreen(event.secret, self.list.changed, self.list.index.get, source, self._now))
