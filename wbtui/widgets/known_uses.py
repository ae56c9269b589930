"""How far it is known who uses secrets, where a filter asks for that."""

from wbtui.domain.query import Query
from wbtui.usage_follower import UsageFollower


def known_uses(query: Query, uses: UsageFollower) -> tuple[str, str]:
    """Return how far it is known what is unused, and why nothing is known of it; empty where `query` does not ask."""
    if not query.asks_uses:
        return "", ""
    from wbtui.widgets.usage_view import reach, unknown  # noqa: PLC0415  few filters ask for it

    return reach(uses.usage, uses.error), unknown(uses.usage, uses.error)
