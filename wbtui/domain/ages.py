"""Ages as kubectl shows them."""

MINUTE, HOUR, DAY = 60, 3600, 86400
YEAR = 365 * DAY
_NEVER = 1 << 60
_UNITS = (  # below this: in this unit, and the rest of it in that one
    (2 * MINUTE, 1, "s", _NEVER, ""),
    (10 * MINUTE, MINUTE, "m", 1, "s"),
    (3 * HOUR, MINUTE, "m", _NEVER, ""),
    (8 * HOUR, HOUR, "h", MINUTE, "m"),
    (2 * DAY, HOUR, "h", _NEVER, ""),
    (8 * DAY, DAY, "d", HOUR, "h"),
    (2 * YEAR, DAY, "d", _NEVER, ""),
    (8 * YEAR, YEAR, "y", DAY, "d"),
)


def age(moment: float | None, now: float) -> str:
    """Return the time since a moment, both in seconds, as kubectl shows it: in two units at most."""
    if moment is None:
        return "<unknown>"
    passed = int(now - moment)
    if passed < 0:
        return "<invalid>" if passed < -1 else "0s"
    for limit, unit, name, part, part_name in _UNITS:
        if passed < limit:
            whole, rest = divmod(passed, unit)
            return f"{whole}{name}" + (f"{rest // part}{part_name}" if rest >= part else "")
    return f"{passed // YEAR}y"
