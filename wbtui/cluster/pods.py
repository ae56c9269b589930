"""The running containers of a pod, and why others do not run, as its status and its specification say."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple, TypedDict

from msgspec import ValidationError, convert

from wbtui.cluster.wire import Moment, moment
from wbtui.domain.reference_paths import Json
from wbtui.domain.references import Container


class _Running(TypedDict, total=False):
    startedAt: Moment


class _Waiting(TypedDict, total=False):
    reason: str


class _State(TypedDict, total=False):
    running: _Running | None
    waiting: _Waiting | None


class _ContainerStatus(TypedDict, total=False):
    name: str
    state: _State | None


class _Mount(TypedDict, total=False):
    name: str
    subPath: str
    subPathExpr: str


class _Container(TypedDict, total=False):
    name: str
    volumeMounts: list[_Mount] | None


class _Spec(TypedDict, total=False):
    containers: list[_Container] | None
    initContainers: list[_Container] | None
    ephemeralContainers: list[_Container] | None


class _Status(TypedDict, total=False):
    phase: str
    containerStatuses: list[_ContainerStatus] | None
    initContainerStatuses: list[_ContainerStatus] | None
    ephemeralContainerStatuses: list[_ContainerStatus] | None


_FieldsOfStatus = TypedDict("_FieldsOfStatus", {"f:status": dict[str, Any]}, total=False)


class _Written(TypedDict, total=False):
    time: Moment
    fieldsV1: _FieldsOfStatus | None


class _Metadata(TypedDict, total=False):
    creationTimestamp: Moment
    managedFields: list[_Written] | None


class _Pod(TypedDict, total=False):
    metadata: _Metadata
    spec: _Spec
    status: _Status | None


class PodState(NamedTuple):
    """What runs in a pod, and what does not; see `SecretUser`."""

    containers: tuple[Container, ...] = ()
    waiting: str = ""
    pending: bool = False
    ended: bool = False


def containers_of(pod: Json) -> PodState:
    """Return the containers of a pod that run, with the time they were started at; and why another one does not."""
    try:
        said = convert(pod, _Pod)
    except ValidationError:
        return PodState()  # the API server lets no such pod in
    sub_paths = dict(_sub_paths(said.get("spec") or _Spec()))
    status = said.get("status") or _Status()
    states = list(_statuses(status))
    metadata = said.get("metadata") or _Metadata()
    created, reported = moment(metadata.get("creationTimestamp")), _last_report(metadata)
    running = tuple(
        Container(name, started, sub_paths.get(name, ()), created, reported)
        for name, state in states
        if (started := moment((state.get("running") or _Running()).get("startedAt")))
    )
    waiting = ((name, (state.get("waiting") or _Waiting()).get("reason", "")) for name, state in states)
    stuck = next((f"{name}: {reason}" for name, reason in waiting if reason in _STUCK), "")
    phase = status.get("phase", "")
    return PodState(running, stuck, phase == "Pending", phase in {"Succeeded", "Failed"})


_STUCK = {
    *("CrashLoopBackOff", "CreateContainerConfigError", "CreateContainerError", "RunContainerError"),
    *("ErrImagePull", "ImagePullBackOff", "InvalidImageName"),
}
"""Reasons for which a container does not run that do not pass by waiting."""


_OF_CONTAINERS = {"f:containerStatuses", "f:initContainerStatuses", "f:ephemeralContainerStatuses"}


def _last_report(metadata: _Metadata) -> datetime | None:
    """Return when the node last told of the containers; None where that was not recorded."""
    written = (
        (one.get("time"), one.get("fieldsV1") or _FieldsOfStatus()) for one in metadata.get("managedFields") or ()
    )
    reports = (moment(time) for time, fields in written if _OF_CONTAINERS & fields.get("f:status", {}).keys())
    return max(filter(None, reports), default=None)


def _statuses(status: _Status) -> Iterator[tuple[str, _State]]:
    for statuses in (
        status.get("initContainerStatuses"),
        status.get("containerStatuses"),
        status.get("ephemeralContainerStatuses"),
    ):
        for one in statuses or ():
            yield one.get("name", ""), one.get("state") or _State()


def _sub_paths(spec: _Spec) -> Iterator[tuple[str, tuple[str, ...]]]:
    for containers in (spec.get("initContainers"), spec.get("containers"), spec.get("ephemeralContainers")):
        for container in containers or ():
            mounts = container.get("volumeMounts") or ()
            parts = [mount.get("name", "") for mount in mounts if mount.get("subPath") or mount.get("subPathExpr")]
            yield container.get("name", ""), tuple(parts)
