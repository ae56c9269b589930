"""The form that replaces the values of a secret."""

from collections.abc import Collection, Iterator

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from wbtui.domain.clock import Clock
from wbtui.domain.draft import Draft
from wbtui.domain.expiry import EXPIRES, expiry_of
from wbtui.domain.form_matches import offers_for
from wbtui.domain.problems import Problem
from wbtui.domain.replacement import Replacement
from wbtui.domain.secret import Secret
from wbtui.domain.text import plain, shortened
from wbtui.widgets.content_changed import ContentChanged
from wbtui.widgets.credential_form import CredentialForm
from wbtui.widgets.expiry_line import ExpiryLine
from wbtui.widgets.field_row import FieldRow
from wbtui.widgets.form_area import FormProblem
from wbtui.widgets.picker import Picker
from wbtui.widgets.titled import titled
from wbtui.widgets.use_case_values import UseCaseValues

_LONGEST = 200
"""Characters of the names of keys."""
_LONGEST_DATE = 40
"""Characters of an annotation that is no date."""


class NewValues(CredentialForm):
    """The form of the secret's use case, empty, with the names of its keys, and other fields that can be changed.

    `needs_all` says why keys that are not entered cannot stay, whatever is chosen; empty where they can. With `partly`,
    they stay unless something else is chosen.
    """

    def __init__(self, secret: Secret, prefix: str, now: Clock, *, partly: bool = False) -> None:
        super().__init__(UseCaseValues(offers_for(secret)))
        self.secret = secret
        self._prefix = prefix
        self.needs_all = ""
        self._extent = Picker(["all keys (delete the others)", "only the keys entered"], id="extent")
        self._extent.position = int(partly)
        self._expiry_line = ExpiryLine(now, expiry_of(secret.annotations))
        self._copy = Picker(["remove", "keep"], id="copy")

    def compose(self) -> ComposeResult:
        """Lay out the parts from top to bottom."""
        yield Static(self._about(), classes="advice", markup=False)
        yield titled("Replace", self._extent)
        yield self._offers
        yield self._expiry_line
        if self.secret.copied_in_annotation:
            yield titled("Annotation", self._copy)

    def on_mount(self) -> None:
        row = self.values.rows[0]
        (self.values.rows[1] if row.touched or row.length else row).value.focus()

    @property
    def touched(self) -> bool:
        """Return whether anything was entered that would be lost."""
        return self._offers.touched or self._expiry_line.touched

    @property
    def partly(self) -> bool:
        """Return whether keys that are not entered are to stay."""
        return self._extent.position == 1

    def keep_none(self) -> None:
        """Choose that keys that are not entered do not stay."""
        self._extent.action_pick(0)

    def check(self) -> list[FormProblem]:
        """Return all that is wrong or odd as it is to be saved, and show it."""
        some = self.partly and not (self.values.entry_form.one_value and self.values.touched)
        found = self.values.check(partly=some)
        wrong = [FormProblem(row.value, row.field.title, problem) for row, problem in found]
        wrong += [FormProblem(row.value, "Values", Problem(text)) for row, text in self._nameless()]
        if date_problem := self._expiry_line.check():
            wrong.append(FormProblem(self._expiry_line.line, self._expiry_line.title, date_problem))
        replacement = self.replacement()
        recreated = f"{replacement.needs_deletion}: it has to be recreated" if replacement.needs_deletion else ""
        reason = self.needs_all or recreated
        if self.partly and reason:
            wrong.append(FormProblem(self._extent, "Replace", Problem(f"{reason}, which needs all keys")))
        if any(one.problem.blocks for one in wrong):  # what is not whole cannot be made into data
            return wrong
        data = replacement.draft.data()
        if not (data or replacement.draft.use_case or replacement.clean):
            return [FormProblem(self.values.last.value, "Values", Problem("nothing was entered"))]
        place = self.values.rows[0].value
        said = (
            (place, "Keys", self._difference(data)),
            (place, "Labels", plain(replacement.label_change(self._prefix))),
            (self._expiry_line.line, "Expires", self._lost_date(replacement, data)),
        )
        return wrong + [FormProblem(where, title, Problem(text, blocks=False)) for where, title, text in said if text]

    def replacement(self) -> Replacement:
        """Return what the form holds, its values sealed."""
        secret, offer = self.secret, self._offers.offer
        draft = Draft(
            namespace=secret.namespace,
            name=secret.name,
            use_case=None if offer.as_it_is else offer.use_case,
            type=secret.type if offer.as_it_is else offer.use_case.type,
            entry_form=self.values.entry_form,
            entries=self.values.entered() if self.partly else self.values.sealed(),
            keys=self._keys(),
            creator=secret.recorded_creator,
            immutable=secret.immutable,
            expires=self._expiry_line.moment,
        )
        clean = secret.copied_in_annotation and self._copy.position == 0
        return Replacement(secret, draft, not self.partly, clean=clean)

    def _keys(self) -> dict[str, str]:
        unmade = self.values.entry_form.made_keys if self.partly and not self.values.complete else {}
        return {**self.values.keys(), **dict.fromkeys(unmade, "")}

    def _nameless(self) -> list[tuple[FieldRow, str]]:
        # A value without a name would be left behind unsaid.
        pairs = [entry.rows for entry in self.values.entries if self.values.entry_form.rows_name_keys]
        return [(key, "a value has no key") for key, value in pairs if value.length and not key.length]

    def _difference(self, data: Collection[str]) -> str:
        return "; ".join([*self._consequences(data), *self._key_changes(data)])

    def _consequences(self, data: Collection[str]) -> Iterator[str]:
        entry_form, known = self.values.entry_form, self.secret.keys or ()
        if data and entry_form.one_value and entry_form.repeats:
            yield f"{', '.join(data)} is one value, so logins of registries that are not entered here are deleted"
        left = {key for name, key in self.values.keys().items() if not self._keys()[name]} & set(known)
        if data and left:
            yield f"{', '.join(left)} does not change, because it is made of all parts"

    def _key_changes(self, data: Collection[str]) -> Iterator[str]:
        if self.secret.keys is None or not data:
            return
        gone = [] if self.partly else sorted(set(self.secret.keys) - set(data))
        new = sorted(set(data) - set(self.secret.keys))
        words = (("removed:", gone), ("added:", new))
        yield from (f"{word} {plain(', '.join(keys))}" for word, keys in words if keys)

    def _lost_date(self, replacement: Replacement, data: Collection[str]) -> str:
        if replacement.draft.expires or EXPIRES not in self.secret.annotations:
            return ""
        date = plain(shortened(self.secret.annotations[EXPIRES], _LONGEST_DATE))
        goes = bool(replacement.needs_deletion or self.needs_all or replacement.date_change(data))
        return f"{date} is of the old values, and not kept" if goes else f"{date} stays: not all values are replaced"

    def _about(self) -> str:
        secret = self.secret
        keys = "not known" if secret.keys is None else plain(shortened(", ".join(secret.keys), _LONGEST)) or "none"
        kind = plain(secret.use_case) or "none"
        text = f"New values for {plain(secret.names)} in {plain(secret.namespace)}: use case {kind}, keys {keys}."
        synced = "".join(f" {plain(sync.sentence)}" for sync in secret.syncs)
        return f"{text} Its present values are not read.{synced}"

    @on(ContentChanged)
    def _propose_date(self) -> None:
        self._expiry_line.propose(self.values.hidden())

    @on(ContentChanged, "#extent")
    def _forget_what_is_missing(self) -> None:
        self.values.check_again()
