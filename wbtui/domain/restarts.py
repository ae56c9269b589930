"""Which workloads have to be restarted so that no container holds an old value, and how that is asked for."""

from collections.abc import Iterable
from copy import deepcopy
from datetime import datetime
from typing import Any, NamedTuple

from wbtui.domain.held_values import HeldValue, Verdict, held_values
from wbtui.domain.references import KINDS, Json, User
from wbtui.domain.secret import Secret
from wbtui.domain.usage import Usage

ROLLOUTS = {kind.kind: kind.rollout for kind in KINDS if kind.rollout}
"""The kinds that `kubectl rollout restart` can restart, and what it calls them."""
_RESTARTED_AT = "kubectl.kubernetes.io/restartedAt"
_REASONS = {
    "Pod": "nothing makes it again: delete it, and create it again",
    "Job": "it runs to its end",
    "CronJob": "its next run takes the new value",
}


class Restarts(NamedTuple):
    """The workloads that can be restarted, and what holds an old value without being one; with the reason."""

    workloads: tuple[User, ...]
    others: tuple[tuple[User, str], ...] = ()


def restarts_of(secret: Secret, usage: Usage) -> Restarts:
    """Return what has to be restarted because a running container of it holds an old value."""
    workloads: dict[str, User] = {}
    others: dict[str, tuple[User, str]] = {}
    for pod in _stale_pods(held_values(secret, usage.of(secret))):
        chain = (pod, *usage.owners(pod))
        top = chain[-1]
        workload = next((user for user in chain if user.kind in ROLLOUTS), None)
        if workload is None:
            others[top.uid] = top, _REASONS.get(top.kind, "restart it where it is managed")
        elif workload.uid != top.uid:
            others[top.uid] = top, f"it manages {workload}, and would undo a restart of that: change it itself"
        else:
            workloads[workload.uid] = workload
    return Restarts(tuple(sorted(workloads.values(), key=str)), tuple(others.values()))


def stale_pods_of(workload: User, secret: Secret, usage: Usage) -> tuple[User, ...]:
    """Return the pods of a workload in which a container holds an old value."""
    stale = _stale_pods(held_values(secret, usage.of(secret)))
    return tuple(pod for pod in stale if workload.uid in {owner.uid for owner in usage.owners(pod)})


def stuck_pod_of(workload: User, usage: Usage) -> User | None:
    """Return a pod of a workload that does not come up; None where all do, as far as is known."""
    pods = (user for user in usage.users if user.kind == "Pod" and user.waiting)
    return next((pod for pod in pods if workload.uid in {owner.uid for owner in usage.owners(pod)}), None)


def restarted(manifest: Json, now: datetime) -> Json:
    """Return a workload with the annotation by which `kubectl rollout restart` has its pods replaced."""
    after: dict[str, Any] = deepcopy(dict(manifest))
    metadata = after["spec"]["template"].setdefault("metadata", {})
    metadata["annotations"] = {**(metadata.get("annotations") or {}), _RESTARTED_AT: f"{now:%Y-%m-%dT%H:%M:%SZ}"}
    return after


def _stale_pods(held: Iterable[HeldValue]) -> tuple[User, ...]:
    return tuple({one.pod.uid: one.pod for one in held if one.verdict is Verdict.OLD}.values())
