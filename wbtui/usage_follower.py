import asyncio
from functools import partial
from typing import TYPE_CHECKING

from textual.dom import DOMNode
from textual.signal import Signal

from wbtui.domain.secret import Secret
from wbtui.errors import ClusterError
from wbtui.repository import Cluster
from wbtui.workers import start_worker

if TYPE_CHECKING:
    from wbtui.domain.usage import Usage


class UsageFollower:
    """Follows who uses the secrets of the current scope, from the first call of `look` until the scope changes.

    This keeps one watch open for each kind, so call `look` only when needed. `usage` is None until all kinds were
    searched, `error` is why they cannot be; `changed` is published when either changes. The worker ends with `owner`.
    """

    def __init__(self, owner: DOMNode) -> None:
        self.changed: Signal[None] = Signal(owner, "usage")
        self.usage: Usage | None = None
        self.error: ClusterError | None = None
        self._owner = owner
        self._change = asyncio.Event()
        self._cluster: Cluster | None = None
        self._here: str | None = None
        self._followed: set[str | None] = set()
        self._stale: dict[tuple[str, str], bool | None] = {}

    def go(self, cluster: Cluster, namespace: str | None) -> None:
        """Switch to a project, or with None to all; what was followed before is stopped and dropped."""
        if (self._cluster, self._here) != (cluster, namespace):
            self._cluster, self._here = cluster, namespace
            self._followed.clear()
            self._owner.workers.cancel_group(self._owner, "usage")
            self._publish(None, None)

    def look(self, namespace: str | None) -> None:
        """Start to follow a namespace, or with None all, unless it is followed already."""
        if not self._followed & {namespace, None}:
            self._followed = {namespace}
            self._publish(None, None)
            self.again()

    def again(self) -> None:
        """Search again, for a user who may have more rights now; the old result is kept until the new one is there."""
        for namespace in self._followed:
            if self._cluster:
                start_worker(self._owner, partial(self._follow, self._cluster, namespace), "usage")

    def is_stale(self, secret: Secret) -> bool | None:
        """Return whether a running container holds an old value of a secret; None where that is not known.

        Each secret is looked at once, until there is news of uses: the table asks for each row that it draws.
        """
        version = (secret.uid, secret.resource_version)
        if self.usage and version not in self._stale:
            from wbtui.domain.held_values import are_stale  # noqa: PLC0415  the first frame knows no uses

            (self._stale[version],) = are_stale(self.usage, (secret,))
        return self._stale.get(version)

    async def change(self) -> None:
        """Wait until `usage` or `error` changes."""
        await self._change.wait()

    async def _follow(self, cluster: Cluster, namespace: str | None) -> None:
        try:
            async for usage in cluster.follow_usage(namespace):
                self._publish(usage, None)
        except ClusterError as error:
            self._publish(None, error)

    def _publish(self, usage: "Usage | None", error: ClusterError | None) -> None:
        self.usage, self.error = usage, error
        self._stale.clear()
        self._change.set()
        self._change = asyncio.Event()  # for those who wait from now on
        self.changed.publish(None)
