"""A session: which cluster and project one is in, who one is there, and what one may do."""

from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial

from textual.dom import DOMNode
from textual.signal import Signal

from wbtui.domain.account import Account
from wbtui.domain.projects import Context, Scope, StartLocation
from wbtui.domain.rights import Rights
from wbtui.domain.secret import Secret
from wbtui.errors import ClusterError
from wbtui.news import Complete, Interrupted, LoginNews, LoginRenewed, News, PluginWait, WatchOpened
from wbtui.repository import Cluster, Clusters
from wbtui.storage.session_state import SessionState
from wbtui.usage_follower import UsageFollower


class Session:
    """A session in the projects of a cluster; its work ends with `owner`.

    `cluster` is None until the first is connected. `account` (None where it is not known) and `rights` are asked for
    again whenever they may be others, so nothing keeps a copy of them; `changed` is published then, and on going
    elsewhere. `answered` tells whether a cluster has ever said who one is, or listed its secrets.
    """

    def __init__(self, owner: DOMNode, clusters: Clusters, start: StartLocation, state: SessionState) -> None:
        self.changed: Signal[None] = Signal(owner, "session")
        self.plugin_changed: Signal[None] = Signal(owner, "plugin")
        self.plugin: PluginWait | None = None
        """The credential plugin that is waited for, where there is one."""
        self.state = state
        self.cluster: Cluster | None = None
        self.account: Account | None = None
        self.rights = Rights("")
        self.scope = Scope(None)
        self.answered = False
        self.uses = UsageFollower(owner)
        self._owner = owner
        self._clusters = clusters
        self.start = start

    @property
    def read_only(self) -> bool:
        """Return whether nothing may be written here."""
        return bool(self.cluster and self.cluster.read_only)

    @property
    def connected(self) -> Cluster:
        """Return the cluster, where there is one."""
        if not self.cluster:
            raise RuntimeError("no cluster is connected")
        return self.cluster

    @property
    def username(self) -> str:
        """Return who the cluster takes us for; empty where that is not known."""
        return self.account.username if self.account else ""

    @property
    def creator(self) -> str:
        """Return who is named as the creator of what is made; empty where that is not known."""
        return self.account.creator if self.account else ""

    async def connect(self, context: str | None) -> Cluster | None:
        """Go to the cluster of a context, by default the current one.

        Return the cluster that was left, to be closed when nothing reads from it any more. Raises `ClusterError`;
        then one stays where one is.
        """
        cluster = await self._clusters.connect(context)
        before, self.cluster = self.cluster, cluster
        self._owner.run_worker(self._follow_login(cluster.follow_login()), group="login", exclusive=True)
        self.account = None
        self.go(self._first_scope(cluster, requested=cluster.requested_namespace if not before else None))
        return before

    async def open_demo(self) -> None:
        """Start the embedded cluster, and make its contexts the ones to reach."""
        await self._clusters.open_demo()

    async def contexts(self) -> tuple[Context, ...]:
        """Return the contexts that can be connected to. Raises `KubeconfigError`."""
        return await self._clusters.contexts()

    def go(self, scope: Scope) -> None:
        """Be in a project, or in all, from now on."""
        if self.cluster:
            self.cluster.reconnect()
            self.scope = scope
            self.rights = Rights("")
            self.uses.go(self.cluster, scope.namespace)
            self.changed.publish(None)
            self.ask_again()

    async def ask_account(self) -> None:
        """Ask the cluster who it takes us for, as something is about to be written. Raises any `ClusterError`."""
        cluster = self.connected
        account = await cluster.account()
        if cluster is self.cluster:
            self._know(account)

    def ask_again(self) -> None:
        """Ask the cluster who it takes us for and what we may do; until it answers, what is known stays."""
        if self.cluster:
            # Begun by the worker: a session that ends before leaves nothing behind.
            asking = partial(self._ask, self.cluster, self.scope.namespace)
            self._owner.run_worker(asking, group="access", exclusive=True)  # type: ignore[arg-type]

    async def news(self) -> AsyncIterator[News]:
        """Yield the secrets of where one is, and every change, for ever. Raises `ClusterError`."""
        if not self.cluster:
            return
        interrupted = False
        async for news in self.cluster.follow(self.scope):
            match news:
                case Complete():
                    self.answered = True
                    # Only a place that could be read is one to come back to.
                    self.state.remember(self.cluster.context, self.scope.namespace, helm=self.scope.helm)
                case Interrupted():
                    interrupted = True
                case WatchOpened() if interrupted:
                    interrupted = False
                    self.ask_again()
            yield news

    def give_up_login(self) -> None:
        """End the credential plugin that is waited for."""
        if self.cluster:
            self.cluster.give_up_login()

    async def refusal(self, verb: str, secret: Secret) -> str:
        """Return the right to a verb on a secret that is needed and not there, as far as can be known beforehand."""
        if self.rights.complete or not self.cluster:
            return self.rights.refusal(verb, secret.name)
        with suppress(ClusterError):  # the cluster has the last word when it is done
            return await self.cluster.refusal(verb, secret.namespace, secret.name)
        return ""

    async def close(self) -> None:
        """End every connection."""
        if self.cluster:
            await self.cluster.close()
        await self._clusters.close()

    def _first_scope(self, cluster: Cluster, requested: str | None) -> Scope:
        if self.start.all_projects:
            return Scope(None, self.state.helm)
        return Scope(requested or self.state.projects.get(cluster.context) or cluster.namespace, self.state.helm)

    async def _follow_login(self, all_news: AsyncIterator[LoginNews]) -> None:
        self._wait_for(None)
        async for news in all_news:
            if isinstance(news, LoginRenewed):
                self.ask_again()
            else:
                self._wait_for(news)

    def _wait_for(self, plugin: PluginWait | None) -> None:
        self.plugin = plugin
        self.plugin_changed.publish(None)

    async def _ask(self, cluster: Cluster, namespace: str | None) -> None:
        with suppress(ClusterError):  # the list says what is wrong with the connection
            self._know(await cluster.account())
        if namespace:
            with suppress(ClusterError):  # not known is not forbidden: the cluster has the last word anyway
                self.rights = await cluster.rights(namespace)
                self.changed.publish(None)

    def _know(self, account: Account) -> None:
        self.answered = True
        self.account = account
        self.changed.publish(None)
