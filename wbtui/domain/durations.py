"""Durations in the format of kubectl's flags."""

import re

_UNITS = {"ns": 1e-9, "us": 1e-6, "\u00b5s": 1e-6, "\u03bcs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
"""Seconds by unit; Go accepts both characters for micro."""
_PART = rf"([0-9]+\.?[0-9]*|\.[0-9]+)({'|'.join(_UNITS)})"
_LONGEST = 2**63 / 1e9
"""The limit of Go's durations, in seconds."""


def seconds(text: str) -> float:
    """Return the seconds of a duration: a whole number of seconds, or Go's format (1m30s); 0 means no limit.

    As in kubectl, a negative duration with a unit also means no limit. Raises `ValueError`.
    """
    if re.fullmatch(r"\+?[0-9]+|-0+", text):
        total = float(text)
    elif re.fullmatch(rf"[-+]?({_PART})+|[-+]0", text):
        total = sum(float(number) * _UNITS[unit] for number, unit in re.findall(_PART, text))
    else:
        raise ValueError("a duration is a number of seconds, or numbers with units, as in 30s, 1m30s or 1.5h")
    if total >= _LONGEST:
        raise ValueError("the duration is too long")
    return 0.0 if text.startswith("-") else total
