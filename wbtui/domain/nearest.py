"""Names that nothing has, and the names that may be meant."""

from collections.abc import Iterable
from difflib import get_close_matches

from wbtui.domain.text import plain, shortened

_LONGEST = 60


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a hint at the name of `known` that is most like `name`, with a space before it; empty without one."""
    by_folded = {one.casefold(): one for one in known}
    nearest = get_close_matches(name[:_LONGEST].casefold(), by_folded, 1)
    return f' (did you mean "{shown(by_folded[nearest[0]])}"?)' if nearest else ""


def shown(name: str) -> str:
    """Return a name that somebody typed so that it can be part of a sentence."""
    return plain(shortened(name, _LONGEST))
