"""New values for secrets that exist: what goes where in each of them, and what that would change beside the values."""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from wbtui.commands.asking import ask_for
from wbtui.commands.filling import FilledForm, Misfit, fitted
from wbtui.commands.sources import Given, Value
from wbtui.commands.writing import WritingPlace
from wbtui.domain.batch import key_changes
from wbtui.domain.draft import Draft
from wbtui.domain.form_matches import FormMatch, key_rows_of, offers_for, use_case_of
from wbtui.domain.problems import Problem
from wbtui.domain.replacement import Replacement
from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.domain.use_cases.model import EntryForm, Preset
from wbtui.errors import Forbidden
from wbtui.startup.streams import say

_TYPED = "what was typed"


class Extent(NamedTuple):
    """Which keys are written: with `all_keys`, those that get no value are deleted; a new secret needs all of them.

    `expires` is when the values expire, where that is known.
    """

    all_keys: bool = False
    new_secret: bool = False
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class FilledValues:
    """New values for one secret, as it was found."""

    secret: Secret
    form: FilledForm
    extent: Extent

    @property
    def replacement(self) -> Replacement:
        """Return the replacement, its values sealed."""
        secret, form = self.secret, self.form
        draft = Draft(
            namespace=secret.namespace,
            name=secret.name,
            use_case=None,
            type=secret.type,
            entry_form=form.entry_form,
            entries=form.entries(),
            keys={**form.keys, **dict.fromkeys(self._unmade, "")},
            creator=secret.recorded_creator,
            immutable=secret.immutable,
            expires=self.extent.expires,
        )
        return Replacement(secret, draft, self.extent.all_keys, clean=secret.copied_in_annotation)

    def notes(self) -> Iterator[str]:
        """Yield what else there is to know about writing them."""
        yield from (sync.sentence for sync in self.secret.syncs)
        dates = self.replacement.date_change(tuple(self.replacement.draft.data()))
        if None in dates.values() and not self.extent.new_secret:
            yield "The date of its expiry is removed, as it was that of the old values; --expires sets another one."

    @property
    def _unmade(self) -> Sequence[str]:
        """Return the names of the values that are made of several fields, where not all of these are entered."""
        named = [one.name for one in self.form.entry_form.fields if self.form.keys.get(one.name)]
        whole = all(name in self.form.values for name in named)
        return () if whole else tuple(self.form.entry_form.made_keys)

    def problems(self) -> Iterator[tuple[str, Problem]]:
        """Yield what is wrong or odd: with values, and with what else they would change."""
        found = [*self.form.problems(), *self._missing()]
        yield from found
        if any(problem.blocks for _, problem in found):  # what is not whole cannot be made into data
            return
        data = self.replacement.draft.data()
        if not data:
            yield "Values", Problem("nothing was entered")
            return
        yield from (("Keys", Problem(words, blocks=False)) for words in self._side_effects(tuple(data)))

    def _missing(self) -> Iterator[tuple[str, Problem]]:
        if self.extent.new_secret:
            for name, field in self.form.missing():
                yield (
                    self.form.title(name, field),
                    Problem("it is missing: a new secret needs all keys"),
                )

    def _side_effects(self, written: Sequence[str]) -> Iterator[str]:
        form, known = self.form.entry_form, self.secret.keys or ()
        if form.one_value and form.repeats:
            yield f"{', '.join(written)} is one value, so logins of registries that are not entered here are deleted"
        if left := sorted({self.form.keys[name] for name in self._unmade} & set(known)):
            yield f"{', '.join(left)} does not change, because it is made of all parts"
        for field in form.fields if form.made_keys and not self._unmade else ():
            if not self.form.keys.get(field.name) and field.name not in self.form.values:
                yield f"{', '.join(form.made_keys.values())} is made for {field.title} {field.default}"
        if changes := key_changes(self.replacement, written):
            yield changes


def new_values(options: Namespace, secret: Secret, given: Given, extent: Extent) -> FilledValues:
    """Return the given values as they go into a secret. Raises `Misfit`."""
    forms = list(_forms(options.preset, secret, extent))
    if not forms:
        raise Misfit(f"--preset: there is no {options.preset} for this secret")
    if secret.keys is None and not (given.keys and not given.fields and not given.variables):
        raise Misfit("its keys are not known: name them with --from-file KEY=FILE")
    form = fitted(given, use_case_of(secret), forms)
    if extent.all_keys or extent.new_secret:
        form.fill_defaults()
    return FilledValues(secret, form, extent)


def _forms(preset: str, secret: Secret, extent: Extent) -> Iterator[FilledForm]:
    """Yield the forms that fit a secret, then the one with a row for each key."""
    whole = extent.all_keys or extent.new_secret
    for match in offers_for(secret)[0].matches:
        form = match.entry_form
        presets = [one for one in form.presets if one.title.casefold() == preset.casefold()]
        if presets or not preset:
            yield _empty(match, presets[0] if presets else _preset_of(form, match.preset), whole=whole)
    if not preset:
        yield _empty(key_rows_of(secret), None, whole=whole)


def _preset_of(form: EntryForm, position: int) -> Preset | None:
    return form.presets[position] if form.presets else None


def _empty(match: FormMatch, preset: Preset | None, *, whole: bool) -> FilledForm:
    form = match.entry_form
    return FilledForm(match, form.keys(preset), partly=not whole and not form.one_value)


async def typed_values(place: WritingPlace, options: Namespace, secret: Secret, extent: Extent) -> Given:
    """Ask for the values of a secret; an empty answer leaves a key as it is. Raises `Misfit`, and `NoAnswer`."""
    form = next(_forms(options.preset, secret, extent), None)
    names = _asked(form, secret, extent) if form else []
    if not form or not names:
        raise Misfit("its keys are not known: name them with --from-file KEY=FILE")
    if missing := await place.cluster.refusal("patch", secret.namespace, secret.name):
        raise Forbidden(f"{secret.name} cannot be changed: {missing}")
    say(plain(f"New values for {secret.names} in {secret.namespace}. Its present values are not read."))
    await ask_for(form, names, optional=form.partly)
    typed = {name: Value(content, _TYPED) for name, content in form.values.items()}
    return Given({}, typed, {}) if form.entry_form.rows_name_keys else Given(typed, {}, {})


def _asked(form: FilledForm, secret: Secret, extent: Extent) -> list[str]:
    """Return the fields to ask for: those that the secret has keys for, or all that are needed."""
    if form.entry_form.one_value or extent.new_secret:
        return [name for name, field in form.fields() if field.required and not field.default]
    known = set(secret.keys or ())
    if form.entry_form.rows_name_keys:
        return [name for name, _ in form.fields()]
    return [name for name, _ in form.fields() if form.keys.get(name) in known]
