"""THE table of the kinds and paths that can refer to secrets, and the search for references in an object.

It has what no schema tells: the kinds that are built into Kubernetes, and places that only their product knows. The
other kinds of a cluster are told by their schemas, see `secret_fields`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from wbtui.domain.display_name import both_names
from wbtui.domain.label_selector import LabelSelector
from wbtui.domain.prefixes import RESOURCE_MANAGER
from wbtui.domain.reference_paths import Holder, Json, Path, PathTree, value_at
from wbtui.domain.rights import Resource
from wbtui.domain.secret import Owner
from wbtui.domain.secret_fields import paths_in_value
from wbtui.domain.served_kinds import group_of


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

    @property
    def group_kind(self) -> tuple[str, str]:
        """Return its API group and its name, by which a kind is the same in all versions."""
        return group_of(self.api), self.kind

    @property
    def resource(self) -> Resource:
        """Return its resource for access rules."""
        return Resource(group_of(self.api), self.plural)

    @cached_property
    def tree(self) -> PathTree:
        """Return the paths as a tree, in which each common step occurs once."""
        return PathTree(self.paths)


def _under(prefix: str, paths: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(replace(path, steps=f"{prefix}.{path.steps}") for path in paths)


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
_CSI_PURPOSES = (
    *("provisioner", "controller-publish", "controller-expand"),
    *("node-stage", "node-publish", "node-expand"),
)
_KSERVE_STORAGE = tuple(
    Path("metadata.annotations", name=f"serving.kserve.io/{name}")
    for name in ("storageSecretName", "secretName")  # KServe's own default, and the one of its chart
)
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
    Kind("ReplicationController", "v1", "replicationcontrollers", _TEMPLATE, account="spec.template.spec"),
    Kind("PodTemplate", "v1", "podtemplates", _under("template.spec", _POD), account="template.spec"),
    Kind("ServiceAccount", "v1", "serviceaccounts", (_PULL, Path("secrets[]"), *_KSERVE_STORAGE)),
    Kind(
        "Ingress",
        "networking.k8s.io/v1",
        "ingresses",
        (
            Path("spec.tls[]", name="secretName"),
            *(
                Path("metadata.annotations", name=f"nginx.ingress.kubernetes.io/{name}")
                for name in ("auth-secret", "auth-tls-secret", "proxy-ssl-secret", "secure-verify-ca-secret")
            ),
        ),
    ),
    Kind(
        "PersistentVolume",
        "v1",
        "persistentvolumes",
        (
            *(
                Path(f"spec.csi.{name}SecretRef", namespace="namespace")
                for name in ("controllerPublish", "controllerExpand", "nodeStage", "nodePublish", "nodeExpand")
            ),
            Path("spec.azureFile", name="secretName", namespace="secretNamespace"),
            *(
                Path(f"spec.{driver}.secretRef", namespace="namespace")
                for driver in ("cephfs", "cinder", "rbd", "iscsi", "scaleIO", "storageos", "flexVolume")
            ),
        ),
        cluster_wide=True,
    ),
    Kind(
        "StorageClass",
        "storage.k8s.io/v1",
        "storageclasses",
        tuple(
            Path("parameters", name=f"{parameter}-name", namespace=f"{parameter}-namespace")
            for parameter in (f"csi.storage.k8s.io/{purpose}-secret" for purpose in _CSI_PURPOSES)
        ),
        cluster_wide=True,
    ),
    Kind(
        "ConfigMap",
        "v1",
        "configmaps",
        (Path("data", name="SECRET_NAME", keys=("ACCESS_KEY_NAME", "SECRET_KEY_NAME"), restart=True),),
        selector=f"{RESOURCE_MANAGER}/project-storage-id",
    ),
    Kind(
        "ExternalSecret",
        "external-secrets.io/v1",
        "externalsecrets",
        (Path("spec.target", default=("metadata", "name")),),
    ),
    Kind("Certificate", "cert-manager.io/v1", "certificates", (Path("spec", name="secretName"),)),
    Kind(
        "InferenceService",
        "serving.kserve.io/v1beta1",
        "inferenceservices",
        (*_under("spec.predictor", _POD), *_KSERVE_STORAGE),
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
KINDS_BY_NAME = {kind.kind: kind for kind in KINDS}


def _clones(part: str) -> tuple[Path, ...]:
    return (
        Path(part, name="clone.name", kind="kind", namespace="clone.namespace"),
        Path(f"{part}.cloneList", name="name", selector="selector", kind="kinds", namespace="namespace"),
    )


_KYVERNO = (*_clones("spec.rules[].generate"), *_clones("spec.rules[].generate.foreach[]"))
MORE_PATHS: Mapping[tuple[str, str], tuple[Path, ...]] = MappingProxyType(
    {
        ("kyverno.io", "ClusterPolicy"): _KYVERNO,
        ("kyverno.io", "Policy"): _KYVERNO,
    }
)
"""By group and kind, the paths that neither a name nor a shape in the schema tells."""

_OPERATORS = {
    **dict.fromkeys(("AIMClusterModel", "AIMClusterModelSource"), "aim-system"),
    **dict.fromkeys(("ClusterIssuer", "ClusterStaticCertIssuer"), "cert-manager"),
    **dict.fromkeys(("ClusterTriggerAuthentication", "ClusterCloudEventSource"), "keda"),
    **dict.fromkeys(("ClusterPolicy", "ClusterCleanupPolicy", "ImageValidatingPolicy"), "kyverno"),
}
_USED_IN_PROJECTS = frozenset(
    {
        *("AIMClusterProfile", "AIMClusterProfileSet", "AIMClusterRuntimeConfig", "AIMClusterServiceTemplate"),
        *("ClusterServingRuntime", "ClusterStorageContainer", "ClusterWorkflowTemplate", "ClusterExternalSecret"),
    }
)


def namespace_in_words(kind: str) -> str:
    """Return where the secrets are that a cluster-wide kind names without a namespace."""
    if operators := _OPERATORS.get(kind):
        return f"in the namespace of its operator ({operators} by default)"
    return "in each project that uses it" if kind in _USED_IN_PROJECTS else "in a namespace that it does not say"


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference to a secret at a `path`.

    `key` is empty where all keys are used, `namespace` where the secret is in the namespace of the object. Where labels
    say which secrets are meant, `secret` is empty and `selector` is what they have to be.
    """

    secret: str
    path: str
    key: str = ""
    optional: bool = False
    restart: bool = False
    namespace: str = ""
    selector: LabelSelector | None = None


