"""The clusters that a person's kubeconfig reaches."""

import asyncio
from dataclasses import dataclass, field

from wbtui.cluster.cluster import KubernetesCluster
from wbtui.cluster.connection import Connection, Manner
from wbtui.cluster.kubeconfig import Kubeconfig
from wbtui.repository import Context


@dataclass(frozen=True, slots=True)
class Preferences:
    """What flags and settings prefer.

    `prefix` is that of the Workbench's labels and annotations, `email` names the creator of what is made.
    """

    kubeconfig: str | None = None
    prefix: str = "airm.silogen.ai"
    email: str = ""
    manner: Manner = field(default_factory=Manner)


class KubernetesClusters:
    """The contexts of a kubeconfig, and clusters connected through them."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self._kubeconfig = Kubeconfig.of(preferences.kubeconfig)

    async def contexts(self) -> tuple[Context, ...]:
        """Return the contexts of the kubeconfig, in its order. Raises `KubeconfigError`."""
        return await asyncio.to_thread(self._kubeconfig.contexts)

    async def connect(self, context: str | None = None) -> KubernetesCluster:
        """Make ready to talk to a cluster; nothing is sent yet, so credentials fail with the first request."""
        preferences = self._preferences
        chosen = await asyncio.to_thread(self._kubeconfig.select, context)
        connection = Connection(self._kubeconfig, chosen, preferences.manner)
        return KubernetesCluster(connection, chosen, prefix=preferences.prefix, read_only=preferences.manner.read_only)

    async def open_demo(self) -> None:
        """Do nothing: what a kubeconfig reaches is open."""

    async def close(self) -> None:
        """Do nothing: clusters are closed one by one."""
