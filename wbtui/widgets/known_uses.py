"""What the list says of the uses of secrets, and how far they are known."""

from wbtui.domain.query import Query
from wbtui.usage_follower import UsageFollower

OLD_VALUE_HELD = "old value held"
"""The state of a secret of which a running container holds an old value."""


def known_uses(query: Query, uses: UsageFollower) -> tuple[str, str]:
    """Return how far it is known what is unused, and why nothing is known of it; empty where `query` does not ask."""
    if not query.asks_uses:
        return "", ""
    from wbtui.widgets.usage_view import reach, unknown  # noqa: PLC0415  few filters ask for it

    return reach(uses.usage, uses.error), unknown(uses.usage, uses.error)
