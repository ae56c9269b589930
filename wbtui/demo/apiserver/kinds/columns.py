"""How `kubectl get` shows each kind: its columns, and the rows made of them."""

from collections.abc import Callable
from typing import Any

from wbtui.demo.apiserver.shapes import Column
from wbtui.demo.apiserver.wire import Json, at, encode, seconds
from wbtui.domain.ages import age


class Row:
    """The cells of one version of an object: encoded once, but for its ages."""

    __slots__ = ("_moments", "_texts")

    def __init__(self, columns: tuple[Column, ...], body: Json) -> None:
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


NAME = Column("Name", _of("metadata.name"), format="name")
AGE = Column("Age", _of("metadata.creationTimestamp"), ages=True)


def _wide(template: str) -> tuple[Column, ...]:
    return (
        Column("Containers", _each(f"{template}.containers", "name"), priority=1),
        Column("Images", _each(f"{template}.containers", "image"), priority=1),
    )


def _number(name: str, path: str, default: Any = 0) -> Column:
    return Column(name, _of(path, default), type="integer")


_TEMPLATE = _wide("spec.template.spec")
_SELECTOR = Column("Selector", _labels("spec.selector.matchLabels"), priority=1)

NAMESPACE = (NAME, Column("Status", _of("status.phase")), AGE)
SECRET = (NAME, Column("Type", _of("type")), Column("Data", _count("data")), AGE)
CONFIG_MAP = (NAME, Column("Data", _count("data", "binaryData")), AGE)
SERVICE_ACCOUNT = (NAME, Column("Secrets", _count("secrets")), AGE)
POD = (
    NAME,
    Column("Ready", _pod_ready),
    Column("Status", _pod_status),
    Column("Restarts", _pod_restarts),
    AGE,
    Column("IP", _of("status.podIP", "<none>"), priority=1),
    Column("Node", _of("spec.nodeName", "<none>"), priority=1),
    Column("Nominated Node", _of("status.nominatedNodeName", "<none>"), priority=1),
    Column("Readiness Gates", _of("spec.readinessGates", "<none>"), priority=1),
)
DEPLOYMENT = (
    NAME,
    Column("Ready", _ratio("status.readyReplicas", "spec.replicas")),
    _number("Up-to-date", "status.updatedReplicas"),
    _number("Available", "status.availableReplicas"),
    AGE,
    *_TEMPLATE,
    _SELECTOR,
)
STATEFUL_SET = (NAME, Column("Ready", _ratio("status.readyReplicas", "spec.replicas")), AGE, *_TEMPLATE)
DAEMON_SET = (
    NAME,
    _number("Desired", "status.desiredNumberScheduled"),
    _number("Current", "status.currentNumberScheduled"),
    _number("Ready", "status.numberReady"),
    _number("Up-to-date", "status.updatedNumberScheduled"),
    _number("Available", "status.numberAvailable"),
    Column("Node Selector", _labels("spec.template.spec.nodeSelector")),
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
    Column("Status", _job_status),
    Column("Completions", _ratio("status.succeeded", "spec.completions")),
    Column("Duration", _job_duration),
    AGE,
    *_TEMPLATE,
    _SELECTOR,
)
CRON_JOB = (
    NAME,
    Column("Schedule", _of("spec.schedule")),
    Column("Timezone", _of("spec.timeZone", "<none>")),
    Column("Suspend", lambda body: str(at(body, "spec.suspend", default=False))),
    Column("Active", _count("status.active"), type="integer"),
    Column("Last Schedule", _of("status.lastScheduleTime"), ages=True),
    AGE,
    *_wide("spec.jobTemplate.spec.template.spec"),
    Column("Selector", _labels("spec.jobTemplate.spec.selector.matchLabels"), priority=1),
)
EVENT = (
    Column("Last Seen", _of("lastTimestamp"), ages=True),
    Column("Type", _of("type")),
    Column("Reason", _of("reason")),
    Column("Object", _of("involvedObject.name")),
    Column("Message", _of("message")),
)
