"""What a filter is: conditions that must all hold, whoever wrote them down."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple, TypeAlias

from wbtui.domain.search_texts import SearchTexts
from wbtui.domain.secret import Secret

Keeps: TypeAlias = Callable[[Sequence[Secret], SearchTexts], Iterable[object]]
"""Takes secrets and their search texts, side by side; gives something true for each that is to be kept.

Many are looked at at once, so that a filter over a hundred thousand of them is a few passes in C.
"""
Clock: TypeAlias = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Condition:
    """One term of a filter: equal where it was written the same.

    `word` is set for a plain word alone. `asks_uses` tells that who uses a secret decides.
    """

    written: str
    word: str
    keeps: Keeps = field(compare=False, repr=False)
    asks_uses: bool = False

    def implies(self, other: "Condition") -> bool:
        """Tell whether whatever fulfils this fulfils `other`."""
        return self == other or bool(other.word and other.word in self.word)


class Query(NamedTuple):
    """A parsed filter: every condition must hold. Without any, it matches all."""

    conditions: tuple[Condition, ...] = ()

    @property
    def asks_uses(self) -> bool:
        """Tell whether it asks who uses the secrets: somebody has to find out, and to filter again when it changes."""
        return any(condition.asks_uses for condition in self.conditions)

    def matches(self, secret: Secret, texts: SearchTexts) -> bool:
        """Tell whether `secret` is what is asked for; `texts` holds its own alone."""
        return all(keep for condition in self.conditions for keep in condition.keeps((secret,), texts))

    def narrows(self, other: "Query") -> bool:
        """Tell whether all that this keeps is among what `other` keeps, so that only those need to be looked at."""
        return all(any(mine.implies(theirs) for mine in self.conditions) for theirs in other.conditions)


def utc_now() -> datetime:
    """Return the moment it is now."""
    return datetime.now(UTC)
