"""What a screen may ask of a cluster, and every error that it can get.

ClusterError
├── KubeconfigError       no usable configuration: missing, broken, an unknown context
│   └── NoKubeconfig      none at all
├── CredentialsError      a credential plugin or an identity provider failed
├── Unauthorized          401: the cluster does not know who this is
├── AccountChanged        the credentials belong to another user now; nothing was sent
├── Forbidden             403: it knows, and says no
│   ├── WatchForbidden    listing is allowed, watching is not
│   ├── QuotaExceeded     the project may not hold more
│   └── Terminating       its namespace is being deleted
├── NotFound              404 with a Status that says so
├── AlreadyExists         409 on create
├── Conflict              409: changed meanwhile
├── Invalid               422 and 400
├── WebhookRefused        an admission webhook said no, or did not answer
│   └── DryRunUnsupported one that cannot be asked without storing
├── Uncertain             the connection broke after a write was sent
├── Expired               410: that state of the cluster is no longer kept
├── Busy                  429, or a server that asks to come back later
├── ServerError           5xx
├── Unreachable           no answer: name, network, certificate, time
│   ├── NotSent           not even a connection, so that nothing was sent
│   └── Silent            a watch on which nothing comes any more
├── Stopped               a person waited no longer for an answer
├── SettingsError         a flag, a variable or the settings file is wrong
├── ReadOnly              a write was asked for in a read-only session
├── ValuesReceived        an answer carried values of secrets, and was dropped
└── UnexpectedAnswer      anything else that is not what the API promises
    ├── NotServed         404 in the words of an API server that lacks the path
    └── TooLarge          more than fits into the memory set aside for it
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, NamedTuple, Protocol, TypeAlias, TypeVar

from wbtui.domain.secret import Secret
from wbtui.domain.text import shortened

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from wbtui.domain.draft import Draft
    from wbtui.domain.models import Catalog, ServiceState
    from wbtui.domain.projects import Project, Scope
    from wbtui.domain.references import Json
    from wbtui.domain.replacement import Replacement
    from wbtui.domain.rights import Rights
    from wbtui.domain.targets import Workload, Workloads
    from wbtui.domain.usage import Usage

_LONGEST = 400
"""Characters of what happened that are told."""


class ClusterError(Exception):
    """Something that can go wrong between here and a cluster: `str()` says what happened, `advice` what to do.

    `fields` are pairs of a field's path and what the cluster says of it.
    """

    title: ClassVar[str] = "error"
    advice: str = "Press ctrl+r to try again."
    retry_after: float | None = None

    def __init__(
        self,
        happened: str,
        *,
        advice: str = "",
        retry_after: float | None = None,
        fields: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(happened)
        self.fields = fields
        self.advice = advice or self.advice
        self.retry_after = retry_after

    def __str__(self) -> str:
        return shortened(str(self.args[0]), _LONGEST)


class KubeconfigError(ClusterError):
    """The configuration cannot be used: broken, or without the context asked for."""

    title = "kubeconfig unusable"
    advice = "Correct the kubeconfig, or choose another context with :ctx or another file with --kubeconfig."


class NoKubeconfig(KubeconfigError):
    """There is no configuration at all."""

    title = "no kubeconfig"
    advice = "Set KUBECONFIG or pass --kubeconfig; or look around in the demo first."


class CredentialsError(ClusterError):
    """A credential plugin or an identity provider failed."""

    title = "no credentials"
    advice = "Log in again the way your cluster wants it, then press ctrl+r."


class Unauthorized(ClusterError):
    """The cluster does not know who this is."""

    title = "not logged in"
    advice = "The credentials have expired or were revoked: log in again, then press ctrl+r."


class AccountChanged(ClusterError):
    """The credentials belong to another user than the one that the write names; nothing was sent."""

    title = "another user"
    advice = "Look at who is named on the first line, and save again."


class Forbidden(ClusterError):
    """The cluster knows who this is, and says no."""

    title = "forbidden"
    advice = "Ask whoever runs the project for the right, or choose another project with p."


class NotFound(ClusterError):
    """What was asked for is not there."""

    title = "not found"
    advice = "Choose a project with p."


class AlreadyExists(ClusterError):
    """There is something of this name; it was not touched."""

    title = "name taken"
    advice = "Choose another name."


class Conflict(ClusterError):
    """It was changed meanwhile; nothing was done."""

    title = "changed meanwhile"
    advice = "Look at what changed, and decide again."


class Invalid(ClusterError):
    """The cluster's rules do not allow it; `fields` has what it says of each."""

    title = "refused as invalid"
    advice = "Mend what the cluster complains of, and save again."


class WatchForbidden(Forbidden):
    """The list may be read, and not watched: it is read again from time to time."""

    title = "watching forbidden"


class QuotaExceeded(Forbidden):
    """The project may not hold more."""

    title = "over quota"
    advice = "Delete what is not needed, or ask for a larger quota."


class Terminating(Forbidden):
    """The namespace is being deleted."""

    title = "project being deleted"
    advice = "Choose another project: nothing can be made in this one any more."


class WebhookRefused(ClusterError):
    """A webhook of the cluster said no, or could not be asked."""

    title = "refused by a webhook"
    advice = "The webhook belongs to whoever runs the cluster: tell them, or try again later with ctrl+s."


class DryRunUnsupported(WebhookRefused):
    """A webhook does not support dry run: whether it would agree shows only when the object is stored."""

    title = "cannot be tried first"
    advice = "It can be created without trying it first."


