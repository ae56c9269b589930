"""Workloads by the names that kubectl takes and prints: deployment/web, deploy/web, deployments.apps/web."""

from typing import NamedTuple

from wbtui.domain.display_name import kubernetes_name_problem
from wbtui.domain.suggestions import did_you_mean, quotable
from wbtui.domain.targets import TARGETS, TargetKind, Workload

_SHORT = {
    "deploy": "Deployment",
    "sts": "StatefulSet",
    "ds": "DaemonSet",
    "cj": "CronJob",
    "sa": "ServiceAccount",
    "aimsvc": "AIMService",
    "aimrc": "AIMRuntimeConfig",
    "aimpc": "AIMProfileCache",
    "aimtc": "AIMTemplateCache",
    "aimart": "AIMArtifact",
}
"""The short names of kubectl, and of AMD's custom resources."""
_TARGETS: dict[str, TargetKind] = {
    **{name: target for target in TARGETS.values() for name in (target.kind.kind.lower(), target.kind.plural)},
    **{short: TARGETS[kind] for short, kind in _SHORT.items()},
}


class WorkloadName(NamedTuple):
    """The kind of a workload, as in a manifest, and its name."""

    kind: str
    name: str


def workload_name(word: str) -> WorkloadName:
    """Return which workload is meant. Raises `ValueError`, whose text says what is wrong."""
    resource, slash, name = word.partition("/")
    plural, _, group = resource.lower().partition(".")
    if not (slash and name):
        raise ValueError(f'"{quotable(word)}" is no workload: give its kind and its name, as in deployment/web')
    target = _TARGETS.get(plural)
    if not target or group not in _groups(target):
        kinds = ", ".join(kind.lower() for kind in TARGETS)
        hint = did_you_mean(resource, _TARGETS)
        raise ValueError(f'no secret can be attached to a "{quotable(resource)}"{hint}; the kinds are {kinds}')
    if kubernetes_name_problem(name):
        raise ValueError(f'no {target.kind.kind} can be called "{quotable(name)}"')
    return WorkloadName(target.kind.kind, name)


def _groups(target: TargetKind) -> set[str]:
    """Return what may follow the name of a kind after a dot: nothing, its group, or its version and its group."""
    group, _, version = target.kind.api.rpartition("/")
    return {"", group, f"{version}.{group}"} if group else {"", version}


def as_kubectl(workload: Workload) -> str:
    """Return a workload as kubectl prints it, without its group."""
    return f"{workload.kind.lower()}/{workload.name}"
