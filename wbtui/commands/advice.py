"""Advice of errors for the command line, where there are no keys to press and no screen to look at."""

import re

from wbtui.errors import ClusterError

_INSTEAD = (
    (r":ctx(?:, or start with| or) --context", "--context"),
    (r":ctx", "--context"),
    (r"\{go\.project\}", "-n"),
    (r"Press \{list\.again\} in the list", "Run it again"),
    (r"and save again", "and run it again"),
    (r"Saving again", "Running it again"),
    (r" on the first line", ""),
    (r"[cC]heck the list(?= (?:later|before))", "check with wbtui get"),
    (r"in the demo first", "in the demo first with wbtui --demo"),
)
"""What stands in advice for a screen, as a pattern, and what is said on the command line."""
_RETRYING = r"(?:, and|, then|,? and then) press \{retry\}| with \{retry\}|Press \{retry\}[^.]*\.?"


def advice_of(error: ClusterError, retry: str = "") -> str:
    """Return what to do about an error; `retry` is a command that tries again, where that is not the same one."""
    advice = error.advice
    for screen, instead in _INSTEAD:
        advice = re.sub(screen, instead, advice)
    if retry:
        advice = re.sub(r"(?i)press \{retry\}", f"run {retry}", advice).replace("{retry}", retry)
    advice = re.sub(_RETRYING, "", advice)
    return advice[:1].upper() + advice[1:]
