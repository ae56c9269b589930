"""The forms for the values of a new secret, and the forms that match the keys of an existing one."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from wbtui.domain import problems
from wbtui.domain.secret import Secret
from wbtui.domain.use_cases.model import EntryForm, Field, Follow, UseCase, one_key_a_field
from wbtui.domain.use_cases.table import USE_CASES, find_use_case


class KeyRow(NamedTuple):
    """One key of a secret, and the field that checks its value."""

    key: str
    value: Field


@dataclass(frozen=True, slots=True)
class FormMatch:
    """A form for values: with the preset that has the secret's key names, or with a row for each of its keys."""

    entry_form: EntryForm
    preset: int = 0
    rows: tuple[KeyRow, ...] = ()


@dataclass(frozen=True, slots=True)
class UseCaseOffer:
    """A use case to choose, with its forms; with `as_it_is`, the forms that match the secret without changing it."""

    title: str
    use_case: UseCase
    matches: tuple[FormMatch, ...]
    as_it_is: bool = False


def new_offers() -> tuple[UseCaseOffer, ...]:
    """Return the offers for a new secret: every use case."""
    return tuple(
        UseCaseOffer(use_case.title, use_case, tuple(map(FormMatch, use_case.entry_forms))) for use_case in USE_CASES
    )


def offers_for(secret: Secret) -> tuple[UseCaseOffer, ...]:
    """Return the offers for the new values of a secret: first the secret as it is, then every use case."""
    named = (
        UseCaseOffer(use_case.title, use_case, tuple(_match(entry_form, secret) for entry_form in use_case.entry_forms))
        for use_case in USE_CASES
    )
    use_case = use_case_of(secret)
    return UseCaseOffer("as it is", use_case, _as_it_is(use_case, secret), as_it_is=True), *named


def key_rows_of(secret: Secret) -> FormMatch:
    """Return the form with a row for each key of a secret, whatever its use case."""
    return FormMatch(_FALLBACK.entry_forms[0], rows=_rows(use_case_of(secret), secret))


def use_case_of(secret: Secret) -> UseCase:
    """Return the use case of a secret's label, else of its type, else the fallback."""
    by_type = (known for known in USE_CASES if known.type == secret.type != _FALLBACK.type)
    return find_use_case(secret.use_case) or next(by_type, _FALLBACK)


def _match(entry_form: EntryForm, secret: Secret) -> FormMatch:
    preset = _preset(entry_form, secret)
    rows = _rows(_FALLBACK, secret) if entry_form.rows_name_keys else ()
    return FormMatch(entry_form, preset or 0, rows)


def _as_it_is(use_case: UseCase, secret: Secret) -> tuple[FormMatch, ...]:
    """Return the forms of a use case with a field for each key of a secret; else a form with a row for each key."""
    presets = ((entry_form, _preset(entry_form, secret)) for entry_form in use_case.entry_forms)
    matches = tuple(
        FormMatch(_of_keys(entry_form, preset, secret.keys or ()), preset)
        for entry_form, preset in presets
        if preset is not None
    )
    return matches or (key_rows_of(secret),)


def _preset(entry_form: EntryForm, secret: Secret) -> int | None:
    presets = (number for number in range(len(entry_form.presets) or 1) if _covers(entry_form, number, secret))
    return next(presets, None)


def _covers(entry_form: EntryForm, preset: int, secret: Secret) -> bool:
    if entry_form.rows_name_keys:
        return False
    keys = entry_form.keys(entry_form.presets[preset] if entry_form.presets else None)
    wanted = {keys[field.name] for field in entry_form.fields if field.required} - {""}
    known = set(secret.keys or ())
    return wanted <= known <= set(keys.values())


def _of_keys(entry_form: EntryForm, preset: int, known: Collection[str]) -> EntryForm:
    """Return a form with empty fields, and without the values made of several fields that the secret has no key for.

    Defaults are removed, since they would count as entered values.
    """
    keys = entry_form.keys(entry_form.presets[preset] if entry_form.presets else None)
    made = {name: key for name, key in entry_form.made_keys.items() if keys[name] in known}
    if not entry_form.made_keys:
        return entry_form
    fields = tuple(_empty(field) if keys[field.name] else field for field in entry_form.fields)
    if made:
        return entry_form._replace(fields=fields)
    alone = tuple(field._replace(follows=None) for field in fields if keys[field.name])
    return entry_form._replace(fields=alone, encode=one_key_a_field, made_keys={})


def _empty(field: Field) -> Field:
    follows = field.follows
    if not follows:
        return field._replace(default="")
    adapt = follows.adapt
    return field._replace(
        default="", follows=Follow(follows.name, lambda other, value: adapt(other, value)._replace(default=""))
    )


def _rows(use_case: UseCase, secret: Secret) -> tuple[KeyRow, ...]:
    keys = secret.keys or ()
    return tuple(KeyRow(key, _value_field(use_case, key, alone=len(keys) == 1)) for key in keys)


def _value_field(use_case: UseCase, key: str, *, alone: bool) -> Field:
    """Return the field that matches a key of a secret, as the value of a row."""
    value = _FALLBACK.entry_forms[0].fields[1]._replace(required=True)
    if use_case.fallback:
        return value
    field = _field_named(use_case, key) or (_only_field(use_case) if alone else None)
    if not field:
        return value._replace(check=problems.check_line_end)
    return field._replace(name=value.name, key="", required=True, masked=True, default="", follows=None)


def field_name_of(use_case: UseCase, key: str, *, alone: bool) -> str:
    """Return the name of the field that matches a key of a secret, which may be its only one; empty where none does."""
    field = _field_named(use_case, key) or (_only_field(use_case) if alone else None)
    return field.name if field else ""


def _field_named(use_case: UseCase, key: str) -> Field | None:
    normalized = _normalized(key)
    names = ((name, field) for name, field in _names(use_case) if name and normalized.endswith(name))
    return max(names, key=lambda pair: len(pair[0]), default=("", None))[1]


def _only_field(use_case: UseCase) -> Field | None:
    return next((form.fields[0] for form in use_case.entry_forms if len(form.fields) == 1 and not form.one_value), None)


def _names(use_case: UseCase) -> Iterator[tuple[str, Field]]:
    for entry_form in use_case.entry_forms:
        for field in () if entry_form.one_value else entry_form.fields:
            names = {field.name, field.key, field.variable, field.title}
            names |= {preset.keys.get(field.name, "") for preset in entry_form.presets}
            yield from ((_normalized(name), field) for name in names)


def _normalized(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


_FALLBACK = next(use_case for use_case in USE_CASES if use_case.fallback)
