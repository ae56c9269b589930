"""The rules of the kinds that run pods."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wbtui.demo.apiserver.causes import forbidden_field, invalid_value, required
from wbtui.demo.apiserver.kinds.metadata import metadata_only, unchanged
from wbtui.demo.apiserver.kinds.names import LABEL_LIMIT, NAME_LIMIT
from wbtui.demo.apiserver.kinds.pods import fixed_pod, pod_spec
from wbtui.demo.apiserver.shapes import Cause
from wbtui.demo.apiserver.wire import Json, at

_JOB_NAME_LIMIT = LABEL_LIMIT - 11  # a CronJob's jobs carry a number in their names
_CHANGEABLE = {
    *("replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit"),
    *("persistentVolumeClaimRetentionPolicy", "minReadySeconds"),
}
_STATEFUL = (
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
    "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
)


@dataclass(frozen=True)
class Rules:
    """The rules for one kind: the path to its pod template, its immutable fields, and more."""

    template: str = "spec.template"
    fixed: tuple[str, ...] = ()
    selects: bool = False  # it has a selector, which must match the labels of the template
    name_limit: int = NAME_LIMIT
    changed: Callable[[Json, Json], Iterator[Cause]] | None = None

    @property
    def validator(self) -> Callable[[Json, Json | None], list[Cause]]:
        """Return the rules as a function of an object and the one that it replaces."""

        def validate(body: Json, old: Json | None) -> list[Cause]:
            return [*metadata_only(body, old), *self._new(body), *self._update(body, old)]

        return validate

    def _new(self, body: Json) -> Iterator[Cause]:
        name = body["metadata"]["name"]
        if self.name_limit < len(name) <= NAME_LIMIT:
            yield invalid_value("metadata.name", name, f"must be no more than {self.name_limit} characters")
        if self.selects:
            yield from _selector(body)
        path = f"{self.template}.spec" if self.template else "spec"
        yield from pod_spec(at(body, path, {}), path)

    def _update(self, body: Json, old: Json | None) -> Iterator[Cause]:
        for path in self.fixed:
            yield from unchanged(body, old or body, path)
        if self.changed and old:
            yield from self.changed(body, old)


def _selector(body: Json) -> Iterator[Cause]:
    selector = at(body, "spec.selector", {})
    if not selector:
        yield required("spec.selector")
    labels = at(body, "spec.template.metadata.labels", {})
    if not selector.get("matchLabels", {}).items() <= labels.items():
        path = "spec.template.metadata.labels"
        yield invalid_value(path, labels, "`selector` does not match template `labels`")


def _stateful(body: Json, old: Json) -> Iterator[Cause]:
    before, after = old.get("spec", {}), body.get("spec", {})
    if any(before.get(key) != after.get(key) for key in (before.keys() | after.keys()) - _CHANGEABLE):
        yield forbidden_field("spec", _STATEFUL)


_SELECTING = Rules(fixed=("spec.selector",), selects=True)
VALIDATORS = {
    kind: rules.validator
    for kind, rules in {
        "Pod": Rules(template="", changed=fixed_pod),
        "Deployment": _SELECTING,
        "DaemonSet": _SELECTING,
        "ReplicaSet": _SELECTING,
        "StatefulSet": Rules(selects=True, changed=_stateful),
        "Job": Rules(fixed=("spec.selector", "spec.template", "spec.completions")),
        "CronJob": Rules(template="spec.jobTemplate.spec.template", name_limit=_JOB_NAME_LIMIT),
    }.items()
}
