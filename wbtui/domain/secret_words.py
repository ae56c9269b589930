"""What is said of a secret in a few words, wherever secrets are listed; empty where there is nothing to say."""

from wbtui.domain.secret import Secret


def keys_in_words(secret: Secret, separator: str = " ") -> str:
    """Return the names of its keys, or how many there are."""
    if secret.keys is not None:
        return separator.join(secret.keys) or "none"
    return "unknown" if secret.key_count is None else f"{secret.key_count} keys"


def creator_in_words(secret: Secret) -> str:
    """Return who created it, in parentheses where that is only a hint."""
    return f"({secret.creator})" if secret.creator and secret.creator_is_hint else secret.creator


def states_in_words(secret: Secret) -> str:
    """Return its special states, the most important first."""
    return ", ".join(filter(None, (state.brief(secret) for state in secret.states)))


def labels_in_words(secret: Secret) -> str:
    """Return its labels as kubectl writes them."""
    return ",".join(f"{name}={value}" for name, value in sorted(secret.labels.items()))
