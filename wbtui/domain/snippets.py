"""Parts of manifests that use a secret, with its name and keys and without values."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from wbtui.domain.display_name import LONGEST, annotation
from wbtui.domain.manifests import as_yaml
from wbtui.domain.models import AIM_GROUP, DEFAULT_CONFIG
from wbtui.domain.placements import Attachment, Placement, attached, placements_for, variables_for
from wbtui.domain.prefixes import OWN_LABELS
from wbtui.domain.secret import Secret
from wbtui.domain.targets import TARGETS, TargetKind

_CONTAINER = "app"
_NAMES = {"AIMRuntimeConfig": DEFAULT_CONFIG, "ServiceAccount": "default"}
_MODEL = "name-of-the-model"


@dataclass(frozen=True)
class Snippet:
    """One snippet: its title, and its YAML, which is written when it is asked for: a secret may have 3,000 keys."""

    title: str
    write: Callable[[], str]

    @cached_property
    def text(self) -> str:
        """Return the YAML."""
        return self.write()


def snippets_for(secret: Secret, prefix: str) -> tuple[Snippet, ...]:
    """Return the snippets for a secret: first its own manifest, then those for its use case.

    `prefix` is that of the Workbench's display names.
    """
    return (Snippet("manifest of the secret, without values", partial(_manifest, secret, prefix)), *_pieces(secret))


def _manifest(secret: Secret, prefix: str) -> str:
    # No other annotations: tools keep copies of whole objects, with values, in theirs.
    annotations = {key: value for key, value in secret.annotations.items() if key.endswith("/submitter")}
    if 0 < len(secret.display_name) <= LONGEST:  # a longer one is known in part only
        annotations[annotation(prefix)] = secret.display_name
    # Ids and finalizers belong to this secret alone: a copy with them could not be deleted, or be taken for this one.
    labels = {key: value for key, value in secret.labels.items() if key not in OWN_LABELS}
    parts = {"labels": labels, "annotations": annotations}
    metadata = {
        "name": secret.name,
        "namespace": secret.namespace,
        **{name: part for name, part in parts.items() if part},
    }
    body: dict[str, Any] = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": secret.type}
    if secret.immutable:
        body["immutable"] = True
    keys = "keys not known" if secret.keys is None else ", ".join(secret.keys) or "no keys"
    # Without data: empty values would overwrite the real ones when the manifest is applied.
    return f"{as_yaml(body)}# data is left out: {keys}. Values are never shown.\n"


def _pieces(secret: Secret) -> Iterator[Snippet]:
    placements = {placement.name: placement for placement in placements_for(secret)}
    if not variables_for(secret):
        placements.pop("variables", None)  # no key is known
    for piece in _PIECES:
        if placement := placements.get(piece.placement):
            yield Snippet(piece.title, partial(_text_of, piece, secret, placement))


def _text_of(piece: "_Piece", secret: Secret, placement: Placement) -> str:
    return as_yaml(piece.cut(_using(secret, placement, TARGETS[piece.kind])))


def _using(secret: Secret, placement: Placement, target: TargetKind) -> Any:
    kind = target.kind
    metadata = {"name": _NAMES.get(kind.kind, "name-of-the-service"), "namespace": secret.namespace}
    manifest: dict[str, Any] = {"apiVersion": kind.api, "kind": kind.kind, "metadata": metadata}
    if kind.kind == "AIMService":
        manifest["spec"] = {"model": {"name": _MODEL}}
    for group in target.containers[:1]:
        target.of(manifest)[group] = [{"name": _CONTAINER}]
    attachment = Attachment(
        secret.name,
        placement,
        containers=(_CONTAINER,),
        variables={variable: key for key, variable in variables_for(secret).items()},
        folder=f"/etc/secrets/{secret.name}",
    )
    return attached(target, manifest, attachment)


def _pod(manifest: Any) -> Any:
    return manifest["spec"]["template"]["spec"]


def _container(manifest: Any) -> Any:
    return {name: part for name, part in _pod(manifest)["containers"][0].items() if name != "name"}


def _by_profile(manifest: Any) -> Any:
    spec = {
        "model": manifest["spec"]["model"],
        "profile": {"selector": {"minimumType": "any"}},
        "caching": {"mode": "Shared", "env": manifest["spec"]["env"]},
    }
    return {**manifest, "apiVersion": f"{AIM_GROUP}/v1alpha2", "spec": spec}


@dataclass(frozen=True, slots=True)
class _Piece:
    title: str
    kind: str
    placement: str
    cut: Callable[[Any], Any]


_PIECES = (
    _Piece("env of a container", "Deployment", "variables", _container),
    _Piece("envFrom of a container", "Deployment", "all keys", _container),
    _Piece("volume of a pod, and its mount", "Deployment", "files", _pod),
    _Piece(
        "imagePullSecrets of a pod",
        "Deployment",
        "pull secret",
        lambda manifest: {"imagePullSecrets": _pod(manifest)["imagePullSecrets"]},
    ),
    _Piece("ServiceAccount whose pods pull with it", "ServiceAccount", "pull secret", lambda manifest: manifest),
    _Piece("AIMService", "AIMService", "variables", lambda manifest: manifest),
    _Piece("AIMService of v1alpha2, which gives it to the download alone", "AIMService", "variables", _by_profile),
    _Piece("AIMService", "AIMService", "pull secret", lambda manifest: manifest),
    _Piece(
        "AIMRuntimeConfig, for all services of the project", "AIMRuntimeConfig", "variables", lambda manifest: manifest
    ),
    _Piece(
        "Helm values, by the names that most charts have",
        "Deployment",
        "variables",
        lambda manifest: {"extraEnvVars": _container(manifest)["env"]},
    ),
    _Piece(
        "Helm values, by the names that most charts have",
        "Deployment",
        "pull secret",
        lambda manifest: {"imagePullSecrets": _pod(manifest)["imagePullSecrets"]},
    ),
)
"""The parts to show of an object that uses the secret, in the order of the screen."""
