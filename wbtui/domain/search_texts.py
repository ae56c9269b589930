"""What words and regular expressions look at, of many secrets at once."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import compress
from typing import TypeAlias

from wbtui.domain.secret import Secret
from wbtui.domain.use_cases.table import find_use_case

Flags: TypeAlias = Sequence[object]
"""Something true for each secret that is meant, side by side with the secrets."""
_ALIKE = 8192
"""So many different texts behind the names are made once for all secrets that have the same."""
_WORTH = 8
"""Rests are looked at once for all where, on average, at least so many secrets have the same."""
_SPARE = 1024
"""Rests that may be known beyond twice those that there were."""


class SearchTexts:
    """The search texts of secrets: a field a line, without regard to case.

    They are kept in two columns, the `names` and the `rests`. Most secrets have the rest of many others, so a word is
    looked for in each rest that is `known` and then in the names, which takes half of a pass over whole texts. Every
    rest is known; more may be, as texts that were taken from others know what these do, and what comes to either.
    """

    def __init__(self, names: list[str], rests: list[str], known: set[str]) -> None:
        self.names = names
        self.rests = rests
        self._know(known)

    @classmethod
    def of(cls, secrets: Iterable[Secret]) -> "SearchTexts":
        """Return the texts of secrets, in their order."""
        pairs = [(_plain(secret.name), _rest_of(secret)) for secret in secrets]
        rests = [rest for _, rest in pairs]
        return cls([name for name, _ in pairs], rests, set(rests))

    def __len__(self) -> int:
        return len(self.names)

    def holding(self, word: str) -> list[bool]:
        """Tell of each whether it holds a word, which is in lower case and on one line."""
        if len(self.known) * _WORTH > len(self):
            return [word in name or word in rest for name, rest in zip(self.names, self.rests, strict=True)]
        holds = {rest for rest in self.known if word in rest}
        if holds:
            return [rest in holds or word in name for name, rest in zip(self.names, self.rests, strict=True)]
        return [word in name for name in self.names]

    def found(self, search: Callable[[str], object]) -> Iterable[object]:
        """Return what `search` finds in each whole text."""
        return map(search, map("\n".join, zip(self.names, self.rests, strict=True)))

    def kept(self, flags: Flags) -> "SearchTexts":
        """Return those for which `flags` has something true."""
        return SearchTexts(list(compress(self.names, flags)), list(compress(self.rests, flags)), self.known)

    def ordered(self, positions: Iterable[int]) -> "SearchTexts":
        """Return them in another order: where each of them is now."""
        places = list(positions)
        return SearchTexts([self.names[i] for i in places], [self.rests[i] for i in places], self.known)

    def extend(self, texts: "SearchTexts") -> None:
        """Put others behind the last."""
        self.insert(len(self), texts)

    def insert(self, position: int, texts: "SearchTexts") -> None:
        """Put others in before the one at `position`."""
        self.names[position:position] = texts.names
        self.rests[position:position] = texts.rests
        self.known |= texts.known
        if len(self.known) > self._most_known:  # most of it may have gone since
            self._know(set(self.rests))

    def _know(self, rests: set[str]) -> None:
        self.known = rests
        self._most_known = 2 * len(rests) + _SPARE

    def discard(self, position: int) -> None:
        """Take one out."""
        del self.names[position], self.rests[position]

    def lay_out(self) -> "SearchTexts":
        """Return the same, made anew: where names are side by side in memory, a pass over them is twice as fast."""
        names = "\0".join(self.names).split("\0") if self.names else []
        return SearchTexts(names, self.rests, set(self.rests))


def _plain(text: str) -> str:
    return text.casefold().replace("\0", "")


def _rest_of(secret: Secret) -> str:
    return _rest(secret.use_case, secret.type, secret.keys or (), secret.creator)


@lru_cache(_ALIKE)
def _rest(label: str, kind: str, keys: tuple[str, ...], creator: str) -> str:
    use_case = find_use_case(label)
    return _plain("\n".join((label, use_case.title if use_case else "", kind, " ".join(keys), creator)))
