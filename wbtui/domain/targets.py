"""THE table of what a secret can be attached to: where in an object it goes, and what happens when it is there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from wbtui.domain.references import KINDS, Json, Kind
from wbtui.domain.rights import Resource
from wbtui.domain.usage import NotSearched

_KINDS = {kind.kind: kind for kind in KINDS}
_NAMED = 4
"""Pods that are named one by one."""
_POD_PLACEMENTS = frozenset({"variables", "all keys", "files", "pull secret"})


@dataclass(frozen=True, slots=True)
class Workload:
    """One object of a project that a secret can be attached to; one that is not there yet can be made.

    `owner` manages it and would undo what is changed here.
    """

    kind: str
    name: str
    namespace: str
    owner: str = ""
    exists: bool = True
    uid: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def target(self) -> "Target":
        """Return how secrets are placed in it."""
        return TARGETS[self.kind]

    @property
    def refusal(self) -> str:
        """Return why no secret can be attached to it; empty where one can."""
        if self.owner:
            return f"{self.owner} manages it and would undo the change: attach the secret there"
        return self.target.refusal


@dataclass(frozen=True, slots=True)
class Workloads:
    """The workloads of a project, and the kinds that could not be looked at, with the reasons."""

    found: tuple[Workload, ...]
    not_searched: tuple[NotSearched, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """One kind of object that takes secrets.

    `spec` leads to what has the pull secrets, and either the lists of `containers` or the variables themselves.
    `placements` are the ways in which it takes a secret; where there is none, `refusal` says why. `effect` tells what
    happens to what is running when an object is changed.
    """

    kind: Kind
    spec: tuple[str, ...]
    placements: frozenset[str]
    effect: Callable[[Json], str]
    containers: tuple[str, ...] = ()
    refusal: str = ""
    makes_default: bool = False
    """Where there is none, the one that holds for the whole project can be made."""

    def consequence(self, thing: Json, pods: tuple[str, ...]) -> str:
        """Return what a change of an object does to what is running, which are the `pods` of these names."""
        more = f" and {len(pods) - _NAMED} more" if len(pods) > _NAMED else ""
        names = f" They are {', '.join(pods[:_NAMED])}{more}." if pods else ""
        return f"{self.effect(thing)}{names}"

    @property
    def resource(self) -> Resource:
        """Return the kind as access rules name it."""
        return Resource(self.kind.api.rpartition("/")[0], self.kind.plural)

    def of(self, thing: Any) -> Any:
        """Return the part of an object that takes secrets; it is made where it is not there."""
        for step in self.spec:
            thing = thing.setdefault(step, {})
        return thing

    def holders(self, thing: Any) -> Iterator[tuple[str, Any]]:
        """Yield what has variables of its own, by name: the containers, or the one part without a name."""
        spec = self.of(thing)
        if not self.containers:
            yield "", spec
        for group in self.containers:
            yield from ((str(container.get("name", "")), container) for container in spec.get(group) or ())

    def container_names(self, thing: Any) -> tuple[str, ...]:
        """Return the names of the containers that one can choose from."""
        return tuple(name for name, _ in self.holders(thing) if name)


_MANNERS = {
    "RollingUpdate": "are made anew, a few at a time",
    "Recreate": "are ended, and then made anew all at once",
    "OnDelete": "are made anew only as somebody deletes them",
}


def _rolled(strategy: str) -> Callable[[Json], str]:
    def effect(thing: Json) -> str:
        spec = thing.get("spec") or {}
        manner = _MANNERS.get((spec.get(strategy) or {}).get("type", "RollingUpdate"), "are made anew")
        return f"Its pods{_number(spec.get('replicas'))} {manner}."

    return effect


def _number(replicas: object) -> str:
    return f" ({replicas})" if isinstance(replicas, int) else ""


def _said(sentence: str) -> Callable[[Json], str]:
    return lambda _: sentence


def _workload(kind: str, effect: Callable[[Json], str], *spec: str, **more: Any) -> Target:
    return Target(
        _KINDS[kind],
        spec or ("spec", "template", "spec"),
        more.pop("placements", _POD_PLACEMENTS),
        effect,
        containers=("containers", "initContainers"),
        **more,
    )


TARGETS: dict[str, Target] = {
    target.kind.kind: target
    for target in (
        _workload("Deployment", _rolled("strategy")),
        _workload("StatefulSet", _rolled("updateStrategy")),
        _workload("DaemonSet", _rolled("updateStrategy")),
        _workload(
            "CronJob",
            _said("Its next run sees the change; one that is running does not."),
            *("spec", "jobTemplate", "spec", "template", "spec"),
        ),
        _workload(
            "Job",
            _said(""),
            placements=frozenset(),
            refusal="the pods of a Job cannot change: delete it, and make it anew with the secret",
        ),
        Target(
            _KINDS["ServiceAccount"],
            (),
            frozenset({"pull secret"}),
            _said("Pods that start from now on see the change; running ones stay as they are."),
        ),
        Target(
            _KINDS["AIMService"],
            ("spec",),
            frozenset({"variables", "pull secret"}),
            _said("The engine makes its pods anew."),
        ),
        Target(
            _KINDS["AIMRuntimeConfig"],
            ("spec",),
            frozenset({"variables"}),
            _said("Every model service of the project sees the change that does not set the variable itself."),
            makes_default=True,
        ),
    )
}
"""By kind, in the order in which they are offered."""