class Container(NamedTuple):
    """A running container of a pod; `sub_paths` are the volumes of which it mounts a part, which never changes.

    `started` is by the clock of its node. It was between when the pod was `created` and when its node last `reported`
    it, both by the clock of the API server; None where these are not known.
    """

    name: str
    started: datetime
    sub_paths: tuple[str, ...] = ()
    created: datetime | None = None
    reported: datetime | None = None


@dataclass(frozen=True, slots=True)
class SecretUser:
    """An object that refers to secrets, or that owns or is owned by one that does.

    `pods` is the path to its specification of pods, where it has one; `api` is as in `apiVersion`. A pod has its
    running `containers`. It is `waiting` for what keeps a container from running, if there is such a thing, `pending`
    until its containers were started, and `ended` where none will run again. `stays` is why a change of it replaces no
    pods; empty where it does. `stalled` is why its rollout does not go on, where its status tells that it does not.
    """

    kind: str
    name: str
    namespace: str
    uid: str
    owners: tuple[Owner, ...] = ()
    references: tuple[Reference, ...] = ()
    service_account: str = ""
    idle: bool = False
    """Whether it is scaled to 0, as old ReplicaSets are."""
    pods: str = ""
    display_name: str = ""
    api: str = ""
    stays: str = ""
    stalled: str = ""
    containers: tuple[Container, ...] = ()
    waiting: str = ""
    pending: bool = False
    ended: bool = False

    @property
    def group_kind(self) -> tuple[str, str]:
        """Return its API group and its kind; see `Kind.group_kind`."""
        return group_of(self.api), self.kind

    @property
    def matters(self) -> bool:
        """Return whether it is needed to find users: it has references, owners, or a service account."""
        return bool(self.references or self.owners or self.service_account)

    def __str__(self) -> str:
        return f"{self.kind} {both_names(self.display_name, self.name)}"


def place_of(user: SecretUser, reference: Reference) -> str:
    """Return the path of a reference inside the pod specification: the same for a Deployment and its Pods."""
    return reference.path.removeprefix(f"{user.pods}.") if user.pods else reference.path


def is_idle(manifest: Json) -> bool:
    """Return whether an object is scaled to 0 replicas."""
    return bool(value_at(manifest, "spec.replicas") == 0)


def why_pods_stay(manifest: Json) -> str:
    """Return why the pods of a workload are not replaced when it changes; empty where they are."""
    if value_at(manifest, "spec.paused") is True:
        return "its rollout is paused: resume it first"
    if value_at(manifest, "spec.updateStrategy.type") == "OnDelete":
        return "its pods are replaced only when someone deletes them: delete them one by one"
    if partition := value_at(manifest, "spec.updateStrategy.rollingUpdate.partition"):
        return (
            f"its pods below number {partition} stay as they are: set the partition of its update strategy to 0 first"
        )
    return ""


def references_in(kind: Kind, manifest: Json) -> Iterator[Reference]:
    """Yield every reference to a secret in an object of this kind, each once."""
    return iter(dict.fromkeys(_references_at(kind.tree, manifest, manifest)))


def _references_at(tree: PathTree, part: Json, manifest: Json, where: str = "") -> Iterator[Reference]:
    for holder in tree.holders(part):
        place = ".".join(filter(None, (where, holder.where)))
        if holder.path.searched:
            yield from _references_at(PathTree(paths_in_value(holder.part)), holder.part, manifest, place)
        else:
            yield from _references(holder, manifest, place)


def _references(holder: Holder, manifest: Json, where: str) -> Iterator[Reference]:
    path = holder.path
    namespace, _, name = holder.name(manifest).rpartition("/")
    if name:
        optional = isinstance(holder.part, dict) and holder.part.get("optional") is True
        place = ".".join(filter(None, (where, path.name)))
        for key in holder.used_keys():
            yield Reference(name, place, key, optional, path.restart, namespace or holder.says(path.namespace))
    elif (selector := holder.selector()) is not None:
        place = ".".join(filter(None, (where, path.selector)))
        yield Reference("", place, namespace=holder.says(path.namespace), selector=selector)


def service_account_in(kind: Kind, manifest: Json) -> str:
    """Return the service account of the pods of an object; empty where it has no pods or none is known."""
    holder = value_at(manifest, kind.account) if kind.account else None
    return str(holder.get("serviceAccountName") or kind.account_default) if isinstance(holder, dict) else ""
