"""What a screen may ask of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from wbtui.domain.account import Account
    from wbtui.domain.draft import Draft
    from wbtui.domain.models import Catalog, ServiceState
    from wbtui.domain.projects import Context, Project, Scope
    from wbtui.domain.references import Json
    from wbtui.domain.replacement import Replacement
    from wbtui.domain.rights import Rights
    from wbtui.domain.secret import Secret
    from wbtui.domain.syncing import ExternalSource
    from wbtui.domain.targets import Workload, Workloads
    from wbtui.domain.usage import Usage
    from wbtui.news import Interrupted, LoginNews, News


class WorkloadStore(Protocol):
    """What secrets can be attached to. Every method may raise any `ClusterError`."""

    async def find(self, namespace: str) -> Workloads:
        """Return the workloads of a project, by kind; what could not be looked at is named."""
        ...

    async def read(self, workload: Workload) -> Json:
        """Return an object as it is now; of one that is not there yet, what it is without anything in it."""
        ...

    async def pods(self, thing: Json) -> tuple[str, ...]:
        """Return the names of the pods that a change of an object replaces; none where that is not known."""
        ...

    async def write(self, before: Json, after: Json, *, dry_run: bool = False) -> Json:
        """Make `after` of `before`, or with `dry_run` only find out whether it could be done.

        Raises `Conflict` where it is not any more as it was before. One that was not there is created; raises
        `AlreadyExists` where it is there now. Where the connection breaks meanwhile, raises `Uncertain`.
        """
        ...


class ModelStore(Protocol):
    """What the AIM Engine can serve. Every method may raise any `ClusterError`."""

    async def catalog(self, namespace: str) -> Catalog:
        """Return the models that can be deployed in a project, those that are ready first."""
        ...

    def follow(self, namespace: str, name: str) -> AsyncIterator[ServiceState | Interrupted]:
        """Yield the state of a service, and again whenever it changes, for ever."""
        ...


class Cluster(Protocol):
    """One connected cluster. Every method may raise any `ClusterError`.

    `namespace` is what the kubeconfig says, `requested_namespace` what flags or settings say for the context that a
    session begins with. `prefix` is that of the Workbench's labels.
    """

    context: str
    namespace: str
    requested_namespace: str | None
    prefix: str
    read_only: bool
    protected: bool

    @property
    def workloads(self) -> WorkloadStore:
        """Return what secrets can be attached to."""
        ...

    @property
    def models(self) -> ModelStore:
        """Return what can be deployed."""
        ...

    def follow(self, scope: Scope) -> AsyncIterator[News]:
        """Yield the secrets of `scope` page by page, then every change, for ever.

        A failure is told as `Interrupted` and tried again; what does not pass by itself (`NEEDS_PERSON`) is raised.
        """
        ...

    async def account(self) -> Account:
        """Return who the cluster takes us for."""
        ...

    def follow_login(self) -> AsyncIterator[LoginNews]:
        """Yield the credential plugins that are waited for, and when one may have become somebody else, for ever."""
        ...

    def give_up_login(self) -> None:
        """End the credential plugin that is waited for.

        What waits for it raises `CredentialsError`, and so does all else until the login is tried again.
        """
        ...

    def try_login_again(self) -> None:
        """Log in at the next request, where that was given up."""
        ...

    def reconnect(self) -> None:
        """Go to where the context leads now: until then, a write fails where the kubeconfig names another server."""
        ...

    async def projects(self) -> tuple[Project, ...]:
        """Return all namespaces, those of the Workbench first."""
        ...

    async def create(self, draft: Draft, *, dry_run: bool = False) -> Secret:
        """Create a secret, or with `dry_run` only find out whether it could be created.

        Where no answer comes after the request was sent, looks whether it was done; raises `Uncertain` where that does
        not show. The same draft can be created again then: what the first request made counts as created. Raises
        `DryRunUnsupported` where a webhook cannot be asked without storing.
        """
        ...

    async def replace(self, replacement: Replacement) -> Secret:
        """Give a secret new values, if it still is as it was on the screen; raises `Conflict` where it is not.

        Where the connection breaks after the request was sent, looks; raises `Uncertain` where it may have been done.
        """
        ...

    async def delete(self, secret: Secret) -> Secret | None:
        """Delete a secret for good, if it still is as it was on the screen; raises `Conflict` where it is not.

        Returns None when it is gone, and the secret where a finalizer holds it. Where the connection breaks after the
        request was sent, looks whether it was done; raises `Uncertain` where that does not show.
        """
        ...

    async def read(self, secret: Secret) -> Secret:
        """Return the metadata of what has the secret's name now: all of it but the copy of the values.

        Its type is known where it is the same secret.
        """
        ...

    async def refusal(self, verb: str, namespace: str, name: str = "") -> str:
        """Return the right to a verb on a secret of this name that is needed and not there; empty where it is there."""
        ...

    async def rights(self, namespace: str) -> Rights:
        """Return what one may do in a namespace, and what the cluster lacks for it."""
        ...

    async def usage(self, namespace: str) -> Usage:
        """Search a namespace, and what belongs to no namespace, for users of its secrets."""
        ...

    def follow_usage(self, namespace: str | None) -> AsyncIterator[Usage]:
        """Yield who uses the secrets of a namespace, or of all, once every kind was looked at; then on every change.

        A kind that could not be looked at, or that is not up to date for a while, is named among `not_searched`.
        """
        ...

    async def external_source(self, secret: Secret) -> ExternalSource | None:
        """Return where the values of `secret` come from; None where no ExternalSecret owns it."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


class Clusters(Protocol):
    """The clusters that a person can reach from here; the first call of any method may take a while."""

    async def contexts(self) -> tuple[Context, ...]:
        """Return the contexts of the kubeconfig, in its order. Raises `KubeconfigError`."""
        ...

    async def connect(self, context: str | None = None) -> Cluster:
        """Make ready to talk to the cluster of a context, by default the current one. Raises `KubeconfigError`."""
        ...

    async def open_demo(self) -> None:
        """Start the embedded cluster and make its contexts the ones to reach."""
        ...

    async def close(self) -> None:
        """End what was started."""
        ...
