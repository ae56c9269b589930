"""All errors of a cluster, of the connection to it, of the settings, and of the program on disk.

ClusterError
├── KubeconfigError       no usable configuration: missing, broken, an unknown context
│   └── NoKubeconfig      none at all
├── CredentialsError      a credential plugin or an identity provider failed
├── Unauthorized          401: the cluster does not know the user
├── AccountChanged        the credentials belong to another user now; nothing was sent
├── Forbidden             403: the user does not have the right
│   ├── WatchForbidden    listing is allowed, watching is not
│   ├── QuotaExceeded     the quota of the project is used up
│   └── Terminating       its namespace is being deleted
├── NotFound              404 with a Status that says so
├── AlreadyExists         409 on create
├── Conflict              409: the object has changed
│   └── StillThere        it is not deleted yet
├── Invalid               422 and 400
├── PolicyRefused         a ValidatingAdmissionPolicy refused it
├── WebhookRefused        an admission webhook refused it, or did not answer
│   └── DryRunUnsupported a webhook that does not support dry run
├── Uncertain             the connection was lost after a write was sent
├── Expired               410: the server no longer has that resource version
├── Busy                  429, or another answer with Retry-After
├── ServerError           5xx
├── Unreachable           no answer: name, network, certificate, time
│   ├── NotSent           no connection, so nothing was sent
│   └── Silent            a watch that sends nothing, not even bookmarks
├── Stopped               the user stopped waiting for the answer
├── SettingsError         a flag, a variable or the settings file is wrong
├── ReadOnly              a write was asked for in a read-only session
├── ProgramReplaced       wbtui was replaced on disk, and the rest of it cannot be loaded
├── ValuesReceived        an answer contained values of secrets, and was dropped
└── UnexpectedAnswer      any other answer that breaks the rules of the API
    ├── NotServed         404 for a path that the API server does not serve
    └── TooLarge          an answer larger than the limit
"""

from collections.abc import Callable
from typing import ClassVar

from wbtui.domain.text import shortened

_LONGEST = 400
"""The most characters of an error that are shown."""


class ClusterError(Exception):
    """The base of all errors: `str()` says what happened, `advice` what to do about it.

    In `advice`, `{retry}` stands for the key that tries again and `{id}` for the key of an action; screens replace
    them. `fields` are pairs of the path of a field and the cluster's message about it.
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
        return shortened(self.message, _LONGEST)

    @property
    def message(self) -> str:
        """Return what happened, in full length."""
        return str(self.args[0])

    @property
    def titled(self) -> str:
        """Return what kind of error it is, and what happened, where the cluster says more than the kind."""
        return self.title if str(self) == self.title else f"{self.title}: {self}"

    def reword(self, change: Callable[[str], str]) -> None:
        """Change what the error says, in its message and about each field."""
        self.args = (change(self.message) or self.title,)
        self.fields = tuple((change(path), change(words)) for path, words in self.fields)


class KubeconfigError(ClusterError):
    """The kubeconfig cannot be used: it is broken, or has no such context."""

    title = "invalid kubeconfig"
    advice = "Fix the kubeconfig, or choose another context with :ctx or another file with --kubeconfig."


class NoKubeconfig(KubeconfigError):
    """There is no kubeconfig."""

    title = "no kubeconfig"
    advice = "Set KUBECONFIG or pass --kubeconfig; or look around in the demo first."


class CredentialsError(ClusterError):
    """A credential plugin or an identity provider failed."""

    title = "no credentials"
    advice = "Log in to the cluster again, then press {retry}."


class Unauthorized(ClusterError):
    """The cluster does not accept the credentials."""

    title = "not logged in"
    advice = "The credentials have expired or were revoked: log in again, then press {retry}."


class AccountChanged(ClusterError):
    """The credentials now belong to another user than the one on the screen; nothing was sent."""

    title = "another user"
    advice = "Check the user on the first line, and save again."


class Forbidden(ClusterError):
    """The user does not have the right."""

    title = "forbidden"
    advice = "Ask an administrator of the project for the right, or choose another project with {go.project}."


class NotFound(ClusterError):
    """The object does not exist."""

    title = "not found"
    advice = "Choose a project with {go.project}."


class AlreadyExists(ClusterError):
    """An object of this name exists; it was not changed."""

    title = "name taken"
    advice = "Choose another name."


class Conflict(ClusterError):
    """The object has changed since it was read; nothing was done."""

    title = "changed by another user"
    advice = "Check what changed, and try again."


class StillThere(Conflict):
    """The object is not deleted yet, so none can be created under its name."""

    title = "not deleted yet"


class Invalid(ClusterError):
    """The object breaks the cluster's rules; `fields` has a message for each."""

    title = "refused as invalid"
    advice = "Fix what the cluster reports, and save again."


