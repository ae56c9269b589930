"""The state of a service that serves a model, of what the engine made for it, and explanations of its problems."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from wbtui.domain.models import DEFAULT_CONFIG
from wbtui.domain.service_credentials import DOWNLOAD, PULL, ServiceCredential

_BAD_WHEN_TRUE = frozenset({"StorageQuotaExceeded", "Failed", "FailureTarget"})
"""Conditions that say that something is wrong, where all others say that something is well."""
_ANY = "any"
"""Stands for whichever process it was."""
_MOST = 4
"""Credentials that a sentence names."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition in a status; `holds` is None where it is unknown."""

    type: str
    holds: bool | None
    reason: str
    message: str
    since: datetime | None = None

    @property
    def well(self) -> bool | None:
        """Return whether it says that all is well; None where that is unknown."""
        return None if self.holds is None else self.holds != (self.type in _BAD_WHEN_TRUE)

    def explanation(self, credentials: Iterable[ServiceCredential] = ()) -> str:
        """Return what is wrong, and what to do, with the credentials that it is about; empty where nothing is known."""
        text = f"{self.type} {self.reason}: {self.message}"
        found = next((entry for entry in _EXPLANATIONS if entry.pattern.search(text)), None)
        if self.well or not found:
            return ""
        return f"{found.sentence} {_named(found.reader, credentials)}".strip()


def _named(reader: str, credentials: Iterable[ServiceCredential]) -> str:
    """Return a sentence with the credentials that a process reads."""
    if not reader:
        return ""
    read = [str(credential) for credential in credentials if reader in {*credential.readers, _ANY}]
    return f"It reads {'; '.join(read[:_MOST])}." if read else "The service names no credential for it."


@dataclass(frozen=True, slots=True)
class Part:
    """Something that the engine made for a service: a cache, a download, or a pod; `message` is how far it is."""

    kind: str
    name: str
    status: str = ""
    conditions: tuple[Condition, ...] = ()
    message: str = ""


@dataclass(frozen=True, slots=True)
class ServiceState:
    """The state of a service: `status` is Pending, Starting, Running, Degraded or Failed, or empty where it has none.

    With `gone`, the service no longer exists. `unseen` has a reason for each kind of objects that could not be read.
    `config` is the name of its runtime configs, `profile` or `template` that by which it runs, with their scope:
    Cluster, Namespace, or empty where it is not known yet.
    """

    name: str
    status: str = ""
    conditions: tuple[Condition, ...] = ()
    gone: bool = False
    uid: str = ""
    display_name: str = ""
    model: str = ""
    config: str = DEFAULT_CONFIG
    profile: tuple[str, str] = ("", "")
    template: tuple[str, str] = ("", "")
    credentials: tuple[ServiceCredential, ...] = ()
    parts: tuple[Part, ...] = ()
    unseen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Explanation:
    """A pattern in what a condition says, a sentence, and the reader of the credentials that it is about."""

    pattern: re.Pattern[str]
    sentence: str
    reader: str = ""


_EXPLANATIONS = tuple(
    _Explanation(re.compile(pattern, re.IGNORECASE), sentence, reader)
    for pattern, sentence, reader in (
        (
            r"couldn't find key|key .* not found in secret|non-existent secret key",
            "The secret is there, but has no such key: u on the secret shows which key is wanted.",
            "",
        ),
        (
            r"ReferenceNotFound.*secret|secrets? \S+ (is )?not found|secret .* (does not exist|not found)",
            "A secret that it names is not in the project: create one of that name, or attach another.",
            "",
        ),
        (
            r"ImagePullAuth|pull access denied|image.*(unauthorized|denied|401|403)|(unauthorized|denied).*image",
            "The registry refused the login: a pull secret is missing, is for another registry, or is out of date.",
            PULL,
        ),
        (
            r"ErrImagePull|ImagePullBackOff|ImageNotFound",
            "The image cannot be pulled: look at its name, and at the pull secrets for its registry.",
            PULL,
        ),
        (
            r"AccessDenied|Unable to locate credentials|InvalidAccessKeyId|SignatureDoesNotMatch",
            "The object store refused the download: its access key is missing, is out of date, or may not read it.",
            DOWNLOAD,
        ),
        (
            r"gated|hugging|hf_token|401 client error|403 client error",
            "Hugging Face refused the download: the token is missing, is out of date, or may not read this model.",
            DOWNLOAD,
        ),
        (
            r"SourceNotFound",
            "The model is not where its profile says it is, or the token may not see it.",
            DOWNLOAD,
        ),
        (
            r"CacheFailed|DeadlineExceeded|BackoffLimitExceeded",
            "The model could not be downloaded: its token may be missing or out of date, or may not read this model.",
            DOWNLOAD,
        ),
        (
            r"AuthError|AuthValid",
            "A login was refused: look at the token and the pull secrets that the service names.",
            _ANY,
        ),
        (
            r"TemplateNotFound",
            "No template is allowed, and spec.template.allowUnoptimized cannot be set later: deploy the model again.",
            "",
        ),
        (
            r"ProfileNotFound|ProfileSelectorAmbiguous",
            "No profile, or more than one, is what the service asks for: change spec.profile.",
            "",
        ),
        (
            r"ProfileBindingStuck",
            "The service keeps its profile: the annotation aim.eai.amd.com/force-rebind has another one chosen.",
            "",
        ),
        (
            r"StorageFull|StorageQuotaExceeded|QuotaExceeded|StorageSizeError",
            "There is no room for the model: no credential is the cause.",
            "",
        ),
    )
)
"""The first match is shown."""
