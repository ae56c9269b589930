"""The rules of custom resources (`x-kubernetes-validations`) that users of AIM meet, by their messages or their CEL.

A rule that is not in the table is not checked.
"""

from collections.abc import Callable, Iterator
from typing import Any

from wbtui.demo.apiserver import causes
from wbtui.demo.apiserver.schemas.structure import below
from wbtui.demo.apiserver.shapes import Cause
from wbtui.demo.apiserver.wire import Json, at

_Check = Callable[[Any, Any], bool]  # of a value and the one that it replaces, None where there is none


def _has(value: Any, path: str) -> bool:
    return at(value, path, None) is not None


def _needs(path: str, *others: str) -> _Check:
    """Require one of the others where a field is set."""
    return lambda value, _: not _has(value, path) or any(_has(value, other) for other in others)


def _excludes(path: str, *others: str) -> _Check:
    """Forbid the others where a field is set."""
    return lambda value, _: not _has(value, path) or not any(_has(value, other) for other in others)


def _not_new(path: str) -> _Check:
    """Allow a field only where the object already has it."""
    return lambda value, old: not at(value, path) or bool(at(old, path))


def _same(path: str) -> _Check:
    return lambda value, old: bool(at(value, path, None) == at(old, path, None))


def _one_source(value: Any, old: Any) -> bool:
    """Require an image or profiles, but not both; an object that already breaks this rule may stay so."""

    def holds(model: Any) -> bool:
        others = _has(model, "spec.profiles") or _has(model, "spec.derivedFrom")
        return bool(at(model, "spec.image")) != others

    return holds(value) or (old is not None and not holds(old))


def _ordered(value: Any, _: Any) -> bool:
    return bool(at(value, "minReplicas", 0) <= at(value, "maxReplicas", at(value, "minReplicas", 0)))


def _together(first: str, second: str) -> _Check:
    return lambda value, _: bool(at(value, first)) == bool(at(value, second))


def _is_static(auth: Any) -> bool:
    return bool(at(auth, "mode") == "static")


def _credentials(auth: Any) -> bool:
    return _has(auth, "credentialsSecretRef")


_PROFILE = "spec.profile"
_OLD_FIELDS = ("aimId", "discovery", "defaultServiceTemplate", "runtimeConfigName", "env", "imageMetadata")
_CHECKS: dict[str, _Check] = {
    "self == oldSelf": lambda value, old: bool(value == old),
    "caching mode is immutable": _same("mode"),
    "exactly one of name, image, custom": lambda value, _: len(value.keys() & {"name", "image", "custom"}) == 1,
    "(has(self.name) ? 1 : 0) + (has(self.image) ? 1 : 0) + (has(self.custom) ? 1 : 0) == 1": lambda value, _: (
        len(value.keys() & {"name", "image", "custom"}) == 1
    ),
    "has(self.gpu) || has(self.cpu)": lambda value, _: bool(value.keys() & {"gpu", "cpu"}),
    "!(has(self.model) && size(self.model) > 0 && has(self.minVram))": lambda value, _: (
        not (value.get("model") and "minVram" in value)
    ),
    "podmetric is needed": lambda value, _: value["type"] != "PodMetric" or "podmetric" in value,
    "profileOverrides needs profile": _needs("spec.profileOverrides", _PROFILE),
    "profile and template exclude each other": _excludes(_PROFILE, "spec.template"),
    "model or profile is needed": lambda value, _: _has(value, "spec.model") or _has(value, _PROFILE),
    "minReplicas must not exceed maxReplicas": _ordered,
    "template is not for v1alpha2; use profile or model": _not_new("spec.template"),
    "overrides is not for v1alpha2; use profileOverrides": _not_new("spec.overrides"),
    "name and selector exclude each other": lambda value, _: not (value.get("name") and "selector" in value),
    "name or selector is needed": lambda value, _: bool(value.get("name") or "selector" in value),
    "selector.role must be deployable": lambda value, _: at(value, f"{_PROFILE}.selector.role") in {"", "deployable"},
    "selector needs aimId, modelRef or spec.model": _needs(
        f"{_PROFILE}.selector", f"{_PROFILE}.selector.aimId", f"{_PROFILE}.selector.modelRef", "spec.model"
    ),
    "exactly one of image and profiles": _one_source,
    "profiles excludes the old scalar fields": lambda value, _: (
        not (
            (_has(value, "spec.profiles") or _has(value, "spec.derivedFrom"))
            and any(_has(value, f"spec.{name}") for name in _OLD_FIELDS)
        )
    ),
    "modelSources is not for v1alpha2": _not_new("spec.modelSources"),
    "custom is not for v1alpha2": _not_new("spec.custom"),
    "customTemplates is not for v1alpha2": _not_new("spec.customTemplates"),
    "profiles is for v1alpha2 only": lambda value, _: not _has(value, "spec.profiles"),
    "derivedFrom is for v1alpha2 only": lambda value, _: not _has(value, "spec.derivedFrom"),
    "aimId and modelSources go together": _together("spec.aimId", "spec.modelSources"),
    "static needs credentialsSecretRef": lambda value, _: not (_is_static(value) and not _credentials(value)),
    "credentialsSecretRef is for static only": lambda value, _: _is_static(value) or not _credentials(value),
}


def broken(node: Json, value: Any, old: Any, path: str = "") -> Iterator[Cause]:
    """Yield the rules that do not hold. Items of a list are not compared with older ones."""
    for rule in node.get("x-kubernetes-validations", ()):
        check = _CHECKS.get(rule.get("message", "")) or _CHECKS.get(rule["rule"])
        compares = "oldSelf" in rule["rule"] and not rule.get("optionalOldSelf")
        if check and not (compares and old is None) and not check(value, old):
            yield causes.broken_rule(path or "<nil>", value, rule.get("message") or f"failed rule: {rule['rule']}")
    for step, known, inner in below(node, value):
        before = old.get(step[1:]) if isinstance(old, dict) else None
        yield from broken(known, inner, before, path + step if path else step[1:])


def ruled(node: Json) -> bool:
    """Return whether a schema has a rule, here or anywhere below."""
    inner = [*node.get("properties", {}).values(), node.get("items"), node.get("additionalProperties")]
    return "x-kubernetes-validations" in node or any(ruled(known) for known in inner if isinstance(known, dict))
