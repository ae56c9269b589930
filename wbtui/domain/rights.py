"""What one may do with secrets, as far as the cluster tells beforehand; it has the last word when it is done."""

from dataclasses import dataclass


def needed(verb: str, namespace: str) -> str:
    """Return in words the right that an action needs."""
    return f"needs {verb} on secrets in {namespace}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule about secrets: `names` empty is all of them, `*` stands for every verb."""

    verbs: frozenset[str]
    names: frozenset[str] = frozenset()

    def allows(self, verb: str, name: str) -> bool:
        """Tell whether the rule allows a verb on the secret of this name; without a name, on some secret at least."""
        named = not self.names or not name or name in self.names
        return named and bool(self.verbs & {verb, "*"})


@dataclass(frozen=True, slots=True)
class Rights:
    """What the rules of one namespace allow; `complete` is False where the cluster could not tell all of them."""

    namespace: str
    rules: tuple[Rule, ...] = ()
    complete: bool = False

    def refusal(self, verb: str, name: str = "") -> str:
        """Return the right that is needed and not there; empty where it is there, or might be."""
        if not self.complete or any(rule.allows(verb, name) for rule in self.rules):
            return ""
        return needed(verb, self.namespace)
