"""A parsed filter: conditions joined by AND."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple, TypeAlias

from wbtui.domain.search_texts import SearchTexts
from wbtui.domain.secret import Secret

Keeps: TypeAlias = Callable[[Sequence[Secret], SearchTexts], Iterable[object]]
"""Takes secrets and their search texts in the same order; returns for each a true value where it matches.

It takes many at once, so that filtering a hundred thousand secrets runs mostly in C.
"""
Clock: TypeAlias = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Condition:
    """One term of a filter. Conditions with the same text are equal.

    `word` is empty for everything but a plain word. With `asks_uses`, the result depends on who uses a secret, and with
    `asks_account` on who the user is.
    """

    written: str
    word: str
    keeps: Keeps = field(compare=False, repr=False)
    asks_uses: bool = False
    asks_account: bool = False

    def implies(self, other: "Condition") -> bool:
        """Return whether everything that matches this also matches `other`."""
        return self == other or bool(other.word and other.word in self.word)


class Query(NamedTuple):
    """A parsed filter: all conditions must match. Without conditions it matches everything."""

    conditions: tuple[Condition, ...] = ()

    @property
    def asks_uses(self) -> bool:
        """Return whether the result depends on who uses the secrets: then the uses must be followed."""
        return any(condition.asks_uses for condition in self.conditions)

    @property
    def asks_facts(self) -> bool:
        """Return whether the result depends on what is not in the secrets: who uses them, or who the user is."""
        return self.asks_uses or any(condition.asks_account for condition in self.conditions)

    def matches(self, secret: Secret, texts: SearchTexts) -> bool:
        """Return whether the filter matches `secret`; `texts` holds only its own text."""
        return all(keep for condition in self.conditions for keep in condition.keeps((secret,), texts))

    def narrows(self, other: "Query") -> bool:
        """Return whether everything that matches this also matches `other`, so that only its rows need filtering."""
        return all(any(own.implies(condition) for own in self.conditions) for condition in other.conditions)


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)
