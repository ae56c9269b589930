"""THE table of kinds: everything that differs from one kind to another is an entry here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wbtui.demo import decoding, defaults, pod_schemas, tables, validation, workloads
from wbtui.demo.aim_schemas import AIM_SCHEMAS
from wbtui.demo.errors import Cause
from wbtui.demo.schema import Schema
from wbtui.demo.schema_parts import ANY
from wbtui.demo.tables import Column
from wbtui.demo.wire import Json

_METADATA = frozenset({"metadata.name", "metadata.namespace"})
_WHOLE = frozenset({"apiVersion", "kind", "metadata"})
_STATED = _WHOLE | {"spec", "status"}
_TEMPLATE: Json = {"metadata": {}, "spec": {"containers": None}}
_PULL_SECRETS = frozenset({"imagePullSecrets"})
_STATELESS: dict[str, Any] = {"has_status": False, "has_generation": False}
AIM_GROUP = "aim.eai.amd.com"

TYPED_VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
CUSTOM_VERBS = ("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch")


@dataclass(frozen=True, eq=False)
class Resource:
    """One kind of object."""

    group: str
    version: str
    plural: str
    kind: str
    columns: tuple[Column, ...]
    namespaced: bool = True
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    custom: bool = False  # defined by a CustomResourceDefinition
    verbs: tuple[str, ...] = TYPED_VERBS
    has_status: bool = True  # there is a subresource for the status
    has_generation: bool = True  # changes of the spec are counted
    fields: frozenset[str] = _STATED  # what an object may have at the top
    selectable: frozenset[str] = _METADATA  # fields of a fieldSelector
    empty: Json = field(default_factory=dict)  # what an object of the kind has that nobody has set
    atomic: frozenset[str] = frozenset()  # lists that have one owner here, though not in a pod
    texts: Mapping[str, str] = field(default_factory=dict)  # maps of texts, and how Go calls their values' type
    schema: Schema = ANY  # what is known of its fields
    decode: Callable[["Resource", Json], None] = decoding.nothing  # from how it is written to how it is stored
    default: Callable[[Json], None] = defaults.nothing  # fills in what was left out
    prepare: Callable[[Json], None] = defaults.nothing  # what the server sets on a new object
    validate: Callable[[Json, Json | None], list[Cause]] = validation.metadata_only

    @property
    def singular(self) -> str:
        """The name of one."""
        return self.kind.lower()

    @property
    def api_version(self) -> str:
        """Group and version as in an object's apiVersion."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """The plural with its group, as messages name it."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def qualified_kind(self) -> str:
        """The kind with its group, as messages name it."""
        return f"{self.kind}.{self.group}" if self.group else self.kind


def _core(plural: str, kind: str, columns: tuple[Column, ...], short_name: str, **more: Any) -> Resource:
    return Resource("", "v1", plural, kind, columns, short_names=(short_name,) if short_name else (), **more)


def _workload(
    group: str, plural: str, kind: str, columns: tuple[Column, ...], short_name: str, **spec: Json | None
) -> Resource:
    """A kind with a pod template; `spec` is what is there when nobody has set anything."""
    return Resource(
        group,
        "v1",
        plural,
        kind,
        columns,
        short_names=(short_name,) if short_name else (),
        categories=("all",),
        empty={"spec": spec, "status": {}},
        default=defaults.WORKLOADS[kind],
        prepare=defaults.new_workload,
        schema=pod_schemas.CRON_JOB if "jobTemplate" in spec else pod_schemas.WORKLOAD,
        validate=workloads.VALIDATORS[kind],
    )


def _custom(group: str, version: str, kind: str, columns: tuple[Column, ...], short_name: str, **more: Any) -> Resource:
    """A kind that a CustomResourceDefinition has added."""
    names = (f"{kind.lower()}s", kind)
    return Resource(group, version, *names, columns, short_names=(short_name,), custom=True, verbs=CUSTOM_VERBS, **more)


def _aim(kind: str, short_name: str, columns: tuple[Column, ...] = tables.AIM) -> Resource:
    """A kind of AMD's AIM Engine."""
    return _custom(
        AIM_GROUP,
        "v1alpha1",
        kind,
        columns,
        short_name,
        namespaced="Cluster" not in kind,
        categories=("aim", "all"),
        atomic=_PULL_SECRETS,
        schema=AIM_SCHEMAS[kind],
    )


