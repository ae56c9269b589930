"""Suggest the nearest known name for one that was mistyped."""

from collections.abc import Iterable
from difflib import get_close_matches

from wbtui.domain.text import plain, shortened

_LONGEST = 60


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a hint with the name in `known` that is most similar to `name`, after a space; empty where none is."""
    by_folded = {one.casefold(): one for one in known}
    nearest = get_close_matches(name[:_LONGEST].casefold(), by_folded, 1)
    return f' (did you mean "{quotable(by_folded[nearest[0]])}"?)' if nearest else ""


def quotable(name: str) -> str:
    """Return a typed name made harmless and short enough for a sentence."""
    return plain(shortened(name, _LONGEST))
