"""THE table of the kinds and paths that can refer to secrets, and the search for references in an object."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from wbtui.domain.secret import Owner

Json: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Path:
    """A path to references in objects of a kind.

    `steps` is the dotted path to the part that holds the name of the secret; `[]` after a step goes through a list.
    `name`, `key` and `keys` are fields of that part; `default` is the path to the name where `name` is not set. With
    `restart`, new values are seen only after a restart.
    """

    steps: str
    name: str = "name"
    key: str = ""
    keys: tuple[str, ...] = ()
    restart: bool = False
    default: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of object that can refer to secrets; with `cluster_wide`, its objects have no namespace."""

    kind: str
    api: str
    plural: str
    paths: tuple[Path, ...]
    cluster_wide: bool = False
    selector: str = ""
    rollout: str = ""
    """The name of the kind for `kubectl rollout restart`; empty where kubectl cannot restart it."""
    account: str = ""
    """The path to the part that names the service account, usually the pod specification."""
    account_default: str = "default"
    """The service account where that part names none."""

    @cached_property
    def tree(self) -> "_Tree":
        """Return the paths as a tree, in which each common step occurs once."""
        return _Tree(self.paths)


def _under(prefix: str, paths: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(
        Path(f"{prefix}.{path.steps}", path.name, path.key, path.keys, path.restart, path.default) for path in paths
    )


_ENV = Path("env[].valueFrom.secretKeyRef", key="key", restart=True)
_PULL = Path("imagePullSecrets[]")
_CONTAINER = (_ENV, Path("envFrom[].secretRef", restart=True))
_VOLUMES = (
    Path("volumes[].secret", name="secretName"),
    Path("volumes[].projected.sources[].secret"),
    Path("volumes[].csi.nodePublishSecretRef"),
    Path("volumes[].azureFile", name="secretName"),
    *(
        Path(f"volumes[].{driver}.secretRef")
        for driver in ("cephfs", "cinder", "rbd", "iscsi", "scaleIO", "storageos", "flexVolume")
    ),
)
_POD = (
    _PULL,
    *(
        path
        for part in ("initContainers[]", "containers[]", "ephemeralContainers[]")
        for path in _under(part, _CONTAINER)
    ),
    *_VOLUMES,
)
_TEMPLATE = _under("spec.template.spec", _POD)
AIM = "aim.eai.amd.com/v1alpha1"
_MODEL = _under("spec", (_ENV, _PULL, Path("modelSources[].env[].valueFrom.secretKeyRef", key="key", restart=True)))
_CUSTOM = (Path("spec.customTemplates[].env[].valueFrom.secretKeyRef", key="key", restart=True),)
_CACHING = (Path("spec.caching.env[].valueFrom.secretKeyRef", key="key", restart=True),)
_SERVICE_SOURCES = (Path("spec.model.custom.modelSources[].env[].valueFrom.secretKeyRef", key="key", restart=True),)

KINDS: tuple[Kind, ...] = (
    Kind("Pod", "v1", "pods", _under("spec", _POD), account="spec"),
    Kind("Deployment", "apps/v1", "deployments", _TEMPLATE, rollout="deployment", account="spec.template.spec"),
    Kind("StatefulSet", "apps/v1", "statefulsets", _TEMPLATE, rollout="statefulset", account="spec.template.spec"),
    Kind("DaemonSet", "apps/v1", "daemonsets", _TEMPLATE, rollout="daemonset", account="spec.template.spec"),
    Kind("ReplicaSet", "apps/v1", "replicasets", _TEMPLATE, account="spec.template.spec"),
    Kind("Job", "batch/v1", "jobs", _TEMPLATE, account="spec.template.spec"),
    Kind(
        "CronJob",
        "batch/v1",
        "cronjobs",
        _under("spec.jobTemplate.spec.template.spec", _POD),
        account="spec.jobTemplate.spec.template.spec",
    ),
    Kind("ServiceAccount", "v1", "serviceaccounts", (_PULL, Path("secrets[]"))),
    Kind("Ingress", "networking.k8s.io/v1", "ingresses", (Path("spec.tls[]", name="secretName"),)),
    Kind(
        "ConfigMap",
        "v1",
        "configmaps",
        (Path("data", name="SECRET_NAME", keys=("ACCESS_KEY_NAME", "SECRET_KEY_NAME"), restart=True),),
        selector="{prefix}/project-storage-id",
    ),
    Kind(
        "ExternalSecret",
        "external-secrets.io/v1",
        "externalsecrets",
        (Path("spec.target", default="metadata.name"),),
    ),
    Kind("Certificate", "cert-manager.io/v1", "certificates", (Path("spec", name="secretName"),)),
    Kind(
        "InferenceService",
        "serving.kserve.io/v1beta1",
        "inferenceservices",
        _under("spec.predictor", _POD),
        account="spec.predictor",
        account_default="",
    ),
    Kind(
        "AIMService",
        AIM,
        "aimservices",
        (*_under("spec", (_ENV, _PULL)), *_SERVICE_SOURCES),
        account="spec",
        account_default="",
    ),
    Kind("AIMModel", AIM, "aimmodels", (*_MODEL, *_CUSTOM)),
    Kind("AIMClusterModel", AIM, "aimclustermodels", (*_MODEL, *_CUSTOM), cluster_wide=True),
    Kind("AIMServiceTemplate", AIM, "aimservicetemplates", (*_MODEL, *_CACHING)),
    Kind("AIMClusterServiceTemplate", AIM, "aimclusterservicetemplates", _MODEL, cluster_wide=True),
    Kind("AIMTemplateCache", AIM, "aimtemplatecaches", _MODEL),
    Kind("AIMArtifact", AIM, "aimartifacts", _under("spec", (_ENV, _PULL))),
    Kind("AIMRuntimeConfig", AIM, "aimruntimeconfigs", _under("spec", (_ENV,))),
    Kind("AIMClusterRuntimeConfig", AIM, "aimclusterruntimeconfigs", _under("spec", (_ENV,)), cluster_wide=True),
)
"""Every kind that can refer to a secret. The cluster need not have all of them."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference to a secret at a `path`; `key` is empty where all keys are used."""

    secret: str
    path: str
    key: str = ""
    optional: bool = False
    restart: bool = False


@dataclass(frozen=True, slots=True)
class User:
    """An object that refers to secrets, or that owns or is owned by one that does."""

    kind: str
    name: str
    namespace: str
    uid: str
    owners: tuple[Owner, ...] = ()
    references: tuple[Reference, ...] = ()
    service_account: str = ""
    idle: bool = False
    """Whether it is scaled to 0, as old ReplicaSets are."""

    @property
    def matters(self) -> bool:
        """Return whether it is needed to find users: it has references, owners, or a service account."""
        return bool(self.references or self.owners or self.service_account)

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


_PODS = {kind.kind: f"{kind.account}." for kind in KINDS if kind.account}


def place_of(user: User, reference: Reference) -> str:
    """Return the path of a reference inside the pod specification: the same for a Deployment and its Pods."""
    return reference.path.removeprefix(_PODS.get(user.kind, ""))


def is_idle(manifest: Json) -> bool:
    """Return whether an object is scaled to 0 replicas."""
    spec = manifest.get("spec")
    return isinstance(spec, Mapping) and spec.get("replicas") == 0


def references_in(kind: Kind, manifest: Json) -> Iterator[Reference]:
    """Yield every reference to a secret in an object of this kind."""
    for path, holder, where in _holders(kind.tree, manifest, ""):
        name = holder.get(path.name) or (_at(manifest, path.default) if path.default else None)
        if isinstance(name, str) and name:
            yield from _references(path, holder, name, f"{where}.{path.name}")


def service_account_in(kind: Kind, manifest: Json) -> str:
    """Return the service account of the pods of an object; empty where it has no pods or none is known."""
    holder = _at(manifest, kind.account) if kind.account else None
    return str(holder.get("serviceAccountName") or kind.account_default) if isinstance(holder, dict) else ""


def _references(path: Path, holder: Json, name: str, where: str) -> Iterator[Reference]:
    optional = holder.get("optional") is True
    keys = [holder[key] for key in path.keys if isinstance(holder.get(key), str)] or [holder.get(path.key) or ""]
    for key in keys if path.key or path.keys else [""]:
        yield Reference(name, where, str(key), optional, path.restart)


def _at(node: Any, steps: str) -> Any:
    for step in steps.split("."):
        node = node.get(step) if isinstance(node, dict) else None
    return node


class _Tree:
    """A node in the tree of a kind's paths: the paths that end here, and the child of each further step.

    A step is the name of a field, and whether the field is a list.
    """

    def __init__(self, paths: Iterable[Path] = ()) -> None:
        self.ends: list[Path] = []
        self.steps: dict[tuple[str, bool], _Tree] = {}
        for path in paths:
            tree = self
            for step in path.steps.split("."):
                tree = tree.steps.setdefault((step.removesuffix("[]"), step.endswith("[]")), _Tree())
            tree.ends.append(path)


def _holders(tree: _Tree, node: Any, where: str) -> Iterator[tuple[Path, Json, str]]:
    if isinstance(node, dict):
        for path in tree.ends:
            yield path, node, where.lstrip(".")
        for (step, many), rest in tree.steps.items():
            if step in node:
                for item, label in _items(node[step]) if many else [(node[step], "")]:
                    yield from _holders(rest, item, f"{where}.{step}{label}")


def _items(nodes: Any) -> Iterator[tuple[Any, str]]:
    for position, item in enumerate(nodes if isinstance(nodes, list) else ()):
        name = item.get("name") if isinstance(item, dict) else None
        yield item, f"[{name if isinstance(name, str) else position}]"