class Uncertain(ClusterError):
    """The connection broke after a write was sent, and looking did not show whether it was done."""

    title = "not known whether it was done"
    advice = "Wait for the connection, and look at the list before you do it again."


class Expired(ClusterError):
    """That state of the cluster is no longer kept: read it anew."""

    title = "expired"


class Busy(ClusterError):
    """The cluster asks to come back later."""

    title = "cluster busy"


class ServerError(ClusterError):
    """The cluster failed to answer."""

    title = "cluster in trouble"


class Unreachable(ClusterError):
    """No answer at all: name, network, certificate or time."""

    title = "no connection"
    advice = "Check the network, the VPN and the server's address in the kubeconfig."


class NotSent(Unreachable):
    """There was no connection, so nothing was sent."""


class Silent(Unreachable):
    """The connection of a watch is open, and nothing comes, not even the bookmark of each minute."""


class Stopped(ClusterError):
    """A person waited no longer for an answer."""

    title = "stopped"


class SettingsError(ClusterError):
    """A flag, an environment variable or the settings file says something that cannot be."""

    title = "settings unusable"
    advice = "Correct it and try again; or look around in the demo first."


class ReadOnly(ClusterError):
    """A write was asked for in a session that may not write; nothing was sent."""

    title = "read-only"
    advice = "Start without --read-only to change things."


class ValuesReceived(ClusterError):
    """An answer carried values of secrets; it was dropped."""

    title = "values refused"
    advice = (
        "Something between here and the cluster ignores what was asked for; do not use wbtui there until it is mended."
    )


class UnexpectedAnswer(ClusterError):
    """An answer that is not what the API promises."""

    title = "unexpected answer"
    advice = "Is this really a Kubernetes API? Check the server's address in the kubeconfig."


class NotServed(UnexpectedAnswer):
    """A 404 in the words of an API server that does not serve the path; some gateways use the same words."""


class TooLarge(UnexpectedAnswer):
    """The answer is larger than any that an API server has reason to send; the rest was not read."""

    title = "answer too large"
    advice = "Something between here and the cluster may have sent it. Check the server's address in the kubeconfig."


RETRIED = (Expired, Busy, ServerError, Unreachable)
"""What passes soon by itself. Other refusals are tried again more slowly."""


NEEDS_PERSON = (KubeconfigError, CredentialsError, SettingsError, ReadOnly, ValuesReceived)
"""What does not pass by itself: each try would run a plugin, or receive values, once more."""


LOST = (Unreachable, ServerError, UnexpectedAnswer, ValuesReceived)
"""After a write these do not tell whether it was done: no answer, or one from halfway, or none that can be read."""


def is_lost(error: ClusterError) -> bool:
    """Tell whether it is unknown after this error whether a write was done."""
    return isinstance(error, LOST) and not isinstance(error, NotSent)


T = TypeVar("T")


class Page(NamedTuple, Generic[T]):
    """One page of a list: `loaded` items so far in all, of an estimated `expected` where the cluster says."""

    items: tuple[T, ...]
    loaded: int
    expected: int | None


class Complete(NamedTuple):
    """The list has been read to its end: only the objects with these uids exist."""

    uids: frozenset[str]


class Changes(NamedTuple, Generic[T]):
    """What a watch reported: the items added or changed, and the uids of those deleted."""

    changed: tuple[T, ...]
    deleted: tuple[str, ...]


class WatchOpened:
    """The server has accepted the watch: from now on every change is reported."""


class Interrupted(NamedTuple):
    """The list or the watch failed with `error`; it is tried again in `seconds`.

    `as_of` is when the server was last heard: what is known is as of then. None where nothing is known.
    """

    error: ClusterError
    seconds: float
    as_of: datetime | None = None


class WatchClosed:
    """The watch came to its end, as each does after some minutes; the next one is being opened."""


Followed: TypeAlias = Page[T] | Complete | Changes[T] | WatchOpened | WatchClosed | Interrupted
"""What following a collection yields."""
News: TypeAlias = Followed[Secret]


class Account(NamedTuple):
    """Who the cluster takes us for; `impersonated` where another user acts as this one.

    `creator` is who is named as the creator of what is made: the e-mail address of the settings, or the username.
    """

    username: str
    creator: str
    impersonated: bool = False


class PluginWait(NamedTuple):
    """A credential plugin that is being waited for: since when by the monotonic clock, and what it has said last.

    `words` are lines for the person who waits, such as an address to open and a code to enter there.
    """

    plugin: str
    since: float
    words: str


class LoginRenewed:
    """The cluster has accepted other credentials than before: one may be somebody else, and may do other things."""


LoginNews: TypeAlias = PluginWait | LoginRenewed | None
"""None where no credential plugin is waited for any more."""


class ExternalSource(NamedTuple):
    """Where an ExternalSecret gets a secret's values from, and whether it did."""

    store: str
    remote_keys: tuple[str, ...]
    ready: bool | None
    reason: str
    message: str
    synced: datetime | None


class Context(NamedTuple):
    """One context of the kubeconfig; `namespace` is empty where it names none."""

    name: str
    cluster: str
    user: str
    namespace: str


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
        not show, and `DryRunUnsupported` where a webhook cannot be asked without storing.
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


class Start(NamedTuple):
    """Where a session begins; without a context, where the settings or the kubeconfig say."""

    context: str | None = None
    all_projects: bool = False
    demo: bool = False
