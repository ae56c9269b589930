"""In which forms the values of a secret can be entered, and which fits one that exists."""

from dataclasses import dataclass

from wbtui.domain.secret import Secret
from wbtui.domain.use_cases.model import EntryForm, UseCase
from wbtui.domain.use_cases.table import USE_CASES, find_use_case


@dataclass(frozen=True, slots=True)
class FormMatch:
    """A form to enter values, with the preset that names the keys as they are, or rows for the keys that are known."""

    entry_form: EntryForm
    preset: int = 0
    rows: tuple[str, ...] = ()

    @property
    def by_key(self) -> bool:
        """Tell whether each value has a key of its own, so that some can be entered without the others."""
        return not self.entry_form.one_value and not self.entry_form.made_keys


@dataclass(frozen=True, slots=True)
class Offer:
    """A use case to choose in a form, with the ways to enter its values; or `as_it_is`, with the one that fits."""

    title: str
    use_case: UseCase
    matches: tuple[FormMatch, ...]
    as_it_is: bool = False


def new_offers() -> tuple[Offer, ...]:
    """Return what a new secret can be."""
    return tuple(Offer(use_case.title, use_case, tuple(map(FormMatch, use_case.entry_forms))) for use_case in USE_CASES)


def offers_for(secret: Secret) -> tuple[Offer, ...]:
    """Return what the values of a secret can become: what it is, first, and every use case."""
    named = (
        Offer(
            use_case.title,
            use_case,
            tuple(_match(entry_form, secret) for entry_form in use_case.entry_forms),
        )
        for use_case in USE_CASES
    )
    return Offer("as it is", use_case_of(secret), (_as_it_is(secret),), as_it_is=True), *named


def _match(entry_form: EntryForm, secret: Secret) -> FormMatch:
    return _fit(entry_form, secret) or FormMatch(entry_form, rows=_rows(entry_form, secret))


def _as_it_is(secret: Secret) -> FormMatch:
    """Return the form of the secret's use case where its keys are those of one; else a row for each key."""
    found = filter(None, (_fit(entry_form, secret) for entry_form in use_case_of(secret).entry_forms))
    return next(found, FormMatch(_ROWS, rows=_rows(_ROWS, secret)))


def use_case_of(secret: Secret) -> UseCase:
    """Return the use case that the label of a secret names, or what its type says of it."""
    by_type = (known for known in USE_CASES if known.type == secret.type != _PLAIN.type)
    return find_use_case(secret.use_case) or next(by_type, _PLAIN)


def _fit(entry_form: EntryForm, secret: Secret) -> FormMatch | None:
    presets = range(len(entry_form.presets) or 1)
    return next(
        (FormMatch(entry_form, position) for position in presets if _covers(entry_form, position, secret)), None
    )


def _covers(entry_form: EntryForm, position: int, secret: Secret) -> bool:
    if entry_form.rows_name_keys:
        return False
    keys = entry_form.keys(entry_form.presets[position] if entry_form.presets else None)
    wanted = {keys[field.name] for field in entry_form.fields if field.required} - {""}
    known = set(secret.keys or ())
    return wanted <= known <= set(keys.values())


def _rows(entry_form: EntryForm, secret: Secret) -> tuple[str, ...]:
    return (secret.keys or ()) if entry_form.rows_name_keys else ()


_PLAIN = next(use_case for use_case in USE_CASES if use_case.fallback)
"""The use case of what has none."""
_ROWS = _PLAIN.entry_forms[0]
