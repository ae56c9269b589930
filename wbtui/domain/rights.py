"""What one may do in a project, as far as the cluster tells beforehand; it has the last word when it is done."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Resource(NamedTuple):
    """One kind of object as access rules name it: its API group, empty for Kubernetes' own, and its plural."""

    group: str
    plural: str


SECRETS = Resource("", "secrets")


def needed(verb: str, namespace: str, resource: Resource = SECRETS) -> str:
    """Return in words the right that an action needs."""
    return f"needs {verb} on {resource.plural} in {namespace}"


class Rule(NamedTuple):
    """One rule: `names` empty is all objects, `*` stands for every verb, group and plural."""

    verbs: frozenset[str]
    names: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset({""})
    plurals: frozenset[str] = frozenset({"secrets"})

    def allows(self, verb: str, resource: Resource, name: str) -> bool:
        """Tell whether the rule allows a verb on the object of this name; without a name, on some object at least."""
        named = not self.names or not name or name in self.names
        covers = self.groups & {resource.group, "*"} and self.plurals & {resource.plural, "*"}
        return named and bool(covers and self.verbs & {verb, "*"})


class Rights(NamedTuple):
    """What the rules of one namespace allow; `complete` is False where the cluster could not tell all of them.

    `lacking` are the API groups that the cluster does not have, and what brings them.
    """

    namespace: str
    rules: tuple[Rule, ...] = ()
    complete: bool = False
    lacking: Mapping[str, str] = MappingProxyType({})

    @property
    def known(self) -> bool:
        """Tell whether anything is known beforehand."""
        return self.complete or bool(self.lacking)

    def names(self, verb: str, resource: Resource = SECRETS) -> frozenset[str]:
        """Return the names for which alone a verb is allowed; none where it is allowed for all, or for nothing."""
        rules = [rule for rule in self.rules if rule.allows(verb, resource, "")]
        if any(not rule.names for rule in rules):
            return frozenset()
        return frozenset().union(*(rule.names for rule in rules))

    def refusal(self, verb: str, name: str = "", resources: tuple[Resource, ...] = (SECRETS,)) -> str:
        """Return why it cannot be done: what is needed and not there; empty where it is there, or might be."""
        there = [resource for resource in resources if resource.group not in self.lacking]
        if not there:
            return f"the cluster has no {self.lacking[resources[0].group]}"
        if not self.complete or any(rule.allows(verb, one, name) for rule in self.rules for one in there):
            return ""
        return needed(verb, self.namespace, there[0])
