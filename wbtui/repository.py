"""The protocols by which screens use clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from wbtui.domain.account import Account
    from wbtui.domain.draft import Draft
    from wbtui.domain.expiry import Certificates
    from wbtui.domain.models import Catalog
    from wbtui.domain.prefixes import Prefixes
    from wbtui.domain.projects import Context, Project, Scope
    from wbtui.domain.reference_paths import Json
    from wbtui.domain.replacement import Replacement
    from wbtui.domain.rights import Rights
    from wbtui.domain.secret import Secret
    from wbtui.domain.service_state import ServiceState
    from wbtui.domain.sharing import Sharing
    from wbtui.domain.syncing import ExternalSource, ExternalSources
    from wbtui.domain.targets import Workload, Workloads
    from wbtui.domain.trials import TrialOptions
    from wbtui.domain.usage import SearchProgress, Usage
    from wbtui.news import Interrupted, LoginNews, News


class WorkloadStore(Protocol):
    """The workloads that secrets can be attached to. Every method may raise any `ClusterError`."""

    async def find(self, namespace: str) -> Workloads:
        """Return the workloads of a project, by kind, and the kinds that could not be searched."""
        ...

    async def read(self, workload: Workload) -> Json:
        """Return an object as it is now; an empty manifest where it does not exist yet."""
        ...

    async def pods(self, manifest: Json) -> tuple[str, ...]:
        """Return the names of the pods that a change of an object replaces; empty where they are not known."""
        ...

    async def write(self, before: Json, after: Json, *, dry_run: bool = False) -> Json:
        """Change an object from `before` to `after`, or create it; with `dry_run`, only check that this is possible.

        Raises `Conflict` where the object is no longer as in `before`, `AlreadyExists` where one to create exists,
        and `Uncertain` where the connection broke and it is not known whether the write was done.
        """
        ...


class ModelStore(Protocol):
    """The models of the AIM Engine. Every method may raise any `ClusterError`."""

    async def catalog(self, namespace: str) -> Catalog:
        """Return the models that can be deployed in a project, those that are ready first, and how they can be.

        What the user may not read is named in it. Raises `NotServed` where the cluster has no services.
        """
        ...


class ServiceStore(Protocol):
    """The services of the AIM Engine that serve models. Every method may raise any `ClusterError`."""

    async def all(self, namespace: str) -> tuple[ServiceState, ...]:
        """Return the services of a project, by display name."""
        ...

    async def read(self, namespace: str, name: str) -> ServiceState:
        """Return the state of a service and of what the engine made for it."""
        ...

    def follow(self, namespace: str, name: str) -> AsyncIterator[ServiceState | Interrupted]:
        """Yield the state of a service and of what the engine made for it, and every change of them, without end."""
        ...


class Cluster(Protocol):
    """One connected cluster. Every method may raise any `ClusterError`.

    `namespace` is from the kubeconfig, `requested_namespace` from flags or settings, for the first context of a
    session. `prefixes` are those of the Workbench's labels and annotations.
    `trials` says whether and how credentials may be tried there before they are stored.
    """

    context: str
    namespace: str
    requested_namespace: str | None
    prefixes: Prefixes
    read_only: bool
    protected: bool
    trials: TrialOptions

    @property
    def workloads(self) -> WorkloadStore:
        """Return the workloads that secrets can be attached to."""
        ...

    @property
    def models(self) -> ModelStore:
        """Return the models that can be deployed."""
        ...

    @property
    def services(self) -> ServiceStore:
        """Return the services that serve models."""
        ...

    def follow(self, scope: Scope) -> AsyncIterator[News]:
        """Yield the secrets of `scope` page by page, then every change, without end.

        Errors are yielded as `Interrupted`, then retried; only those in `NEEDS_PERSON` are raised.
        """
        ...

    def listen_for_warnings(self, tell: Callable[[str], None]) -> None:
        """Call `tell` with every warning in the answer to a write, or to the dry run of one, before that returns.

        A warning is one harmless line, and repeats no value.
        """
        ...

    async def account(self) -> Account:
        """Return the user that the cluster sees."""
        ...

    def follow_login(self) -> AsyncIterator[LoginNews]:
        """Yield every start and end of a credential plugin, and every change of the credentials, without end."""
        ...

    def give_up_login(self) -> None:
        """End the running credential plugin.

        All requests raise `CredentialsError` until the login is tried again.
        """
        ...

    def try_login_again(self) -> None:
        """Log in again at the next request, after `give_up_login`."""
        ...

    def reconnect(self) -> None:
        """Accept the server that the kubeconfig names now; a write fails where it has changed since the last call."""
        ...

    async def projects(self, selector: str = "") -> tuple[Project, ...]:
        """Return the namespaces that a label selector selects, or all; those of the Workbench first."""
        ...

    async def create(self, draft: Draft, *, dry_run: bool = False) -> Secret:
        """Create a secret; with `dry_run`, only check that this is possible.

        Where no answer comes, reads the secret to see whether it was created, and raises `Uncertain` where that is
        not clear. The same draft can then be created again: a secret that the first request made counts as created.
        Raises `DryRunUnsupported` where a webhook does not support dry run.
        """
        ...

    async def replace(self, replacement: Replacement, *, dry_run: bool = False) -> Secret:
        """Replace the values of a secret. Raises `Conflict` where it has changed since it was on the screen.

        With `dry_run`, only check that this is possible; raises `DryRunUnsupported` where a webhook cannot do that.

        Where no answer comes, reads the secret, and raises `Uncertain` where the values may have been replaced.
        """
        ...

    async def delete(self, secret: Secret) -> Secret | None:
        """Delete a secret. Raises `Conflict` where it has changed since it was on the screen.

        Returns None, or the secret where it waits for a finalizer. Where no answer comes, reads the secret to see
        whether it was deleted, and raises `Uncertain` where that is not clear.
        """
        ...

    async def read(self, secret: Secret) -> Secret:
        """Return the current metadata of the secret's name, without the annotation that repeats the values.

        The type is set only where it is still the same secret.
        """
        ...

    async def refusal(self, verb: str, namespace: str, name: str = "") -> str:
        """Return the missing right to a verb on a secret of this name; empty where the user has it."""
        ...

    async def rights(self, namespace: str) -> Rights:
        """Return the rights of the user in a namespace, and the API groups that the cluster does not have."""
        ...

    async def usage(self, *namespaces: str, tell: Callable[[SearchProgress], object] = ...) -> Usage:
        """Return the users of the secrets of namespaces, including cluster-wide objects, as they are now.

        `tell` is called with how far the search is.
        Where these are followed by `follow_usage`, only what is not watched is searched again.
        """
        ...

    def follow_usage(self, namespace: str | None) -> AsyncIterator[Usage]:
        """Yield the users of the secrets of a namespace, or of all, when all kinds were searched and on every change.

        `not_searched` has the kinds that could not be searched or are not up to date at the moment.
        """
        ...

    async def external_sources(self, secret: Secret) -> tuple[ExternalSource, ...]:
        """Return the ExternalSecrets that write the secret; empty where there is none."""
        ...

    def follow_sources(self, namespace: str | None) -> AsyncIterator[ExternalSources]:
        """Yield the ExternalSecrets of a namespace, or of all, and every change of them.

        It ends where the cluster has none, and where they may not be listed or watched.
        """
        ...

    def follow_certificates(self, namespace: str | None) -> AsyncIterator[Certificates]:
        """Yield the Certificates of a namespace, or of all, and every change of them.

        It ends where the cluster has none, and where they may not be listed or watched.
        """
        ...

    async def sharing(self, namespace: str) -> Sharing:
        """Return what the cluster has that gives projects secrets by itself, such as stores of External Secrets."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


class Clusters(Protocol):
    """The clusters of the kubeconfig. The first call of any method loads the client library."""

    async def contexts(self) -> tuple[Context, ...]:
        """Return the contexts of the kubeconfig, in its order. Raises `KubeconfigError`."""
        ...

    async def connect(self, context: str | None = None) -> Cluster:
        """Return the cluster of a context, by default the current one. Raises `KubeconfigError`."""
        ...

    async def open_demo(self) -> None:
        """Start the embedded cluster; from then on, only its contexts are there."""
        ...

    async def close(self) -> None:
        """Stop the embedded cluster, where it was started."""
        ...