NAMESPACES = _core(
    "namespaces",
    "Namespace",
    tables.NAMESPACE,
    "ns",
    namespaced=False,
    has_generation=False,
    selectable=_METADATA | {"status.phase"},
    empty={"spec": {}, "status": {}},
    default=defaults.namespace,
    prepare=defaults.new_namespace,
    validate=validation.metadata_of_label_names,
)
SECRETS = _core(
    "secrets",
    "Secret",
    tables.SECRET,
    "",
    **_STATELESS,
    fields=_WHOLE | {"data", "stringData", "type", "immutable"},
    texts={"data": "[]uint8", "stringData": "string"},
    selectable=_METADATA | {"type"},
    decode=decoding.secret,
    default=defaults.secret,
    validate=validation.secret,
)
SERVICE_ACCOUNTS = _core(
    "serviceaccounts",
    "ServiceAccount",
    tables.SERVICE_ACCOUNT,
    "sa",
    **_STATELESS,
    fields=_WHOLE | {"imagePullSecrets", "secrets", "automountServiceAccountToken"},
    atomic=_PULL_SECRETS,
    schema=pod_schemas.SERVICE_ACCOUNT,
)
CONFIG_MAPS = _core(
    "configmaps",
    "ConfigMap",
    tables.CONFIG_MAP,
    "cm",
    **_STATELESS,
    fields=_WHOLE | {"data", "binaryData", "immutable"},
    texts={"data": "string", "binaryData": "[]uint8"},
    validate=validation.config_map,
)
PODS = _core(
    "pods",
    "Pod",
    tables.POD,
    "po",
    categories=("all",),
    selectable=_METADATA | {"status.phase", "spec.nodeName", "spec.serviceAccountName"},
    empty={"spec": {"containers": None}, "status": {}},
    default=defaults.pod,
    prepare=defaults.new_pod,
    schema=pod_schemas.POD,
    validate=workloads.VALIDATORS["Pod"],
)
EVENTS = _core(
    "events",
    "Event",
    tables.EVENT,
    "ev",
    **_STATELESS,
    verbs=("get", "list", "watch"),
    selectable=_METADATA
    | {f"involvedObject.{name}" for name in ("name", "namespace", "kind", "uid", "apiVersion", "fieldPath")},
)
EXTERNAL_SECRETS = _custom(
    "external-secrets.io", "v1", "ExternalSecret", tables.EXTERNAL_SECRET, "es", categories=("external-secrets",)
)

RESOURCES = (
    NAMESPACES,
    SECRETS,
    SERVICE_ACCOUNTS,
    CONFIG_MAPS,
    PODS,
    EVENTS,
    _workload(
        "apps",
        "deployments",
        "Deployment",
        tables.DEPLOYMENT,
        "deploy",
        selector=None,
        strategy={},
        template=_TEMPLATE,
    ),
    _workload("apps", "statefulsets", "StatefulSet", tables.STATEFUL_SET, "sts", template=_TEMPLATE, updateStrategy={}),
    _workload("apps", "daemonsets", "DaemonSet", tables.DAEMON_SET, "ds", template=_TEMPLATE, updateStrategy={}),
    _workload("apps", "replicasets", "ReplicaSet", tables.REPLICA_SET, "rs", selector=None, template=_TEMPLATE),
    _workload("batch", "jobs", "Job", tables.JOB, "", template=_TEMPLATE),
    _workload(
        "batch",
        "cronjobs",
        "CronJob",
        tables.CRON_JOB,
        "cj",
        jobTemplate={"metadata": {}, "spec": {"template": _TEMPLATE}},
    ),
    _aim("AIMService", "aimsvc", tables.AIM_SERVICE),
    _aim("AIMModel", "aimmdl", tables.AIM_MODEL),
    _aim("AIMClusterModel", "aimclmdl", tables.AIM_MODEL),
    _aim("AIMClusterModelSource", "aimclsrc"),
    _aim("AIMServiceTemplate", "aimtpl", tables.AIM_TEMPLATE),
    _aim("AIMClusterServiceTemplate", "aimcltpl", tables.AIM_TEMPLATE),
    _aim("AIMTemplateCache", "aimtc"),
    _aim("AIMArtifact", "aimart"),
    _aim("AIMRuntimeConfig", "aimrc", tables.CUSTOM),
    _aim("AIMClusterRuntimeConfig", "aimclrc", tables.CUSTOM),
    EXTERNAL_SECRETS,
)

BY_KIND = {resource.kind: resource for resource in RESOURCES}
