"""Which objects have to be restarted so that no container holds an old value, and how that is asked for."""

from collections.abc import Collection, Iterable, Mapping
from copy import deepcopy
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from wbtui.domain.held_values import HeldValue, HeldVerdict, held_values
from wbtui.domain.reference_paths import Json
from wbtui.domain.references import KINDS, KINDS_BY_NAME, Kind, SecretUser
from wbtui.domain.rights import Rights
from wbtui.domain.secret import Secret
from wbtui.domain.served_kinds import group_of
from wbtui.domain.usage import Usage, Use

ROLLOUTS = {kind.kind: kind.rollout for kind in KINDS if kind.rollout}
"""The kinds that `kubectl rollout restart` can restart, and what it calls them."""
_RESTARTED_AT = "kubectl.kubernetes.io/restartedAt"
_REASONS = {
    "Pod": "nothing makes it again: delete it, and create it again",
    "Job": "it runs to its end",
    "CronJob": "its next run takes the new value",
}


class Restartable(NamedTuple):
    """A kind whose pods are replaced when an annotation changes in one of its `parts`, which are paths.

    The annotation goes into the first part, and into the others where they are. `who` replaces the pods, if that is
    not Kubernetes itself.
    """

    kind: Kind
    parts: tuple[tuple[str, ...], ...]
    who: str = ""


_TEMPLATE = (("spec", "template", "metadata"),)
_MONITORING = "monitoring.coreos.com/v1"
_POD_METADATA = (("spec", "podMetadata"),)


def _restartable() -> Iterable[Restartable]:
    yield from (Restartable(KINDS_BY_NAME[kind], _TEMPLATE) for kind in ROLLOUTS)
    components = tuple(("spec", component) for component in ("predictor", "transformer", "explainer"))
    yield Restartable(KINDS_BY_NAME["InferenceService"], components, "KServe")
    for name, plural in (("Prometheus", "prometheuses"), ("Alertmanager", "alertmanagers")):
        yield Restartable(Kind(name, _MONITORING, plural, ()), _POD_METADATA, "the Prometheus operator")
    for name, parts in (("Cluster", (("metadata",),)), ("Pooler", _TEMPLATE)):
        kind = Kind(name, "postgresql.cnpg.io/v1", f"{name.lower()}s", ())
        yield Restartable(kind, parts, "CloudNativePG")


RESTARTABLE: Mapping[tuple[str, str], Restartable] = MappingProxyType(
    {one.kind.group_kind: one for one in _restartable()}
)
"""By group and kind. Others are not restarted: what makes their controllers replace pods is not known."""
_LEAVE_ANNOTATIONS = frozenset({("aim.eai.amd.com", "AIMService")})
"""Owners that apply what they own on the server, and so leave there what another wrote beside it."""


class Restarts(NamedTuple):
    """What can be restarted, and what holds an old value and cannot; with the reason."""

    workloads: tuple[SecretUser, ...]
    others: tuple[tuple[SecretUser, str], ...] = ()


def restartable(user: SecretUser) -> Restartable | None:
    """Return how an object is restarted; None where that is not known."""
    return RESTARTABLE.get(user.group_kind)


def restart_commands(uses: Iterable[Use], namespace: str) -> list[str]:
    """Return the command that restarts each workload which sees a new value only then.

    There is none for what another object manages, which may undo it, nor where the pods would stay as they are.
    """
    users = (user for user in _rollouts(uses) if not user.stays)
    names = sorted(f"{ROLLOUTS[user.kind]}/{user.name}" for user in users)
    return [f"kubectl rollout restart {name} -n {namespace}" for name in names]


def without_command(uses: Iterable[Use]) -> list[tuple[SecretUser, str]]:
    """Return the workloads that see a new value only after a restart, and that no command restarts; with the reason."""
    return sorted(((user, user.stays) for user in _rollouts(uses) if user.stays), key=str)


def _rollouts(uses: Iterable[Use]) -> set[SecretUser]:
    return {use.user for use in uses if use.needs_restart and use.user.kind in ROLLOUTS and use.user == use.top}


