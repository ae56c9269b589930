"""What the table says of the uses of secrets."""

from wbtui.domain.secret import Secret
from wbtui.usage_follower import UsageFollower

OLD_VALUE_HELD = "old value held"
"""The state of a secret of which a running container holds an old value."""


def old_value_held(secret: Secret, uses: UsageFollower) -> str:
    """Return the state of a secret by its uses; empty where none is known."""
    return OLD_VALUE_HELD if uses.is_stale(secret) else ""


def number_of_users(secret: Secret, uses: UsageFollower) -> str:
    """Return how many workloads and other objects use a secret, in a word where that is not a number."""
    if uses.error:
        return "unknown"
    if not uses.usage:
        return "…"
    if found := len({use.top.uid for use in uses.usage.of(secret)}):
        return str(found)
    (used,) = uses.usage.used((secret,))
    return "none" if used is False else "…" if uses.usage.being_searched else "unknown"
