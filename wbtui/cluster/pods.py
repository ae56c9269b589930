"""The running containers of a pod, as its status and its specification say."""

from collections.abc import Iterator

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from wbtui.cluster.wire import Moment
from wbtui.domain.references import Container, Json


class _Running(TypedDict, total=False):
    startedAt: Moment


class _State(TypedDict, total=False):
    running: _Running | None


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
    containerStatuses: list[_ContainerStatus] | None
    initContainerStatuses: list[_ContainerStatus] | None
    ephemeralContainerStatuses: list[_ContainerStatus] | None


class _Pod(TypedDict, total=False):
    spec: _Spec
    status: _Status | None


_POD = TypeAdapter(_Pod)


def running_containers(pod: Json) -> tuple[Container, ...]:
    """Return the containers of a pod that run, with the time they were started at."""
    try:
        said = _POD.validate_python(pod)
    except ValidationError:
        return ()  # the API server lets no such pod in
    sub_paths = dict(_sub_paths(said.get("spec") or _Spec()))
    return tuple(
        container._replace(sub_paths=sub_paths.get(container.name, ()))
        for container in _running(said.get("status") or _Status())
    )


def _running(status: _Status) -> Iterator[Container]:
    for statuses in (
        status.get("initContainerStatuses"),
        status.get("containerStatuses"),
        status.get("ephemeralContainerStatuses"),
    ):
        for one in statuses or ():
            running = (one.get("state") or _State()).get("running") or _Running()
            if started := running.get("startedAt"):
                yield Container(one.get("name", ""), started)


def _sub_paths(spec: _Spec) -> Iterator[tuple[str, tuple[str, ...]]]:
    for containers in (spec.get("initContainers"), spec.get("containers"), spec.get("ephemeralContainers")):
        for container in containers or ():
            mounts = container.get("volumeMounts") or ()
            parts = [mount.get("name", "") for mount in mounts if mount.get("subPath") or mount.get("subPathExpr")]
            yield container.get("name", ""), tuple(parts)