def refusal_to_restart(workloads: Iterable[SecretUser], rights: Rights) -> str:
    """Return the first right to restart one of these that is missing; empty where none is, as far as is known."""
    known = ((workload, restartable(workload)) for workload in workloads)
    refusals = (rights.refusal("patch", user.name, (one.kind.resource,)) for user, one in known if one)
    return next(filter(None, refusals), "")


def restarts_of(secret: Secret, usage: Usage) -> Restarts:
    """Return what has to be restarted because a running container of it holds an old value."""
    return _restarts(_pods_with(HeldVerdict.OLD, held_values(secret, usage.of(secret))), usage)


def restarts_after(secret: Secret, usage: Usage, keys: Collection[str]) -> Restarts:
    """Return what will have to be restarted once `keys` have new values; all keys where none is named."""
    uses = (use for use in usage.of(secret) if not keys or use.reference.key in {"", *keys})
    return _restarts({one.pod.uid: one.pod for one in held_values(secret, uses)}.values(), usage)


def _restarts(pods: Iterable[SecretUser], usage: Usage) -> Restarts:
    workloads: dict[str, SecretUser] = {}
    others: dict[str, tuple[SecretUser, str]] = {}
    for pod in pods:
        chain = (pod, *usage.owners(pod))
        top = chain[-1]
        workload = next((user for user in reversed(chain) if restartable(user)), None)
        if workload is None:
            others[top.uid] = top, _REASONS.get(top.kind, "restart it where it is managed")
        elif workload.stays:
            others[workload.uid] = workload, workload.stays
        elif all(user.group_kind in _LEAVE_ANNOTATIONS for user in chain[chain.index(workload) + 1 :]):
            workloads[workload.uid] = workload
        else:
            others[top.uid] = top, f"it manages {workload}, and may undo a restart of that: change it itself"
    return Restarts(tuple(sorted(workloads.values(), key=str)), tuple(others.values()))


def pods_of(workload: SecretUser, usage: Usage) -> tuple[SecretUser, ...]:
    """Return the pods of a workload that still have to run: not those that have ended."""
    pods = (user for user in usage.users if user.kind == "Pod" and not user.ended)
    return tuple(pod for pod in pods if workload.uid in {owner.uid for owner in usage.owners(pod)})


def stalls_of(workload: SecretUser, usage: Usage) -> tuple[str, ...]:
    """Return why the rollout of a workload does not go on, as it says, or what it manages; empty where nothing does."""
    stalled = (user for user in usage.users if user.stalled and not user.idle)
    own = (user for user in stalled if workload.uid in {user.uid, *(owner.uid for owner in usage.owners(user))})
    return tuple(dict.fromkeys(user.stalled for user in own))


def pods_with(verdict: HeldVerdict, workload: SecretUser, secret: Secret, usage: Usage) -> tuple[SecretUser, ...]:
    """Return the pods of a workload in which there is this verdict on a container."""
    pods = _pods_with(verdict, held_values(secret, usage.of(secret)))
    return tuple(pod for pod in pods if workload.uid in {owner.uid for owner in usage.owners(pod)})


def restarted(manifest: Json, now: datetime) -> Json:
    """Return an object with the annotation by which `kubectl rollout restart` has pods replaced."""
    after: dict[str, Any] = deepcopy(dict(manifest))
    first, *others = RESTARTABLE[group_of(manifest["apiVersion"]), manifest["kind"]].parts
    _annotate(_part(after, first), now)
    for steps in others:
        if steps[-1] in _part(after, steps[:-1]):
            _annotate(_part(after, steps), now)
    return after


def _part(manifest: dict[str, Any], steps: Iterable[str]) -> dict[str, Any]:
    part = manifest
    for step in steps:
        part[step] = part.get(step) or {}
        part = part[step]
    return part


def _annotate(part: dict[str, Any], now: datetime) -> None:
    part["annotations"] = {**(part.get("annotations") or {}), _RESTARTED_AT: f"{now:%Y-%m-%dT%H:%M:%SZ}"}


def _pods_with(verdict: HeldVerdict, held: Iterable[HeldValue]) -> tuple[SecretUser, ...]:
    return tuple({one.pod.uid: one.pod for one in held if one.verdict is verdict}.values())
