"""Every error that a cluster, the way to it, or the settings can lead to.

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

from typing import ClassVar

from wbtui.domain.text import shortened

_LONGEST = 400
"""Characters of what happened that are told."""


class ClusterError(Exception):
    """Something that can go wrong between here and a cluster: `str()` says what happened, `advice` what to do.

    In `advice`, `{retry}` stands for the key that tries again, and `{id}` for that of an action; screens put them in.

    `fields` are pairs of a field's path and what the cluster says of it.
    """

    title: ClassVar[str] = "error"
    advice: str = "Press {retry} to try again."
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
    advice = "Log in to the cluster again, then press {retry}."


class Unauthorized(ClusterError):
    """The cluster does not know who this is."""

    title = "not logged in"
    advice = "The credentials have expired or were revoked: log in again, then press {retry}."


class AccountChanged(ClusterError):
    """The credentials belong to another user than the one that the write names; nothing was sent."""

    title = "another user"
    advice = "Look at who is named on the first line, and save again."


class Forbidden(ClusterError):
    """The cluster knows who this is, and says no."""

    title = "forbidden"
    advice = "Ask an administrator of the project for the right, or choose another project with {go.project}."


class NotFound(ClusterError):
    """What was asked for is not there."""

    title = "not found"
    advice = "Choose a project with {go.project}."


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
    advice = "Tell the administrator of the cluster, or try again later with {retry}."


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
        "Something between here and the cluster ignores what was asked for; do not use wbtui there until it is fixed."
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
    """Return whether it is unknown after this error whether a write was done."""
    return isinstance(error, LOST) and not isinstance(error, NotSent)
