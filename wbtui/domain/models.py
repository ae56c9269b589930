"""Models that can be deployed, the services that serve them, and what is wrong with a service in words."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wbtui.domain.references import AIM, Json

TOKEN_VARIABLE = "HF_TOKEN"  # noqa: S105  a variable's name
"""Where the AIM Engine and what it runs look for a token of Hugging Face."""
DEFAULT_CONFIG = "default"
"""The name of the AIMRuntimeConfig that holds for every service of a project."""
METRICS = ("latency", "throughput")
"""What a service can be made best at."""
READY = "Ready"


@dataclass(frozen=True, slots=True)
class Model:
    """One model of the cluster, or of a project: `namespace` is empty for the cluster's.

    `status` is the engine's own word; `needs_token` that it is downloaded with a token of Hugging Face.
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
        """Tell whether the engine can serve it now."""
        return self.status == READY


@dataclass(frozen=True, slots=True)
class Catalog:
    """The models that one can deploy in a project, and what could not be looked at, with the reasons.

    `has_default_token` tells that every service of the project gets a token that names none itself.
    """

    models: tuple[Model, ...]
    not_searched: tuple[str, ...] = ()
    has_default_token: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that the engine says of a service; all are well where `holds` is True."""

    type: str
    holds: bool | None
    reason: str
    message: str
    since: datetime | None = None

    @property
    def explanation(self) -> str:
        """Return what it means for the secrets of the service, and what to do; empty where it is not about them."""
        said = f"{self.type} {self.reason}: {self.message}"
        found = (sentence for pattern, sentence in _EXPLANATIONS if pattern.search(said))
        return "" if self.holds else next(found, "")


@dataclass(frozen=True, slots=True)
class ServiceState:
    """A service as it is now: `status` is Pending, Starting, Running, Degraded or Failed; empty where none is told.

    `gone` tells that there is no such service any more.
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
"""The first that fits is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDraft:
    """A service that is to serve a model. `token` is a secret and its key, `pull_secrets` are names of secrets."""

    namespace: str
    name: str
    model: str
    replicas: int = 1
    token: tuple[str, str] | None = None
    pull_secrets: tuple[str, ...] = ()
    metric: str = ""
    creator: str = ""

    def manifest(self, prefix: str) -> dict[str, Any]:
        """Return the AIMService, which names secrets and holds no value; `prefix` is that of the Workbench's labels."""
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
    """Return the variable that gives a service its token."""
    return {"name": TOKEN_VARIABLE, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}
