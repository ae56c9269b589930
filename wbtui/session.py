"""A session: the current cluster and project, the user, and the user's rights."""

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import partial

from textual.dom import DOMNode
from textual.signal import Signal

from wbtui.domain.account import Account
from wbtui.domain.audit_record import AuditRecord
from wbtui.domain.clock import Clock
from wbtui.domain.expiry import Certificates
from wbtui.domain.history import History
from wbtui.domain.projects import Context, Scope, StartLocation
from wbtui.domain.rights import Rights
from wbtui.domain.secret import Secret
from wbtui.domain.syncing import ExternalSources
from wbtui.errors import ClusterError
from wbtui.news import Complete, Interrupted, LoginNews, LoginRenewed, News, PluginWait, WatchOpened
from wbtui.repository import Cluster, Clusters
from wbtui.storage.session_state import SessionState
from wbtui.usage_follower import UsageFollower
from wbtui.workers import start_worker


class Session:
    """The state of a session; its workers end with `owner`.

    `cluster` is None until one is connected, `account` is None until it is known. `account` and `rights` may change
    at any time: do not keep copies. `changed` is published when they or the scope change. `answered` is True once a
    cluster has named the user or listed secrets. `warned` is published with every warning about a write. `note` keeps a
    record in the audit log; `now` is the clock.
    """

    def __init__(
        self,
        owner: DOMNode,
        clusters: Clusters,
        start: StartLocation,
        state: SessionState,
        note: Callable[[AuditRecord], None],
        now: Clock,
    ) -> None:
        self.changed: Signal[None] = Signal(owner, "session")
        self.plugin_changed: Signal[None] = Signal(owner, "plugin")
        self.warned: Signal[str] = Signal(owner, "warning")
        self.plugin: PluginWait | None = None
        """The running credential plugin, if there is one."""
        self.state = state
        self.note = note
        self.now = now
        self.commands = History()
        """What was typed after the colon."""
        self.agreed: set[object] = set()
        """The destinations to which credentials may be sent, to try them."""
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
        """Return whether writes are disabled for this cluster."""
        return bool(self.cluster and self.cluster.read_only)

    @property
    def refusal_to_write(self) -> str:
        """Return why nothing may be written in this session; empty where the user's rights decide that."""
        return "this session is read-only" if self.read_only else ""

    @property
    def connected(self) -> Cluster:
        """Return the cluster. Raises `RuntimeError` where none is connected."""
        if not self.cluster:
            raise RuntimeError("no cluster is connected")
        return self.cluster

    @property
    def username(self) -> str:
        """Return the username that the cluster sees; empty where it is not known."""
        return self.account.username if self.account else ""

    @property
    def creator(self) -> str:
        """Return the creator to write into new objects; empty where it is not known."""
        return self.account.creator if self.account else ""

    async def connect(self, context: str | None) -> Cluster | None:
        """Switch to the cluster of a context, by default the current one.

        Return the former cluster; close it when nothing reads from it any more. Raises `ClusterError`; the session
        then stays in its cluster.
        """
        cluster = await self._clusters.connect(context)
        before, self.cluster = self.cluster, cluster
        cluster.listen_for_warnings(self.warned.publish)
        start_worker(self._owner, partial(self._follow_login, cluster.follow_login()), "login")
        self.account = None
        self.go(self._first_scope(cluster, requested=cluster.requested_namespace if not before else None))
        return before

    async def open_demo(self) -> None:
        """Start the embedded cluster; from then on, only its contexts are there."""
        await self._clusters.open_demo()

    async def contexts(self) -> tuple[Context, ...]:
        """Return the contexts that can be connected to. Raises `KubeconfigError`."""
        return await self._clusters.contexts()

    def go(self, scope: Scope) -> None:
        """Switch to a project, or to all projects."""
        if self.cluster:
            self.cluster.reconnect()
            self.scope = scope
            self.rights = Rights("")
            self.uses.go(self.cluster, scope.namespace)
            self.changed.publish(None)

    async def ask_account(self) -> None:
        """Ask the cluster for the user again, before a write. Raises any `ClusterError`."""
        cluster = self.connected
        account = await cluster.account()
        if cluster is self.cluster:
            self._set_account(account)

    def ask_again(self) -> None:
        """Ask the cluster for the user and the rights again; the old ones are kept until it answers."""
        if self.cluster:
            start_worker(self._owner, partial(self._ask, self.cluster, self.scope.namespace), "access")

    async def news(self) -> AsyncIterator[News]:
        """Yield the secrets of the current scope, and every change, without end. Raises `ClusterError`."""
        if not self.cluster:
            return
        interrupted = False
        async for news in self.cluster.follow(self.scope):
            match news:
                case Complete():
                    self.answered = True
                    # Only a scope that could be read is remembered for the next session.
                    self.state.remember(self.cluster.context, self.scope.namespace, helm=self.scope.helm)
                case Interrupted():
                    interrupted = True
                case WatchOpened() if interrupted:
                    interrupted = False
                    self.ask_again()
            yield news

    async def sources(self) -> AsyncIterator[ExternalSources]:
        """Yield the ExternalSecrets of where the session is, until that cannot be known any more."""
        with suppress(ClusterError):  # the list, too, says what is wrong with the connection
            async for sources in self.connected.follow_sources(self.scope.namespace):
                yield sources

    async def certificates(self) -> AsyncIterator[Certificates]:
        """Yield the Certificates of where the session is, until that cannot be known any more."""
        with suppress(ClusterError):  # as above
            async for certificates in self.connected.follow_certificates(self.scope.namespace):
                yield certificates

    def give_up_login(self) -> None:
        """End the running credential plugin."""
        if self.cluster:
            self.cluster.give_up_login()

    async def refusal(self, verb: str, secret: Secret) -> str:
        """Return the missing right to a verb on a secret; empty where the user has it, or where it is not known."""
        if self.rights.complete or not self.cluster:
            return self.rights.refusal(verb, secret.name)
        with suppress(ClusterError):  # where it is not known, the write itself shows it
            return await self.cluster.refusal(verb, secret.namespace, secret.name)
        return ""

    async def close(self) -> None:
        """Close every connection."""
        if self.cluster:
            await self.cluster.close()
        await self._clusters.close()

    def _first_scope(self, cluster: Cluster, requested: str | None) -> Scope:
        if self.start.all_projects:
            return Scope(None, self.state.helm)
        return Scope(requested or self.state.projects.get(cluster.context) or cluster.namespace, self.state.helm)

    async def _follow_login(self, all_news: AsyncIterator[LoginNews]) -> None:
        self._set_plugin(None)
        async for news in all_news:
            if isinstance(news, LoginRenewed):
                self.ask_again()
            else:
                self._set_plugin(news)

    def _set_plugin(self, plugin: PluginWait | None) -> None:
        self.plugin = plugin
        self.plugin_changed.publish(None)

    async def _ask(self, cluster: Cluster, namespace: str | None) -> None:
        with suppress(ClusterError):  # the list shows the same error
            self._set_account(await cluster.account())
        if namespace:
            with suppress(ClusterError):  # unknown rights forbid nothing: the cluster refuses what is not allowed
                self.rights = await cluster.rights(namespace)
                self.changed.publish(None)

    def _set_account(self, account: Account) -> None:
        self.answered = True
        self.account = account
        self.changed.publish(None)
