"""Checks of what refers to secrets, and of what holds their values."""

from collections.abc import Collection, Iterable, Iterator

from wbtui.domain.checks.model import CheckedFacts, Found, Subject, Unknown
from wbtui.domain.checks.of_secrets import subject
from wbtui.domain.held_values import HeldVerdict, held_values
from wbtui.domain.references import SecretUser
from wbtui.domain.secret import Secret
from wbtui.domain.text import shortened
from wbtui.domain.usage import Spot, Usage, Use, by_topmost_owner, missing_keys

_LONGEST = 100


def missing_to_start(facts: CheckedFacts) -> Iterator[Found]:
    """Yield what starts containers with a secret that does not exist."""
    return _missing(facts, needed_to_start=True)


def missing_elsewhere(facts: CheckedFacts) -> Iterator[Found]:
    """Yield the other objects that refer to a secret that does not exist."""
    return _missing(facts, needed_to_start=False)


def lacking_keys(facts: CheckedFacts) -> Iterator[Found | Unknown]:
    """Yield what needs a key that the secret does not have."""
    for secret in facts.chosen:
        uses = list(_that_count(facts.usage.of(secret)))
        if secret.keys is None and any(use.reference.key for use in uses):
            yield Unknown(subject(secret), "the cluster does not say which keys it has")
        keys = shortened(", ".join(secret.keys or ()), _LONGEST) or "no keys"
        for spot in _spots(missing_keys(secret, uses)):
            reference = spot.use.reference
            words = f"{reference.path} needs key {reference.key} of secret {secret.name}, which has {keys}."
            yield Found(_subject(spot.use.user), words)


def old_values(facts: CheckedFacts) -> Iterator[Found | Unknown]:
    """Yield the pods with a running container that holds an old value."""
    for secret in facts.chosen:
        if (secret.namespace, secret.name) not in facts.usage.named_by_pods:
            continue
        for held in held_values(secret, facts.usage.of(secret)):
            pod, container = _subject(held.pod), held.container.name
            if held.verdict is HeldVerdict.OLD:
                words = f"Container {container} holds an old value of secret {secret.name}: {held.reason}."
                yield Found(pod, words)
            elif held.verdict is HeldVerdict.UNKNOWN:
                yield Unknown(pod, f"container {container}, secret {secret.name}: {held.reason}")


def names_to_confirm(
    secrets: Iterable[Secret], usage: Usage, namespaces: Collection[str | None]
) -> set[tuple[str, str]]:
    """Return the namespaces and names of secrets that are referred to and are not among `secrets`.

    Only what concerns `namespaces` counts: a secret or an object there; with None among them, everything.
    """
    known = {(secret.namespace, secret.name) for secret in secrets}
    everywhere = None in namespaces
    named = (
        (reference.namespace or user.namespace, user.namespace, reference.secret)
        for user in usage.users
        for reference in user.references
    )
    return {
        (namespace, name)
        for namespace, of_user, name in named
        if namespace and name and (everywhere or {namespace, of_user} & {*namespaces})
    } - known


def nowhere_in_particular(usage: Usage) -> list[str]:
    """Return the kinds of the objects that refer to a secret without saying in which namespace it is."""
    users = (user for user in usage.users if not user.namespace)
    return sorted({user.kind for user in users for reference in user.references if not reference.namespace})


def _missing(facts: CheckedFacts, *, needed_to_start: bool) -> Iterator[Found]:
    for namespace, name in sorted(facts.missing):
        uses = facts.usage.of(Secret("", namespace, name, ""))
        for spot in _spots(_that_count(use for use in uses if _names(use, name))):
            user, reference = spot.use.user, spot.use.reference
            if _is_needed_to_start(spot.use) is needed_to_start:
                where = "" if user.namespace == namespace else f" of project {namespace}"
                yield Found(_subject(user), f"{reference.path} names secret {name}{where}, which does not exist.")


def _names(use: Use, name: str) -> bool:
    """Return whether an object itself names a secret: not by labels, nor by the service account of its pods."""
    by_account = use.reference.path.startswith("serviceAccountName ")
    return use.reference.secret == name and bool(use.reference.namespace or use.user.namespace) and not by_account


def _that_count(uses: Iterable[Use]) -> Iterator[Use]:
    """Yield the uses without those that are optional, or of what has ended or was replaced."""
    for use in uses:
        replaced = use.user.idle and use.user.owners
        if not (use.reference.optional or use.user.ended or replaced):
            yield use


def _spots(uses: Iterable[Use]) -> Iterator[Spot]:
    for _, spots in by_topmost_owner(uses):
        yield from spots


def _is_needed_to_start(use: Use) -> bool:
    reference = use.reference
    return reference.restart or bool(use.user.pods and ".volumes[" in f".{reference.path}")


def _subject(user: SecretUser) -> Subject:
    return Subject(user.kind, user.namespace, user.name)
