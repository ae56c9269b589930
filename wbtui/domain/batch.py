"""The same new values for several secrets, in whatever projects."""

from collections.abc import Collection
from dataclasses import replace

from wbtui.domain.replacement import Replacement
from wbtui.domain.secret import Secret


def replacement_for(secret: Secret, entered: Replacement) -> Replacement:
    """Return the replacement that gives another secret the values that were entered for one."""
    same_type = entered.draft.type == entered.secret.type
    draft = replace(
        entered.draft,
        namespace=secret.namespace,
        name=secret.name,
        type=secret.type if same_type else entered.draft.type,
        creator=secret.recorded_creator,
        immutable=secret.immutable,
    )
    return Replacement(secret, draft, entered.whole, clean=entered.clean and secret.copied_in_annotation)


_BY_ITSELF = "rotate it by itself"


def refusal_of_secret(secret: Secret) -> str:
    """Return why a secret cannot get new values together with others, whatever they are; empty where it can."""
    return secret.refusal_to_change or (f"it is immutable: {_BY_ITSELF}" if secret.immutable else "")


def refusal_of(replacement: Replacement) -> str:
    """Return why a secret cannot get these new values together with others; empty where it can."""
    reason = replacement.needs_deletion
    return refusal_of_secret(replacement.secret) or (f"{reason}: {_BY_ITSELF}" if reason else "")


def is_namesake(one: Secret, other: Secret) -> bool:
    """Return whether two secrets of different projects have a name or a display name in common."""
    names = {one.name, one.display_name} & {other.name, other.display_name} - {""}
    return one.namespace != other.namespace and bool(names)


def key_changes(replacement: Replacement, written: Collection[str]) -> str:
    """Return which keys a secret would get or lose; empty where none, or where its keys are not known."""
    if replacement.secret.keys is None:
        return ""
    before = set(replacement.secret.keys)
    new, gone = sorted(set(written) - before), sorted(before - set(written)) if replacement.whole else []
    words = [f"{verb} {', '.join(keys)}" for verb, keys in (("adds", new), ("removes", gone)) if keys]
    return "; ".join(words)
