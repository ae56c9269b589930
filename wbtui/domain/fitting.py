"""Which form the values of an existing secret are entered in, by what is known of it."""

from dataclasses import dataclass

from wbtui.domain.secret import Secret
from wbtui.domain.use_cases import USE_CASES, UseCase, Way, find_use_case, named_rows


@dataclass(frozen=True, slots=True)
class Fit:
    """A way to enter values, with the preset that names the keys as they are, or rows for the keys that are known."""

    use_case: UseCase
    way: Way
    preset: int = 0
    rows: tuple[str, ...] = ()


def fit_for(secret: Secret) -> Fit:
    """Return the form of the secret's use case where its keys are those of one; else a row for each key."""
    use_case = find_use_case(secret.use_case) or _by_type(secret)
    for way in use_case.ways:
        for position in range(len(way.presets) or 1):
            if _covers(way, position, secret):
                return Fit(use_case, way, position)
    return Fit(use_case, _ROWS, rows=secret.keys or ())


def _by_type(secret: Secret) -> UseCase:
    special = (use_case for use_case in USE_CASES if use_case.type == secret.type != _PLAIN.type)
    return next(special, _PLAIN)


def _covers(way: Way, position: int, secret: Secret) -> bool:
    if way.encode is named_rows:
        return False
    keys = way.keys(way.presets[position] if way.presets else None)
    wanted = {keys[field.name] for field in way.fields if field.required} - {""}
    known = set(secret.keys or ())
    return wanted <= known <= set(keys.values())


_PLAIN = USE_CASES[-1]
"""The use case of what has none."""
_ROWS = _PLAIN.ways[0]
