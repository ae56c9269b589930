"""A form of a use case that is filled in without a screen, and what is wrong with what it holds."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from wbtui.commands.sources import Given, Value
from wbtui.domain.form_matches import FormMatch, field_name_of
from wbtui.domain.names import LARGEST_SECRET
from wbtui.domain.problems import Problem
from wbtui.domain.sealed import Sealed
from wbtui.domain.use_cases.model import EntryForm, Field, UseCase


class Misfit(Exception):
    """Values that do not go together, or into no form; the text names their flags."""


@dataclass(frozen=True, slots=True)
class FilledForm:
    """The values of a form by the names of its fields; by key where its rows name keys.

    `keys` has the key of each field. With `partly`, what is not entered is not wrong: it stays as it is.
    """

    match: FormMatch
    keys: Mapping[str, str]
    partly: bool = False
    values: dict[str, Sealed] = field(default_factory=dict)

    @property
    def entry_form(self) -> EntryForm:
        """Return the form."""
        return self.match.entry_form

    def fields(self) -> Iterator[tuple[str, Field]]:
        """Yield each field by its name, as it is for the values so far; for rows that name keys, by key."""
        if self.entry_form.rows_name_keys:
            known = {row.key: row.value for row in self.match.rows}
            for key in dict.fromkeys((*known, *self.values)):
                yield key, known.get(key, self.entry_form.fields[1])
            return
        for one in self.entry_form.fields:
            if one.follows:
                other = self.values.get(one.follows.name, Sealed()).unsealed().decode(errors="replace")
                yield one.name, one.follows.adapt(one, other)
            else:
                yield one.name, one

    def title(self, name: str, of_field: Field) -> str:
        """Return what a field is called."""
        return f"{of_field.title} of {name}" if self.entry_form.rows_name_keys else of_field.title

    def fill(self, given: Mapping[str, Value]) -> None:
        """Take values, without the line end that a single line has in a file."""
        self.values.update({name: value.content for name, value in given.items()})
        for name, one in list(self.fields()):
            if name in given:
                self.values[name] = _trimmed(one, given[name].content)

    def fill_defaults(self) -> None:
        """Take the default of each field that has one and no value."""
        for name, one in list(self.fields()):
            if one.default and name not in self.values:
                self.values[name] = Sealed(one.default.encode())

    def missing(self) -> list[tuple[str, Field]]:
        """Return the fields that need a value, and have none."""
        return [(name, one) for name, one in self.fields() if one.required and name not in self.values]

    def problems(self) -> Iterator[tuple[str, Problem]]:
        """Yield what is wrong or odd, with the title of the field; no value is quoted."""
        for name, one in self.fields():
            if problem := self.problem(name, one):
                yield self.title(name, one), problem
        total = sum(map(len, self.values.values()))
        if total > LARGEST_SECRET >= max(map(len, self.values.values())):
            yield "Values", Problem(f"together {total:,} bytes, where a secret holds at most {LARGEST_SECRET:,}")

    def problem(self, name: str, of_field: Field) -> Problem | None:
        """Return what is wrong with the value of a field."""
        value = self.values.get(name, Sealed()).unsealed()
        if value:
            return of_field.problem(value)
        if self.entry_form.rows_name_keys and name not in self.values:
            return None
        if self.partly:  # a field that is left empty stays as it is
            is_missing = name in self.values and not (self.entry_form.rows_name_keys and of_field.may_be_empty)
        else:
            is_missing = of_field.required and not of_field.may_be_empty
        return Problem("it is empty") if is_missing else None

    def entries(self) -> tuple[dict[str, Sealed], ...]:
        """Return the content of the form, sealed."""
        if self.entry_form.rows_name_keys:
            key, value = self.entry_form.fields
            return tuple({key.name: Sealed(name.encode()), value.name: one} for name, one in self.values.items())
        return ({one.name: self.values.get(one.name, Sealed()) for one in self.entry_form.fields},)


def _trimmed(of_field: Field, content: Sealed) -> Sealed:
    if of_field.multiline or of_field.binary:
        return content
    return Sealed(content.unsealed().removesuffix(b"\n").removesuffix(b"\r"))


FieldOf = Callable[[str], str]
"""Returns the field, or the key, that a name means in a form; empty where it means none."""


def fitted(given: Given, use_case: UseCase, forms: Iterable[FilledForm]) -> FilledForm:
    """Return the first form into which all values go, filled. Raises `Misfit`."""
    nowhere: set[str] | None = None
    for form in forms:
        values, misfits = _placed(given, use_case, form)
        if not misfits:
            form.fill(values)
            return form
        nowhere = misfits if nowhere is None else nowhere & misfits
    if nowhere:
        raise Misfit(f"{min(nowhere)} gives what {use_case.value} has no place for")
    raise Misfit("these flags do not go together")


def _placed(given: Given, use_case: UseCase, form: FilledForm) -> tuple[dict[str, Value], set[str]]:
    """Return the values by where they go in a form, and the flags of those that go nowhere. Raises `Misfit`."""
    found: dict[str, Value] = {}
    misfits: set[str] = set()
    alone = len(given.variables) == 1
    for names, place in (
        (given.fields, _field_place(form, use_case)),
        (given.keys, _key_place(form)),
        (given.variables, _variable_place(form, use_case, alone=alone)),
    ):
        for name, value in names.items():
            target = place(name)
            if not target:
                misfits.add(value.flag)
            elif target in found:
                raise Misfit(f"{found[target].flag} and {value.flag} give the same value")
            else:
                found[target] = value
    return found, misfits


def _field_place(form: FilledForm, use_case: UseCase) -> FieldOf:
    if not form.entry_form.rows_name_keys:
        names = {one.name for one in form.entry_form.fields}
        return lambda name: name if name in names else ""
    rows = [row.key for row in form.match.rows]
    fields = [field_name_of(use_case, key, alone=len(rows) == 1) for key in rows]
    return lambda name: rows[fields.index(name)] if fields.count(name) == 1 else ""


def _key_place(form: FilledForm) -> FieldOf:
    if form.entry_form.rows_name_keys:
        return lambda key: key
    by_key = {form.keys[one.name]: one.name for one in form.entry_form.fields if form.keys.get(one.name)}
    return lambda key: by_key.get(key, "")


def _variable_place(form: FilledForm, use_case: UseCase, *, alone: bool) -> FieldOf:
    if form.entry_form.rows_name_keys:
        known, of_field = {row.key for row in form.match.rows}, _field_place(form, use_case)
        if use_case.fallback:
            return lambda name: name
        # A file may have more variables than a secret has keys: what names none of these adds no key.
        return lambda name: name if name in known else of_field(field_name_of(use_case, name, alone=alone))
    of_key, names = _key_place(form), {one.name for one in form.entry_form.fields}

    def place(name: str) -> str:
        found = of_key(name) or field_name_of(use_case, name, alone=alone)
        return found if found in names else ""

    return place
