"""In which forms the values of a secret can be entered, and which fits one that exists."""

from dataclasses import dataclass

from wbtui.domain.secret import Secret
from wbtui.domain.use_cases import USE_CASES, UseCase, Way, find_use_case, named_rows, one_key_a_field


@dataclass(frozen=True, slots=True)
class Fit:
    """A way to enter values, with the preset that names the keys as they are, or rows for the keys that are known."""

    way: Way
    preset: int = 0
    rows: tuple[str, ...] = ()

    @property
    def by_key(self) -> bool:
        """Tell whether each value has a key of its own, so that some can be entered without the others."""
        return self.way.encode in {one_key_a_field, named_rows}


@dataclass(frozen=True, slots=True)
class Offer:
    """A use case to choose in a form, with the ways to enter its values; or `as_it_is`, with the one that fits."""

    title: str
    use_case: UseCase
    fits: tuple[Fit, ...]
    as_it_is: bool = False


def new_offers() -> tuple[Offer, ...]:
    """Return what a new secret can be."""
    return tuple(Offer(use_case.title, use_case, tuple(map(Fit, use_case.ways))) for use_case in USE_CASES)


def offers_for(secret: Secret) -> tuple[Offer, ...]:
    """Return what the values of a secret can become: what it is, first, and every use case."""
    named = (
        Offer(
            use_case.title,
            use_case,
            tuple(_fit(way, secret) or Fit(way, rows=_rows(way, secret)) for way in use_case.ways),
        )
        for use_case in USE_CASES
    )
    return Offer("as it is", use_case_of(secret), (_as_it_is(secret),), as_it_is=True), *named


def _as_it_is(secret: Secret) -> Fit:
    """Return the form of the secret's use case where its keys are those of one; else a row for each key."""
    found = filter(None, (_fit(way, secret) for way in use_case_of(secret).ways))
    return next(found, Fit(_ROWS, rows=_rows(_ROWS, secret)))


def use_case_of(secret: Secret) -> UseCase:
    """Return the use case that the label of a secret names, or what its type says of it."""
    by_type = (known for known in USE_CASES if known.type == secret.type != _PLAIN.type)
    return find_use_case(secret.use_case) or next(by_type, _PLAIN)


def _fit(way: Way, secret: Secret) -> Fit | None:
    presets = range(len(way.presets) or 1)
    return next((Fit(way, position) for position in presets if _covers(way, position, secret)), None)


def _covers(way: Way, position: int, secret: Secret) -> bool:
    if way.encode is named_rows:
        return False
    keys = way.keys(way.presets[position] if way.presets else None)
    wanted = {keys[field.name] for field in way.fields if field.required} - {""}
    known = set(secret.keys or ())
    return wanted <= known <= set(keys.values())


def _rows(way: Way, secret: Secret) -> tuple[str, ...]:
    return (secret.keys or ()) if way.encode is named_rows else ()


_PLAIN = USE_CASES[-1]
"""The use case of what has none."""
_ROWS = _PLAIN.ways[0]
