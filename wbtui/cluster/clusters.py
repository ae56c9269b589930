"""The clusters of a kubeconfig."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from wbtui.cluster.cluster import KubernetesCluster
from wbtui.cluster.connection import Connection, RequestOptions
from wbtui.cluster.kubeconfig import Kubeconfig
from wbtui.domain.audit_record import AuditRecord
from wbtui.domain.clock import Clock, utc_now
from wbtui.domain.prefixes import Prefixes
from wbtui.domain.projects import Context
from wbtui.domain.trials import TrialOptions


def _nowhere(_: AuditRecord) -> None:
    """Keep no record."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """Preferences from flags and settings.

    `context` and `namespace` are where to begin. `email` names the creator of new objects. The contexts in `read_only`
    are not written to; in those in `protected`, writes have to be confirmed. Credentials may be tried as `trials` says,
    or `may_try` for a context. `note` gets a record of every write. `cache` is a folder for fields found in schemas.
    """

    kubeconfig: str | None = None
    prefixes: Prefixes = field(default_factory=Prefixes)
    email: str = ""
    options: RequestOptions = field(default_factory=RequestOptions)
    read_only: frozenset[str] = frozenset()
    protected: frozenset[str] = frozenset()
    trials: TrialOptions = field(default_factory=TrialOptions)
    may_try: Mapping[str, bool] = field(default_factory=dict)
    context: str | None = None
    namespace: str | None = None
    note: Callable[[AuditRecord], None] = _nowhere
    cache: Path | None = None
    now: Clock = utc_now

    def trials_in(self, context: str) -> TrialOptions:
        """Return whether and how credentials may be tried in a context."""
        return self.trials._replace(allowed=self.may_try.get(context, self.trials.allowed))


class KubernetesClusters:
    """The contexts of a kubeconfig, and clusters connected through them."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self._kubeconfig = Kubeconfig.of(preferences.kubeconfig)

    async def contexts(self) -> tuple[Context, ...]:
        """Return the contexts of the kubeconfig, in its order. Raises `KubeconfigError`."""
        return await asyncio.to_thread(self._kubeconfig.contexts)

    async def connect(self, context: str | None = None) -> KubernetesCluster:
        """Return the cluster of a context. Nothing is sent: wrong credentials fail at the first request."""
        preferences = self._preferences
        chosen = await asyncio.to_thread(self._kubeconfig.select, context or preferences.context)
        is_first = context in {None, preferences.context}
        options = preferences.options
        if chosen.name in preferences.read_only:
            options = replace(options, read_only=True)
        return KubernetesCluster(
            Connection(self._kubeconfig, chosen, options),
            chosen,
            prefixes=preferences.prefixes,
            email=preferences.email,
            note=preferences.note,
            read_only=options.read_only,
            protected=chosen.name in preferences.protected,
            trials=preferences.trials_in(chosen.name),
            requested_namespace=preferences.namespace if is_first else None,
            cache=preferences.cache,
            now=preferences.now,
        )

    async def open_demo(self) -> None:
        """Do nothing: there is no embedded cluster to start."""

    async def close(self) -> None:
        """Do nothing: clusters are closed one by one."""
