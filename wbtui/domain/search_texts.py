"""The texts of secrets that words and regular expressions are searched in, many at once."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import compress
from typing import TypeAlias

from wbtui.domain.secret import Secret
from wbtui.domain.text import composed
from wbtui.domain.use_cases.table import find_use_case

Flags: TypeAlias = Sequence[object]
"""One value for each secret, in the same order; true where the secret is meant."""
_CACHED_RESTS = 8192
"""The size of the cache of rests."""
_SECRETS_PER_REST = 8
"""Each different rest is searched once where at least this many secrets share one, on average."""
_SPARE_RESTS = 1024
"""How many rests `known` may have beyond twice its last exact size."""


class SearchTexts:
    """The search texts of secrets in lower case, with one field per line.

    They are kept in two lists: the `names`, with display names, and the `rests` with all other fields. Many secrets
    have the same rest, so a word is searched once in each different rest, and then in all names: this takes half the
    time of searching whole texts. `known` is the set of different rests. It may have rests that no secret has any more:
    it is shared between texts that were made from each other.
    """

    def __init__(self, names: list[str], rests: list[str], known: set[str]) -> None:
        self.names = names
        self.rests = rests
        self._know(known)

    @classmethod
    def of(cls, secrets: Iterable[Secret]) -> "SearchTexts":
        """Return the texts of secrets, in the same order."""
        pairs = [(_names_of(secret), _rest_of(secret)) for secret in secrets]
        rests = [rest for _, rest in pairs]
        return cls([name for name, _ in pairs], rests, set(rests))

    def __len__(self) -> int:
        return len(self.names)

    def holding(self, word: str) -> list[bool]:
        """Return for each text whether it contains a word; the word is in lower case and has one line."""
        if len(self.known) * _SECRETS_PER_REST > len(self):
            return [word in name or word in rest for name, rest in zip(self.names, self.rests, strict=True)]
        holds = {rest for rest in self.known if word in rest}
        if holds:
            return [rest in holds or word in name for name, rest in zip(self.names, self.rests, strict=True)]
        return [word in name for name in self.names]

    def found(self, search: Callable[[str], object]) -> Iterable[object]:
        """Return the result of `search` for each whole text."""
        return map(search, map("\n".join, zip(self.names, self.rests, strict=True)))

    def kept(self, flags: Flags) -> "SearchTexts":
        """Return the texts for which `flags` is true."""
        return SearchTexts(list(compress(self.names, flags)), list(compress(self.rests, flags)), self.known)

    def ordered(self, positions: Iterable[int]) -> "SearchTexts":
        """Return the texts in another order, given by their current positions."""
        order = list(positions)
        return SearchTexts([self.names[i] for i in order], [self.rests[i] for i in order], self.known)

    def extend(self, texts: "SearchTexts") -> None:
        """Append other texts."""
        self.insert(len(self), texts)

    def insert(self, position: int, texts: "SearchTexts") -> None:
        """Insert other texts before `position`."""
        self.names[position:position] = texts.names
        self.rests[position:position] = texts.rests
        self.known |= texts.known
        if len(self.known) > self._most_known:  # many of them may no longer be in use
            self._know(set(self.rests))

    def _know(self, rests: set[str]) -> None:
        self.known = rests
        self._most_known = 2 * len(rests) + _SPARE_RESTS

    def discard(self, position: int) -> None:
        """Remove the text at `position`."""
        del self.names[position], self.rests[position]

    def lay_out(self) -> "SearchTexts":
        """Return a copy whose names are next to each other in memory: searching them is twice as fast."""
        names = "\0".join(self.names).split("\0") if self.names else []
        return SearchTexts(names, self.rests, set(self.rests))


def _plain(text: str) -> str:
    return composed(text).casefold().replace("\0", "")


def _names_of(secret: Secret) -> str:
    return _plain(f"{secret.name}\n{secret.display_name}" if secret.display_name else secret.name)


def _rest_of(secret: Secret) -> str:
    return _rest(secret.use_case, secret.type, secret.keys or (), secret.creator)


@lru_cache(_CACHED_RESTS)
def _rest(label: str, kind: str, keys: tuple[str, ...], creator: str) -> str:
    use_case = find_use_case(label)
    return _plain("\n".join((label, use_case.title if use_case else "", kind, " ".join(keys), creator)))
