from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Returns the current time in UTC."""


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def utc_moment(text: str) -> datetime:
    """Return the moment that a text in ISO 8601 means, in UTC where it names no zone, as a time in UTC.

    Raises `ValueError`, and `OverflowError` for a time that is in no year that Python knows.
    """
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
