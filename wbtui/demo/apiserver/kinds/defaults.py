"""Defaults that depend on other fields; fixed defaults are in the schemas."""

from typing import Any

from wbtui.demo.apiserver.wire import Json, at


def _set(target: Json, **values: Any) -> None:
    """Set the fields that are not set."""
    for key, value in values.items():
        target.setdefault(key, value)


def namespace(body: Json) -> None:
    """Label a namespace with its name."""
    body["metadata"].setdefault("labels", {})["kubernetes.io/metadata.name"] = body["metadata"]["name"]


def new_namespace(body: Json) -> None:
    """Make a new namespace active."""
    body["spec"] = {"finalizers": ["kubernetes"]}
    body["status"] = {"phase": "Active"}


def new_workload(body: Json) -> None:
    """Give a new workload an empty status."""
    body.setdefault("status", {})


def new_pod(body: Json) -> None:
    """Make a new pod pending."""
    _set(body.setdefault("status", {}), phase="Pending", qosClass="BestEffort")


def pod(body: Json) -> None:
    """Complete a pod."""
    spec = body.setdefault("spec", {})
    _set(spec, enableServiceLinks=True)
    if "serviceAccountName" not in spec:
        spec["serviceAccountName"] = "default"
    _pod_spec(spec)


def workload(body: Json) -> None:
    """A kind with a pod template."""
    spec = body.get("spec", {})
    _pod_spec(at(spec, "template.spec", {}))
    for name in ("strategy", "updateStrategy"):
        if at(spec, f"{name}.type") == "RollingUpdate":
            _set(spec[name].setdefault("rollingUpdate", {}), **_ROLLING_UPDATES[body["kind"]])


_ROLLING_UPDATES: dict[str, Json] = {
    "Deployment": {"maxUnavailable": "25%", "maxSurge": "25%"},
    "StatefulSet": {"partition": 0},
    "DaemonSet": {"maxUnavailable": 1, "maxSurge": 0},
}


def job(body: Json) -> None:
    """Complete a job."""
    spec = body.setdefault("spec", {})
    _pod_spec(at(spec, "template.spec", {}))
    if not {"completions", "parallelism"} & spec.keys():
        _set(spec, completions=1, parallelism=1)
    _set(spec, backoffLimit=6, completionMode="NonIndexed", suspend=False, podReplacementPolicy="TerminatingOrFailed")
    _set(spec, parallelism=1)


def cron_job(body: Json) -> None:
    """Complete a cron job; of its job template only the pod is completed."""
    _pod_spec(at(body, "spec.jobTemplate.spec.template.spec", {}))


def _pod_spec(spec: Json) -> None:
    for container in (*spec.get("initContainers", ()), *spec.get("containers", ())):
        tag = container.get("image", "").rpartition("/")[2].partition(":")[2]
        _set(container, imagePullPolicy="Always" if tag in {"", "latest"} else "IfNotPresent")
    for volume in spec.get("volumes", ()):
        if len(volume) == 1:
            volume["emptyDir"] = {}
    if "serviceAccountName" in spec:
        _set(spec, serviceAccount=spec["serviceAccountName"])
