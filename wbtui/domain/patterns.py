"""Regular expressions that could take longer than anybody waits: Python has no way to stop one."""

import re

_LITERAL = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]")
_GROUP = re.compile(r"\((?:\?(?:P?<\w+>|<?[=!]|[a-zA-Z-]*:))?([^()]*)\)([*+]|\{\d*,\})?")
_REPEAT = re.compile(r"[*+]|\{\d*,\}")
_MOST_REPEATS = 3
"""Each one more takes as many times longer as a name has characters."""


def runs_away(pattern: str) -> bool:
    """Tell whether a pattern may try more ways to match than can be tried.

    That is so where a group that repeats without end has a repeat or a choice in it, or where many repeats follow each
    other. It errs on the safe side.
    """
    left = _LITERAL.sub("x", pattern)
    while group := _GROUP.search(left):
        inside, repeat = group[1], group[2] or ""
        if repeat and re.search(rf"{_REPEAT.pattern}|\|", inside):
            return True
        left = f"{left[: group.start()]}{inside}{repeat}{left[group.end() :]}"
    return len(_REPEAT.findall(left)) > _MOST_REPEATS
