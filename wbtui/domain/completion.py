"""Complete the last word of a line, one candidate after the other."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

Candidates: TypeAlias = Callable[[str], Sequence[str]]
"""Returns the whole lines that a line can be completed to."""


class Completion:
    """Goes through the candidates of what was typed, for as long as nothing else is typed."""

    def __init__(self, candidates: Candidates) -> None:
        self._candidates = candidates
        self._lines: Sequence[str] = ()
        self._shown: str | None = None

    def next(self, line: str, step: int) -> str | None:
        """Return the next candidate for what was typed, or with a `step` of -1 the one before; None without any."""
        if line != self._shown:
            self._lines = self._candidates(line)
            position = 0 if step > 0 else len(self._lines) - 1
        else:
            position = (self._lines.index(line) + step) % len(self._lines)
        self._shown = self._lines[position] if self._lines else None
        return self._shown


def beginning_with(word: str, known: Iterable[str]) -> list[str]:
    """Return what begins with a word, in any case, and then what only holds it; each once."""
    folded = word.casefold()
    names = list(dict.fromkeys(known))
    first = [name for name in names if name.casefold().startswith(folded)]
    return [*first, *(name for name in names if folded in name.casefold() and name not in first)]
