"""A parsed filter: conditions joined by AND."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from wbtui.domain.search_texts import SearchTexts
from wbtui.domain.secret import Secret

Keeps: TypeAlias = Callable[[Sequence[Secret], SearchTexts], Iterable[object]]
"""Takes secrets and their search texts in the same order; returns for each a true value where it matches.

It takes many at once, so that filtering a hundred thousand secrets runs mostly in C.
"""


@dataclass(frozen=True, slots=True)
class FilterCondition:
    """One term of a filter. Conditions with the same text are equal.

    `word` is empty for everything but a plain word. `asks` is what the result depends on beside the secrets: their
    "uses", the "account" of the user, the "time", and the "expiry" of secrets, which may be known from elsewhere.
    """

    written: str
    word: str
    keeps: Keeps = field(compare=False, repr=False)
    asks: frozenset[str] = frozenset()

    def implies(self, other: "FilterCondition") -> bool:
        """Return whether everything that matches this also matches `other`."""
        return self == other or bool(other.word and other.word in self.word)


class Query(NamedTuple):
    """A parsed filter: all conditions must match. Without conditions it matches everything."""

    conditions: tuple[FilterCondition, ...] = ()

    @property
    def asks_uses(self) -> bool:
        """Return whether the result depends on who uses the secrets: then the uses must be followed."""
        return self._asks("uses")

    @property
    def asks_account(self) -> bool:
        """Return whether the result depends on who the user is."""
        return self._asks("account")

    @property
    def asks_facts(self) -> bool:
        """Return whether the result depends on what is not in the secrets: their users, who the user is, the time."""
        return self._asks("uses", "account", "time")

    @property
    def asks_expiry(self) -> bool:
        """Return whether the result depends on when secrets expire."""
        return self._asks("expiry")

    def matches(self, secret: Secret, texts: SearchTexts) -> bool:
        """Return whether the filter matches `secret`; `texts` holds only its own text."""
        return all(keep for condition in self.conditions for keep in condition.keeps((secret,), texts))

    def narrows(self, other: "Query") -> bool:
        """Return whether everything that matches this also matches `other`, so that only its rows need filtering."""
        return all(any(own.implies(condition) for own in self.conditions) for condition in other.conditions)

    def _asks(self, *what: str) -> bool:
        return any(not condition.asks.isdisjoint(what) for condition in self.conditions)
