"""What a cluster has that gives the projects a secret by itself, and manifests for it, without values."""

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from wbtui.domain.display_name import annotation
from wbtui.domain.manifests import as_yaml
from wbtui.domain.prefixes import OWN_LABELS, RESOURCE_MANAGER
from wbtui.domain.secret import Secret
from wbtui.domain.snippets import Snippet
from wbtui.domain.syncing import without_marks

MANAGERS_STORE = "openbao-secret-store"
"""The store that the Resource Manager's ExternalSecrets read from."""
_PROJECT = "name-of-the-project"
_PLACE = "path-in-the-store"
_ALL_PROJECTS = {"matchExpressions": [{"key": f"{RESOURCE_MANAGER}/project-id", "operator": "Exists"}]}


class ExternalStore(NamedTuple):
    """A store of External Secrets: a SecretStore of the project, or a ClusterSecretStore."""

    kind: str
    name: str


class Sharing(NamedTuple):
    """What is there: the `apiVersion` of each kind, empty where the cluster does not serve it, and the stores.

    `unknown` are the kinds that could not be listed, with the reasons.
    """

    external_secret: str = ""
    cluster_external_secret: str = ""
    policy: str = ""
    stores: tuple[ExternalStore, ...] = ()
    unknown: tuple[str, ...] = ()


def sharing_snippets(secret: Secret, sharing: Sharing, prefix: str) -> tuple[Snippet, ...]:
    """Return manifests that give other projects a secret like this one, as far as the cluster can do that.

    `prefix` is that of the Workbench's display names.
    """
    return tuple(_snippets(secret, sharing, prefix))


def _snippets(secret: Secret, sharing: Sharing, prefix: str) -> Iterator[Snippet]:
    for store in sharing.stores if sharing.external_secret else ():
        spec = _external_secret(secret, store, prefix)
        metadata = {"name": secret.name, "namespace": secret.namespace if store.kind == "SecretStore" else _PROJECT}
        write = partial(_remote, sharing.external_secret, "ExternalSecret", metadata, spec)
        yield Snippet(f"ExternalSecret from {store.kind} {store.name}", write)
        if store.kind == "ClusterSecretStore":
            yield from _in_all_projects(secret, sharing, store, spec)
    if sharing.policy:
        yield Snippet("Kyverno policy that clones it to all projects", partial(_clone, secret, sharing.policy))


def _in_all_projects(secret: Secret, sharing: Sharing, store: ExternalStore, spec: dict[str, Any]) -> Iterator[Snippet]:
    if sharing.cluster_external_secret:
        whole = {
            "externalSecretName": secret.name,
            "namespaceSelectors": [_ALL_PROJECTS],
            "refreshTime": "1h",
            "externalSecretSpec": spec,
        }
        api, metadata = sharing.cluster_external_secret, {"name": secret.name}
        title = f"ClusterExternalSecret for all projects, from {store.name}"
        yield Snippet(title, partial(_remote, api, "ClusterExternalSecret", metadata, whole))
    if store.name == MANAGERS_STORE:
        write = partial(_remote, sharing.external_secret, "ExternalSecret", {"name": secret.name}, spec, _MANAGER)
        yield Snippet("ExternalSecret for the Resource Manager to assign to projects", write)


_REMOTE = f"# Write the path of the values in the store instead of {_PLACE}. Values are never shown.\n"
_MANAGER = (
    "# Add it in the Resource Manager as a secret of the organization, and assign it to projects there: the\n"
    "# Resource Manager sets its name, its project and its labels.\n"
)
_CLONES_ALL = "# Kyverno's background controller needs the right to create, update and delete secrets.\n"


def _remote(api: str, kind: str, metadata: dict[str, Any], spec: dict[str, Any], before: str = "") -> str:
    return f"{before}{_manifest(api, kind, metadata, spec)}{_REMOTE}"


def _manifest(api: str, kind: str, metadata: dict[str, Any], spec: dict[str, Any]) -> str:
    return as_yaml({"apiVersion": api, "kind": kind, "metadata": metadata, "spec": spec})


def _external_secret(secret: Secret, store: ExternalStore, prefix: str) -> dict[str, Any]:
    labels = {key: value for key, value in without_marks(secret.labels).items() if key not in OWN_LABELS}
    called = {annotation(prefix): secret.display_name} if secret.display_name else {}
    parts = {"labels": labels, "annotations": called}
    metadata = {name: part for name, part in parts.items() if part}
    template = {"type": secret.type or "Opaque", **({"metadata": metadata} if metadata else {})}
    data = [{"secretKey": key, "remoteRef": {"key": _PLACE, "property": key}} for key in secret.keys or ()]
    return {
        "refreshInterval": "1h",
        "secretStoreRef": {"kind": store.kind, "name": store.name},
        "target": {"name": secret.name, "creationPolicy": "Owner", "template": template},
        **({"data": data} if data else {"dataFrom": [{"extract": {"key": _PLACE}}]}),
    }


def _clone(secret: Secret, api: str) -> str:
    if own := sorted(OWN_LABELS & secret.labels.keys()):
        return (
            f"# Not offered: a clone has all labels of {secret.name}, also {' and '.join(own)}, by which the\n"
            "# Resource Manager knows this one alone. Clone one that was not made by the Resource Manager.\n"
        )
    rule = {
        "name": "clone",
        "match": {"any": [{"resources": {"kinds": ["Namespace"], "selector": _ALL_PROJECTS}}]},
        "exclude": {"any": [{"resources": {"names": [secret.namespace]}}]},
        "generate": {
            "apiVersion": "v1",
            "kind": "Secret",
            "name": secret.name,
            "namespace": "{{request.object.metadata.name}}",
            "synchronize": True,
            "generateExisting": True,
            "clone": {"namespace": secret.namespace, "name": secret.name},
        },
    }
    return f"{_manifest(api, 'ClusterPolicy', {'name': f'clone-{secret.name}'}, {'rules': [rule]})}{_CLONES_ALL}"
