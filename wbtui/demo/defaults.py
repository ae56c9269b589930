"""What the server fills in where an object leaves it out."""

from collections.abc import Callable
from typing import Any

from wbtui.demo.wire import Json

_FILE_MODE = 0o644


def nothing(_: Json) -> None:
    """The kind has no defaults."""


def fill(target: Json, **values: Any) -> Json:
    """Set what is not set."""
    for key, value in values.items():
        target.setdefault(key, value)
    return target


def secret(body: Json) -> None:
    """A secret is Opaque unless it says otherwise, and stringData is another way to write data."""
    fill(body, type="Opaque")


def namespace(body: Json) -> None:
    """A namespace carries its name as a label."""
    body["metadata"].setdefault("labels", {})["kubernetes.io/metadata.name"] = body["metadata"]["name"]


def new_namespace(body: Json) -> None:
    """A namespace is active until it is deleted."""
    body["spec"] = {"finalizers": ["kubernetes"]}
    body["status"] = {"phase": "Active"}


def new_workload(body: Json) -> None:
    """No controller has looked at it yet."""
    body.setdefault("status", {})


def new_pod(body: Json) -> None:
    """No kubelet has looked at it yet."""
    fill(body.setdefault("status", {}), phase="Pending", qosClass="BestEffort")


def pod(body: Json) -> None:
    """A pod of its own."""
    _pod_spec(body.setdefault("spec", {}))
    fill(body["spec"], enableServiceLinks=True)
    if "serviceAccountName" not in body["spec"]:
        body["spec"]["serviceAccountName"] = body["spec"]["serviceAccount"] = "default"


def _pod_spec(spec: Json, restart: str = "Always") -> None:
    for name in ("initContainers", "containers"):
        for container in spec.get(name, ()):
            _container(container)
    for volume in spec.get("volumes", ()):
        _volume(volume)
    if "serviceAccountName" in spec:
        fill(spec, serviceAccount=spec["serviceAccountName"])
    fill(spec, restartPolicy=restart, terminationGracePeriodSeconds=30, dnsPolicy="ClusterFirst")
    fill(spec, securityContext={}, schedulerName="default-scheduler")


def _container(container: Json) -> None:
    tag = container.get("image", "").rpartition("/")[2].partition(":")[2]
    pull = "Always" if tag in {"", "latest"} else "IfNotPresent"
    fill(container, resources={}, terminationMessagePath="/dev/termination-log", terminationMessagePolicy="File")
    fill(container, imagePullPolicy=pull)
    for port in container.get("ports", ()):
        fill(port, protocol="TCP")


def _volume(volume: Json) -> None:
    if len(volume) == 1:
        volume["emptyDir"] = {}
    for source in ("secret", "configMap", "projected", "downwardAPI"):
        if source in volume:
            fill(volume[source], defaultMode=_FILE_MODE)


def _template(spec: Json, restart: str = "Always") -> None:
    template = spec.setdefault("template", {})
    fill(template, metadata={})
    _pod_spec(template.setdefault("spec", {}), restart)


def _deployment(body: Json) -> None:
    spec = body.setdefault("spec", {})
    _template(spec)
    fill(spec, replicas=1, strategy={}, revisionHistoryLimit=10, progressDeadlineSeconds=600)
    if fill(spec["strategy"], type="RollingUpdate")["type"] == "RollingUpdate":
        fill(spec["strategy"].setdefault("rollingUpdate", {}), maxUnavailable="25%", maxSurge="25%")


def _stateful_set(body: Json) -> None:
    spec = body.setdefault("spec", {})
    _template(spec)
    fill(spec, replicas=1, revisionHistoryLimit=10, podManagementPolicy="OrderedReady", updateStrategy={})
    if fill(spec["updateStrategy"], type="RollingUpdate")["type"] == "RollingUpdate":
        fill(spec["updateStrategy"].setdefault("rollingUpdate", {}), partition=0)


def _daemon_set(body: Json) -> None:
    spec = body.setdefault("spec", {})
    _template(spec)
    fill(spec, revisionHistoryLimit=10, updateStrategy={})
    if fill(spec["updateStrategy"], type="RollingUpdate")["type"] == "RollingUpdate":
        fill(spec["updateStrategy"].setdefault("rollingUpdate", {}), maxUnavailable=1, maxSurge=0)


def _replica_set(body: Json) -> None:
    spec = body.setdefault("spec", {})
    _template(spec)
    fill(spec, replicas=1)


def _job_spec(spec: Json) -> None:
    _template(spec, restart="Never")
    fill(spec, completions=1, parallelism=1, backoffLimit=6, completionMode="NonIndexed", suspend=False)
    fill(spec, podReplacementPolicy="TerminatingOrFailed")


def _job(body: Json) -> None:
    _job_spec(body.setdefault("spec", {}))


def _cron_job(body: Json) -> None:
    spec = body.setdefault("spec", {})
    template = fill(spec.setdefault("jobTemplate", {}), metadata={})
    _template(template.setdefault("spec", {}), restart="OnFailure")
    fill(spec, concurrencyPolicy="Allow", suspend=False, successfulJobsHistoryLimit=3, failedJobsHistoryLimit=1)


WORKLOADS: dict[str, Callable[[Json], None]] = {
    "Deployment": _deployment,
    "StatefulSet": _stateful_set,
    "DaemonSet": _daemon_set,
    "ReplicaSet": _replica_set,
    "Job": _job,
    "CronJob": _cron_job,
}
