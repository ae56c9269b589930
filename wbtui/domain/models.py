"""Models that can be deployed, the services that serve them, and explanations of a service's problems."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wbtui.domain.references import AIM, Json
from wbtui.domain.served_kinds import group_of

AIM_GROUP = group_of(AIM)
"""The API group of the AIM Engine."""
TOKEN_VARIABLE = "HF_TOKEN"  # noqa: S105  a variable's name
"""The variable from which the AIM Engine and its containers read the Hugging Face token."""
DEFAULT_CONFIG = "default"
"""The name of the AIMRuntimeConfig that applies to every service of a project."""
METRICS = ("latency", "throughput")
"""The metrics that a service can be optimized for."""
READY = "Ready"


@dataclass(frozen=True, slots=True)
class Model:
    """One model of the cluster or of a project; `namespace` is empty for the cluster's.

    `status` is the value that the AIM Engine set. With `needs_token`, the download needs a Hugging Face token.
    """

    kind: str
    name: str
    namespace: str
    status: str = ""
    title: str = ""
    canonical_name: str = ""
    needs_token: bool = False
    image: str = ""
    uid: str = ""

    @property
    def ready(self) -> bool:
        """Return whether the AIM Engine can serve the model now."""
        return self.status == READY


@dataclass(frozen=True, slots=True)
class Catalog:
    """The models that can be deployed in a project; `not_searched` has a reason for each kind that could not be read.

    With `has_default_token`, the project gives a token to every service that does not name one.
    """

    models: tuple[Model, ...]
    not_searched: tuple[str, ...] = ()
    has_default_token: bool = False


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDraft:
    """A new service for a model. `token` is the name of a secret and its key, `pull_secrets` are names of secrets."""

    namespace: str
    name: str
    model: str
    replicas: int = 1
    token: tuple[str, str] | None = None
    pull_secrets: tuple[str, ...] = ()
    metric: str = ""
    creator: str = ""

    def manifest(self, prefix: str) -> dict[str, Any]:
        """Return the manifest of the AIMService; `prefix` is the prefix of the Workbench's labels."""
        metadata: dict[str, Any] = {
            "name": self.name,
            "namespace": self.namespace,
            "labels": {f"{prefix}/workload-type": "INFERENCE"},
        }
        if self.creator:
            metadata["annotations"] = {f"{prefix}/submitter": self.creator}
        spec: dict[str, Any] = {"model": {"name": self.model}, "replicas": self.replicas}
        if self.metric:
            spec["overrides"] = {"metric": self.metric}
        if self.pull_secrets:
            spec["imagePullSecrets"] = [{"name": name} for name in self.pull_secrets]
        if self.token:
            spec["env"] = [token_variable(*self.token)]
        return {"apiVersion": AIM, "kind": "AIMService", "metadata": metadata, "spec": spec}


def token_variable(secret: str, key: str) -> Json:
    """Return the environment variable that reads the token from a secret."""
    return {"name": TOKEN_VARIABLE, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}
