"""The state of a service that serves a model, and explanations of its problems."""

import re
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition in the status of a service; `holds` is True where all is well, None where it is unknown."""

    type: str
    holds: bool | None
    reason: str
    message: str
    since: datetime | None = None

    @property
    def explanation(self) -> str:
        """Return what is wrong with the secrets of the service, and what to do; empty where that is not the cause."""
        text = f"{self.type} {self.reason}: {self.message}"
        sentences = (sentence for pattern, sentence in _EXPLANATIONS if pattern.search(text))
        return "" if self.holds else next(sentences, "")


@dataclass(frozen=True, slots=True)
class ServiceState:
    """The state of a service: `status` is Pending, Starting, Running, Degraded or Failed, or empty where it has none.

    With `gone`, the service no longer exists.
    """

    name: str
    status: str = ""
    conditions: tuple[Condition, ...] = ()
    gone: bool = False
    uid: str = ""


_EXPLANATIONS = tuple(
    (re.compile(pattern, re.IGNORECASE), sentence)
    for pattern, sentence in (
        (
            r"couldn't find key|key .* not found in secret|non-existent secret key",
            "The secret is there, but has no such key: u on the secret shows which key is wanted.",
        ),
        (
            r"ReferenceNotFound.*secret|secrets? \S+ (is )?not found|secret .* (does not exist|not found)",
            "A secret that it names is not in the project: create one of that name, or attach another.",
        ),
        (
            r"ImagePullAuth|pull access denied|image.*(unauthorized|denied|401|403)|(unauthorized|denied).*image",
            "The registry refused the login: a pull secret is missing, is for another registry, or is out of date.",
        ),
        (
            r"ErrImagePull|ImagePullBackOff",
            "The image cannot be pulled: look at its name, and at the pull secrets for its registry.",
        ),
        (
            r"gated|hugging|hf_token|HF_TOKEN|401 client error|403 client error",
            "Hugging Face refused the download: the token is missing, is out of date, or may not read this model.",
        ),
        (
            r"CacheFailed",
            "The model could not be downloaded: its token may be missing or out of date, or may not read this model.",
        ),
        (
            r"AuthError|AuthValid",
            "A login was refused: look at the token and the pull secrets that the service names.",
        ),
    )
)
"""Patterns and their explanations; the first match is shown."""
