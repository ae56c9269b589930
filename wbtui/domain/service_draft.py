"""A new service for a model, as the AI Workbench makes it: by templates in its first version, by profiles since."""

from dataclasses import dataclass
from typing import Any

from wbtui.domain.display_name import annotation
from wbtui.domain.models import DEFAULT_CONFIG, PIPELINE, TOKEN_VARIABLE, Gateway, Model, uses_profiles
from wbtui.domain.prefixes import Prefixes
from wbtui.domain.reference_paths import Json
from wbtui.domain.references import AIM
from wbtui.domain.scaling import Scaling


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDraft:
    """A new service for a model. `token` is the name of a secret and its key, `pull_secrets` are names of secrets.

    `api` is the `apiVersion` in which it is made. `precision`, `accelerator`, `accelerators` (how many), `profile`,
    `gateway` and `display_name` are for services that run by profiles, `unoptimized` for those that run by templates.
    What is empty is left to the engine. Without a `gateway`, the runtime config decides about a route; without
    `scaling`, the number of replicas stays.
    """

    namespace: str
    name: str
    model: Model
    api: str = AIM
    replicas: int = 1
    token: tuple[str, str] | None = None
    pull_secrets: tuple[str, ...] = ()
    metric: str = ""
    creator: str = ""
    display_name: str = ""
    unoptimized: bool = True
    profile: str = ""
    precision: str = ""
    accelerator: str = ""
    accelerators: int = 0
    gateway: Gateway | None = None
    scaling: Scaling | None = None

    def manifest(self, prefixes: Prefixes) -> dict[str, Any]:
        """Return the manifest of the AIMService, with these prefixes of labels and annotations."""
        labels = {f"{prefixes.apps}/workload-type": "INFERENCE"}
        annotations = {f"{prefixes.apps}/submitter": self.creator}
        if uses_profiles(self.api):
            labels |= self._model_labels(prefixes.workbench)
            annotations |= self._profile_annotations(prefixes.workbench)
        metadata: dict[str, Any] = {"name": self.name, "namespace": self.namespace, "labels": _set(labels)}
        if written := _set(annotations):
            metadata["annotations"] = written
        spec = self._spec_by_profile() if uses_profiles(self.api) else self._spec_by_template()
        scaling = self.scaling.fields if self.scaling else {}
        return {"apiVersion": self.api, "kind": "AIMService", "metadata": metadata, "spec": {**spec, **scaling}}

    def _model_labels(self, prefix: str) -> dict[str, str]:
        own = self.model if self.model.namespace else None
        return {
            f"{prefix}/namespace-aim-model": "true" if own else "",
            f"{prefix}/fine-tuned": "true" if own and not own.imported else "",
        }

    def _profile_annotations(self, prefix: str) -> dict[str, str]:
        own = self.model if self.model.namespace else None
        return {
            PIPELINE: "profile",
            annotation(prefix): self.display_name or (own.display_name if own else ""),
            f"{prefix}/canonical-name": own.canonical_name if own else "",
            f"{prefix}/model-name": (own.display_name or own.name) if own else "",
        }

    def _spec_by_template(self) -> Json:
        spec: dict[str, Any] = {"model": {"name": self.model.name}, "replicas": self.replicas}
        if self.unoptimized:
            spec["template"] = {"allowUnoptimized": True}
        if self.metric:
            spec["overrides"] = {"metric": self.metric}
        if self.pull_secrets:
            spec["imagePullSecrets"] = self._pull_secrets
        if self.token:
            spec["env"] = self._token_variables
        return spec

    def _spec_by_profile(self) -> Json:
        wanted = {"metric": self.metric, "precision": self.precision, "acceleratorModel": self.accelerator}
        selector = {"minimumType": "any", **_set(wanted)}
        routing = {"enabled": True, "gatewayRef": _gateway_reference(self.gateway)} if self.gateway else None
        overrides = {"acceleratorCount": self.accelerators} if self.accelerators else None
        return {
            "model": {"name": self.model.name},
            "replicas": self.replicas,
            **({"routing": routing} if routing else {}),
            "runtimeConfigName": DEFAULT_CONFIG,
            "caching": {"mode": "Shared", "env": self._token_variables},
            "profile": {"name": self.profile} if self.profile else {"selector": selector},
            **({"profileOverrides": overrides} if overrides else {}),
            "env": [],
            "imagePullSecrets": self._pull_secrets,
        }

    @property
    def _pull_secrets(self) -> list[Json]:
        return [{"name": name} for name in self.pull_secrets]

    @property
    def _token_variables(self) -> list[Json]:
        return [token_variable(*self.token)] if self.token else []


def token_variable(secret: str, key: str) -> Json:
    """Return the environment variable that reads the token from a secret."""
    return {"name": TOKEN_VARIABLE, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


NO_GROUP = "No group of cluster-auth: where it is in use, only the Workbench can make one."


def token_readers(api: str) -> str:
    """Return which processes see the token of a service of this `apiVersion`."""
    if uses_profiles(api):
        return "Only the download sees the token; the server does not."
    return "The download and the server see the token."


def _gateway_reference(gateway: Gateway) -> dict[str, str]:
    return _set({"name": gateway.name, "namespace": gateway.namespace})


def _set(values: dict[str, str]) -> dict[str, str]:
    """Return what is not empty."""
    return {key: value for key, value in values.items() if value}
