"""Label selectors as Kubernetes evaluates them: which secrets are meant where labels say it, and no name."""

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias


class Requirement(NamedTuple):
    """One requirement on the label `key`; `operator` is In, NotIn, Exists or DoesNotExist."""

    key: str
    operator: str
    values: frozenset[str] = frozenset()

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Return whether labels fulfil the requirement."""
        match self.operator:
            case "In":
                return labels.get(self.key) in self.values
            case "NotIn":
                return labels.get(self.key) not in self.values
            case "Exists":
                return self.key in labels
            case "DoesNotExist":
                return self.key not in labels
            case _:
                return True  # it may be meant: nothing must look unused by an operator of tomorrow


LabelSelector: TypeAlias = tuple[Requirement, ...]
"""All of them have to hold; an empty one selects everything."""


def label_selector(node: Any) -> LabelSelector | None:
    """Return the selector with these `matchLabels` and `matchExpressions`; None where there is no selector."""
    if not isinstance(node, dict):
        return None
    labels, expressions = node.get("matchLabels"), node.get("matchExpressions")
    equal = [Requirement(str(key), "In", frozenset({str(value)})) for key, value in _items(labels)]
    others = [_requirement(one) for one in (expressions if isinstance(expressions, list) else ())]
    return (*equal, *others)


def selects(selector: LabelSelector, labels: Mapping[str, str]) -> bool:
    """Return whether a selector selects an object with these labels."""
    return all(requirement.holds(labels) for requirement in selector)


def _requirement(node: Any) -> Requirement:
    fields = dict(_items(node))
    values = fields.get("values")
    return Requirement(
        str(fields.get("key")),
        str(fields.get("operator")),
        frozenset(map(str, values if isinstance(values, list) else ())),
    )


def _items(node: Any) -> Any:
    return node.items() if isinstance(node, dict) else ()
