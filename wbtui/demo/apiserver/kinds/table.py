"""THE table of kinds: everything that differs from one kind to another is an entry here, or in its definition."""

from functools import partial
from typing import Any

from wbtui.demo.apiserver.kinds import columns, defaults, metadata, secrets, workloads
from wbtui.demo.apiserver.kinds.custom import custom
from wbtui.demo.apiserver.schemas.documents import linked, shipped
from wbtui.demo.apiserver.shapes import PrinterColumn, ServedResource

AIM_GROUP = "aim.eai.amd.com"
_METADATA = frozenset({"metadata.name", "metadata.namespace"})
_STATELESS: dict[str, Any] = {"has_status": False, "has_generation": False}
_INVOLVED = ("name", "namespace", "kind", "uid", "apiVersion", "fieldPath")


def _builtin(
    group: str, plural: str, kind: str, shown: tuple[PrinterColumn, ...], short_name: str, **more: Any
) -> ServedResource:
    schema = f"io.k8s.api.{group or 'core'}.v1.{kind}"
    short_names = (short_name,) if short_name else ()
    return ServedResource(group, "v1", plural, kind, shown, partial(linked, schema), short_names=short_names, **more)


def _workload(group: str, plural: str, kind: str, shown: tuple[PrinterColumn, ...], short_name: str) -> ServedResource:
    """A kind with a pod template."""
    return _builtin(
        group,
        plural,
        kind,
        shown,
        short_name,
        categories=("all",),
        default={"Job": defaults.job, "CronJob": defaults.cron_job}.get(kind, defaults.workload),
        prepare=defaults.new_workload,
        validate=workloads.VALIDATORS[kind],
    )


NAMESPACES = _builtin(
    "",
    "namespaces",
    "Namespace",
    columns.NAMESPACE,
    "ns",
    namespaced=False,
    has_generation=False,
    selectable=_METADATA | {"status.phase"},
    default=defaults.namespace,
    prepare=defaults.new_namespace,
    validate=metadata.metadata_of_label_names,
)
SECRETS = _builtin(
    "",
    "secrets",
    "Secret",
    columns.SECRET,
    "",
    **_STATELESS,
    selectable=_METADATA | {"type"},
    decode=secrets.decode_secret,
    validate=secrets.secret,
)
PODS = _builtin(
    "",
    "pods",
    "Pod",
    columns.POD,
    "po",
    categories=("all",),
    selectable=_METADATA | {"status.phase", "spec.nodeName", "spec.serviceAccountName"},
    default=defaults.pod,
    prepare=defaults.new_pod,
    validate=workloads.VALIDATORS["Pod"],
)
BUILTIN = (
    NAMESPACES,
    SECRETS,
    _builtin(
        *("", "serviceaccounts", "ServiceAccount", columns.SERVICE_ACCOUNT, "sa"),
        **_STATELESS,
        validate=metadata.metadata_only,
    ),
    _builtin(*("", "configmaps", "ConfigMap", columns.CONFIG_MAP, "cm"), **_STATELESS, validate=secrets.config_map),
    PODS,
    _builtin(
        *("", "events", "Event", columns.EVENT, "ev"),
        **_STATELESS,
        verbs=("get", "list", "watch"),
        selectable=_METADATA | {f"involvedObject.{name}" for name in _INVOLVED},
    ),
    _workload("apps", "deployments", "Deployment", columns.DEPLOYMENT, "deploy"),
    _workload("apps", "statefulsets", "StatefulSet", columns.STATEFUL_SET, "sts"),
    _workload("apps", "daemonsets", "DaemonSet", columns.DAEMON_SET, "ds"),
    _workload("apps", "replicasets", "ReplicaSet", columns.REPLICA_SET, "rs"),
    _workload("batch", "jobs", "Job", columns.JOB, ""),
    _workload("batch", "cronjobs", "CronJob", columns.CRON_JOB, "cj"),
)


RESOURCES = (*BUILTIN, *custom([*shipped("aim"), *shipped("external-secrets")]))
BY_KIND = {resource.kind: resource for resource in RESOURCES if resource.stored_as is None}
"""Each kind in the version that its objects are kept in."""
