"""The rights of the user in a project, as the cluster lists them. The list may be incomplete."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Resource(NamedTuple):
    """A resource in access rules: its API group, empty for the core group, and its plural name."""

    group: str
    plural: str


SECRETS = Resource("", "secrets")


def needed(verb: str, namespace: str, resource: Resource = SECRETS) -> str:
    """Return a phrase that names the right that an action needs."""
    return f"needs {verb} on {resource.plural} in {namespace}"


class AccessRule(NamedTuple):
    """One access rule. Empty `names` allow all objects; `*` is every verb, group or plural."""

    verbs: frozenset[str]
    names: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset({""})
    plurals: frozenset[str] = frozenset({"secrets"})

    def allows(self, verb: str, resource: Resource, name: str) -> bool:
        """Return whether the rule allows a verb on an object; without a name, on any object at all."""
        named = not self.names or not name or name in self.names
        covers = self.groups & {resource.group, "*"} and self.plurals & {resource.plural, "*"}
        return named and bool(covers and self.verbs & {verb, "*"})


class Rights(NamedTuple):
    """The access rules of one namespace; `complete` is False where the cluster could not list all of them.

    `lacking` maps each API group that the cluster does not have to the product that installs it.
    """

    namespace: str
    rules: tuple[AccessRule, ...] = ()
    complete: bool = False
    lacking: Mapping[str, str] = MappingProxyType({})

    @property
    def known(self) -> bool:
        """Return whether `refusal` can return anything."""
        return self.complete or bool(self.lacking)

    def names(self, verb: str, resource: Resource = SECRETS) -> frozenset[str]:
        """Return the names that a verb is restricted to; empty where it is allowed for all names, or for none."""
        rules = [rule for rule in self.rules if rule.allows(verb, resource, "")]
        if any(not rule.names for rule in rules):
            return frozenset()
        return frozenset().union(*(rule.names for rule in rules))

    def refusal(self, verb: str, name: str = "", resources: tuple[Resource, ...] = (SECRETS,)) -> str:
        """Return the missing right, or the missing API group; empty where the verb is allowed, or may be."""
        served = [resource for resource in resources if resource.group not in self.lacking]
        if not served:
            return f"the cluster has no {self.lacking[resources[0].group]}"
        if not self.complete or any(rule.allows(verb, resource, name) for rule in self.rules for resource in served):
            return ""
        return needed(verb, self.namespace, served[0])