class WatchForbidden(Forbidden):
    """The user may list but not watch; the list is read again from time to time."""

    title = "watching forbidden"


class QuotaExceeded(Forbidden):
    """The quota of the project is used up."""

    title = "over quota"
    advice = "Delete what is not needed, or ask for a larger quota."


class Terminating(Forbidden):
    """The namespace is being deleted."""

    title = "project being deleted"
    advice = "Choose another project: nothing can be created in this one any more."


class PolicyRefused(ClusterError):
    """A ValidatingAdmissionPolicy of the cluster refused the write; the message is from its author."""

    title = "refused by a policy"
    advice = "Do what the policy asks for, and try again; or ask the administrator of the cluster."


class WebhookRefused(ClusterError):
    """An admission webhook refused the write, or did not answer."""

    title = "refused by a webhook"
    advice = "Tell the administrator of the cluster, or try again later with {retry}."


class DryRunUnsupported(WebhookRefused):
    """An admission webhook does not support dry run; only the write itself shows whether it is allowed."""

    title = "dry run not supported"
    advice = "It can be created without a dry run."


class Uncertain(ClusterError):
    """The connection broke after a write was sent, and reading the object did not show whether it was done."""

    title = "not known whether it was done"
    advice = "Wait for the connection, and check the list before you try again."


class Expired(ClusterError):
    """The server no longer has that resource version; the list has to be read again."""

    title = "expired"


class Busy(ClusterError):
    """The cluster asks to try again later."""

    title = "cluster busy"


class ServerError(ClusterError):
    """The server failed with a 5xx status."""

    title = "server error"


class Unreachable(ClusterError):
    """No answer was received: the name, the network, the certificate or a timeout is the cause."""

    title = "no connection"
    advice = "Check the network, the VPN and the server's address in the kubeconfig."


class NotSent(Unreachable):
    """No connection was made, so nothing was sent."""


class Silent(Unreachable):
    """A watch is open but sends nothing, not even the bookmark that comes every minute."""


class Stopped(ClusterError):
    """The user stopped waiting for the answer."""

    title = "stopped"


class SettingsError(ClusterError):
    """A flag, an environment variable or the settings file has an invalid value."""

    title = "invalid configuration"
    advice = "Fix it and try again, or look around in the demo first."


class ReadOnly(ClusterError):
    """A write was asked for in a read-only session; nothing was sent."""

    title = "read-only"
    advice = "Start without --read-only to change things."


class ProgramReplaced(ClusterError):
    """wbtui or a library of it was replaced or deleted on disk: what is not loaded yet cannot be loaded any more."""

    title = "program replaced"
    advice = "Finish here what works, then start wbtui again."

    def __init__(self) -> None:
        super().__init__("wbtui was replaced on disk since this window was started")


class ValuesReceived(ClusterError):
    """An answer contained values of secrets; it was dropped."""

    title = "values refused"
    advice = (
        "Something between here and the cluster ignores what was asked for; do not use wbtui there until it is fixed."
    )


class UnexpectedAnswer(ClusterError):
    """An answer that breaks the rules of the API."""

    title = "unexpected answer"
    advice = "Is this really a Kubernetes API? Check the server's address in the kubeconfig."


class NotServed(UnexpectedAnswer):
    """A 404 with the text of an API server that does not serve the path; some gateways send the same text."""


class TooLarge(UnexpectedAnswer):
    """The answer is larger than the limit; the rest was not read."""

    title = "answer too large"
    advice = "Something between here and the cluster may have sent it. Check the server's address in the kubeconfig."


RETRIED = (Expired, Busy, ServerError, Unreachable)
"""Temporary errors, which are retried soon. Other errors are retried more slowly."""
NEEDS_PERSON = (KubeconfigError, CredentialsError, SettingsError, ReadOnly, ValuesReceived)
"""Errors that are not retried: every retry would run a plugin or receive values again."""
LOST = (Unreachable, ServerError, UnexpectedAnswer, ValuesReceived)
"""Errors that leave it unknown whether a write was done: no answer, one from a proxy, or an unreadable one."""


def is_lost(error: ClusterError) -> bool:
    """Return whether it is unknown after this error whether a write was done."""
    return isinstance(error, LOST) and not isinstance(error, NotSent)
