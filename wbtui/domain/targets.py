"""THE table of the kinds that a secret can be attached to: where it is placed, and the effect on running pods."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from wbtui.domain.display_name import both_names
from wbtui.domain.reference_paths import Json, Path
from wbtui.domain.references import AIM, KINDS_BY_NAME, Kind
from wbtui.domain.served_kinds import group_of
from wbtui.domain.usage import NotSearched

PROFILE_CACHE = Kind(
    "AIMProfileCache",
    f"{group_of(AIM)}/v1alpha2",
    "aimprofilecaches",
    (Path("spec.env[].valueFrom.secretKeyRef", key="key", restart=True),),
)
_CACHES_STAY = (
    "A cache that exists keeps the credentials that it was made with: they are in its AIMProfileCache or"
    " AIMTemplateCache, and in its AIMArtifacts."
)
_NAMED = 4
"""The most pods that are listed by name."""
_POD_PLACEMENTS = frozenset({"variables", "all keys", "files", "pull secret"})


@dataclass(frozen=True, slots=True)
class Workload:
    """One object that a secret can be attached to; it is created where `exists` is False.

    `owner` is another resource that manages it and would undo changes.
    """

    kind: str
    name: str
    namespace: str
    owner: str = ""
    exists: bool = True
    uid: str = ""
    display_name: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {both_names(self.display_name, self.name)}"

    @property
    def target(self) -> "TargetKind":
        """Return its entry in the table."""
        return TARGETS[self.kind]

    @property
    def refusal(self) -> str:
        """Return why no secret can be attached to it or detached from it; empty where that can be."""
        if self.owner:
            return f"{self.owner} manages it and would undo the change: make the change there"
        return self.target.refusal


@dataclass(frozen=True, slots=True)
class Workloads:
    """The workloads of a project, and the kinds that could not be searched, with the reasons."""

    found: tuple[Workload, ...]
    not_searched: tuple[NotSearched, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetKind:
    """One kind of object that secrets can be attached to.

    `spec` is the path to the part with the pull secrets, and with either the lists of `containers` or `env` itself.
    `placements` has the names of the possible placements; where it is empty, `refusal` says why. `effect` returns
    what a change of an object does to its running pods.
    """

    kind: Kind
    spec: tuple[str, ...]
    placements: frozenset[str]
    effect: Callable[[Json], str]
    containers: tuple[str, ...] = ()
    refusal: str = ""
    is_cache: bool = False
    """Whether the AIM Engine makes it for a service, with the credentials of that moment, which it keeps."""
    downloads: bool = False
    """Whether the AIM Engine downloads a model for it, into caches that keep the credentials of that moment."""
    makes_default: bool = False
    """Whether the object named `default`, which applies to the whole project, can be created."""

    def consequence(self, manifest: Json, pods: tuple[str, ...]) -> str:
        """Return what a change of an object does to its running pods; `pods` are their names."""
        more = f" and {len(pods) - _NAMED} more" if len(pods) > _NAMED else ""
        names = f" They are {', '.join(pods[:_NAMED])}{more}." if pods else ""
        return f"{self.effect(manifest)}{names}"

    def of(self, manifest: Any) -> Any:
        """Return the part of an object at `spec`; it is added where it is missing."""
        for step in self.spec:
            manifest = manifest.setdefault(step, {})
        return manifest

    def holders(self, manifest: Any) -> Iterator[tuple[str, Any]]:
        """Yield the parts that have `env`, with their names: the containers, or the unnamed part at `spec`."""
        spec = self.of(manifest)
        if not self.containers:
            yield "", spec
        for group in self.containers:
            yield from ((str(container.get("name", "")), container) for container in spec.get(group) or ())

    def container_names(self, manifest: Any) -> tuple[str, ...]:
        """Return the names of the containers."""
        return tuple(name for name, _ in self.holders(manifest) if name)


_STRATEGIES = {
    "RollingUpdate": "are replaced a few at a time",
    "Recreate": "are all stopped, and then started again",
    "OnDelete": "are replaced only when someone deletes them",
}
"""By the type of an update strategy, what a change does to the running pods."""


def _rolled(strategy: str) -> Callable[[Json], str]:
    def effect(manifest: Json) -> str:
        spec = manifest.get("spec") or {}
        happens = _STRATEGIES.get((spec.get(strategy) or {}).get("type", "RollingUpdate"), "are replaced")
        return f"Its pods{_number(spec.get('replicas'))} {happens}."

    return effect


def _number(replicas: object) -> str:
    return f" ({replicas})" if isinstance(replicas, int) else ""


def _always(sentence: str) -> Callable[[Json], str]:
    return lambda _: sentence


def _workload(kind: str, effect: Callable[[Json], str], *spec: str, **more: Any) -> TargetKind:
    return TargetKind(
        KINDS_BY_NAME[kind],
        spec or ("spec", "template", "spec"),
        more.pop("placements", _POD_PLACEMENTS),
        effect,
        containers=("containers", "initContainers"),
        **more,
    )


TARGETS: dict[str, TargetKind] = {
    target.kind.kind: target
    for target in (
        _workload("Deployment", _rolled("strategy")),
        _workload("StatefulSet", _rolled("updateStrategy")),
        _workload("DaemonSet", _rolled("updateStrategy")),
        _workload(
            "CronJob",
            _always("Its next run sees the change; one that is running does not."),
            *("spec", "jobTemplate", "spec", "template", "spec"),
        ),
        _workload(
            "Job",
            _always(""),
            placements=frozenset(),
            refusal="the pods of a Job cannot be changed: delete the Job, and create it again",
        ),
        TargetKind(
            KINDS_BY_NAME["ServiceAccount"],
            (),
            frozenset({"pull secret"}),
            _always("Pods that start from now on see the change; running ones stay as they are."),
        ),
        TargetKind(
            KINDS_BY_NAME["AIMService"],
            ("spec",),
            frozenset({"variables", "pull secret"}),
            _always(f"AIM Engine replaces its pods. {_CACHES_STAY}"),
            downloads=True,
        ),
        TargetKind(
            KINDS_BY_NAME["AIMRuntimeConfig"],
            ("spec",),
            frozenset({"variables"}),
            _always("Every model service of the project sees the change that does not set the variable itself."),
            makes_default=True,
        ),
        *(
            TargetKind(
                kind,
                ("spec",),
                frozenset({"variables"}),
                _always("Only the downloads that it begins read it."),
                is_cache=True,
            )
            for kind in (PROFILE_CACHE, KINDS_BY_NAME["AIMTemplateCache"])
        ),
        TargetKind(
            KINDS_BY_NAME["AIMArtifact"],
            ("spec",),
            frozenset({"variables", "pull secret"}),
            _always("Its next download reads it, also the next try of one that failed."),
            is_cache=True,
        ),
    )
}
"""By kind, in the order of the screen."""
CACHES = frozenset(kind for kind, target in TARGETS.items() if target.is_cache)
