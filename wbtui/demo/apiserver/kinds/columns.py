"""How `kubectl get` shows each kind: its columns, and the rows made of them."""

from collections.abc import Callable
from typing import Any

from wbtui.demo.apiserver.shapes import PrinterColumn
from wbtui.demo.apiserver.wire import Json, at, encode, seconds
from wbtui.domain.ages import age


class ObjectCells:
    """The cells of one version of an object: encoded once, but for its ages."""

    __slots__ = ("_moments", "_texts")

    def __init__(self, columns: tuple[PrinterColumn, ...], body: Json) -> None:
        self._texts: list[bytes] = [b""]
        self._moments: list[int | None] = []
        for number, column in enumerate(columns):
            comma = b"," if number else b""
            if column.ages:
                moment = column.cell(body)
                self._moments.append(seconds(moment) if moment else None)
                self._texts[-1] += comma + b'"'
                self._texts.append(b'"')
            else:
                self._texts[-1] += comma + encode(column.cell(body))

    def cells(self, now: int) -> bytes:
        """Return the cells with the ages of a moment."""
        text = self._texts[0]
        for moment, rest in zip(self._moments, self._texts[1:], strict=True):
            text += age(moment, now).encode() + rest
        return text


def _of(path: str, default: Any = "") -> Callable[[Json], Any]:
    return lambda body: at(body, path, default)


def _count(*paths: str) -> Callable[[Json], Any]:
    return lambda body: sum(len(at(body, path, ())) for path in paths)


def _ratio(path: str, whole: str) -> Callable[[Json], Any]:
    return lambda body: f"{at(body, path, 0)}/{at(body, whole, 0)}"


def _each(path: str, key: str) -> Callable[[Json], Any]:
    return lambda body: ",".join(item.get(key, "") for item in at(body, path, ()))


def _labels(path: str) -> Callable[[Json], Any]:
    return lambda body: ",".join(f"{key}={value}" for key, value in sorted(at(body, path, {}).items())) or "<none>"


def _pod_status(body: Json) -> str:
    if "deletionTimestamp" in body["metadata"]:
        return "Terminating"
    return str(at(body, "status.reason") or _waiting(body) or at(body, "status.phase", "Pending"))


def _waiting(body: Json) -> str:
    states = (status.get("state", {}) for status in at(body, "status.containerStatuses", ()))
    return next((state["waiting"]["reason"] for state in states if "waiting" in state), "")


def _pod_ready(body: Json) -> str:
    statuses = at(body, "status.containerStatuses", ())
    return f"{sum(status['ready'] for status in statuses)}/{len(at(body, 'spec.containers', ()))}"


def _pod_restarts(body: Json) -> str:
    return str(sum(status["restartCount"] for status in at(body, "status.containerStatuses", ())))


def _job_status(body: Json) -> str:
    done = [item["type"] for item in at(body, "status.conditions", ()) if item["status"] == "True"]
    return next((kind for kind in done if kind in {"Complete", "Failed"}), "Running")


def _job_duration(body: Json) -> str:
    start, end = at(body, "status.startTime"), at(body, "status.completionTime")
    return age(seconds(start), seconds(end)) if start and end else ""


NAME = PrinterColumn("Name", _of("metadata.name"), format="name")
AGE = PrinterColumn("Age", _of("metadata.creationTimestamp"), ages=True)


def _wide(template: str) -> tuple[PrinterColumn, ...]:
    return (
        PrinterColumn("Containers", _each(f"{template}.containers", "name"), priority=1),
        PrinterColumn("Images", _each(f"{template}.containers", "image"), priority=1),
    )


def _number(name: str, path: str, default: Any = 0) -> PrinterColumn:
    return PrinterColumn(name, _of(path, default), type="integer")


_TEMPLATE = _wide("spec.template.spec")
_SELECTOR = PrinterColumn("Selector", _labels("spec.selector.matchLabels"), priority=1)

NAMESPACE = (NAME, PrinterColumn("Status", _of("status.phase")), AGE)
SECRET = (NAME, PrinterColumn("Type", _of("type")), PrinterColumn("Data", _count("data")), AGE)
CONFIG_MAP = (NAME, PrinterColumn("Data", _count("data", "binaryData")), AGE)
SERVICE_ACCOUNT = (NAME, PrinterColumn("Secrets", _count("secrets")), AGE)
POD = (
    NAME,
    PrinterColumn("Ready", _pod_ready),
    PrinterColumn("Status", _pod_status),
    PrinterColumn("Restarts", _pod_restarts),
    AGE,
    PrinterColumn("IP", _of("status.podIP", "<none>"), priority=1),
    PrinterColumn("Node", _of("spec.nodeName", "<none>"), priority=1),
    PrinterColumn("Nominated Node", _of("status.nominatedNodeName", "<none>"), priority=1),
    PrinterColumn("Readiness Gates", _of("spec.readinessGates", "<none>"), priority=1),
)
DEPLOYMENT = (
    NAME,
    PrinterColumn("Ready", _ratio("status.readyReplicas", "spec.replicas")),
    _number("Up-to-date", "status.updatedReplicas"),
    _number("Available", "status.availableReplicas"),
    AGE,
    *_TEMPLATE,
    _SELECTOR,
)
STATEFUL_SET = (NAME, PrinterColumn("Ready", _ratio("status.readyReplicas", "spec.replicas")), AGE, *_TEMPLATE)
DAEMON_SET = (
    NAME,
    _number("Desired", "status.desiredNumberScheduled"),
    _number("Current", "status.currentNumberScheduled"),
    _number("Ready", "status.numberReady"),
    _number("Up-to-date", "status.updatedNumberScheduled"),
    _number("Available", "status.numberAvailable"),
    PrinterColumn("Node Selector", _labels("spec.template.spec.nodeSelector")),
    AGE,
    *_TEMPLATE,
    _SELECTOR,
)
REPLICA_SET = (
    NAME,
    _number("Desired", "spec.replicas"),
    _number("Current", "status.replicas"),
    _number("Ready", "status.readyReplicas"),
    AGE,
    *_TEMPLATE,
    _SELECTOR,
)
JOB = (
    NAME,
    PrinterColumn("Status", _job_status),
    PrinterColumn("Completions", _ratio("status.succeeded", "spec.completions")),
    PrinterColumn("Duration", _job_duration),
    AGE,
    *_TEMPLATE,
    _SELECTOR,
)
CRON_JOB = (
    NAME,
    PrinterColumn("Schedule", _of("spec.schedule")),
    PrinterColumn("Timezone", _of("spec.timeZone", "<none>")),
    PrinterColumn("Suspend", lambda body: str(at(body, "spec.suspend", default=False))),
    PrinterColumn("Active", _count("status.active"), type="integer"),
    PrinterColumn("Last Schedule", _of("status.lastScheduleTime"), ages=True),
    AGE,
    *_wide("spec.jobTemplate.spec.template.spec"),
    PrinterColumn("Selector", _labels("spec.jobTemplate.spec.selector.matchLabels"), priority=1),
)
EVENT = (
    PrinterColumn("Last Seen", _of("lastTimestamp"), ages=True),
    PrinterColumn("Type", _of("type")),
    PrinterColumn("Reason", _of("reason")),
    PrinterColumn("Object", _of("involvedObject.name")),
    PrinterColumn("Message", _of("message")),
)
