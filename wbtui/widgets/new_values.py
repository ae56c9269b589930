"""All that is entered to replace the values of a secret."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from wbtui.domain.draft import Draft
from wbtui.domain.fitting import fit_for
from wbtui.domain.problems import Problem
from wbtui.domain.replacement import Replacement
from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.domain.use_cases import USE_CASES, find_use_case, named_rows, one_key_a_field
from wbtui.widgets.field_row import FieldRow
from wbtui.widgets.picker import Picker
from wbtui.widgets.values_form import ValuesForm


class NewValues(VerticalScroll):
    """The form of the secret's use case, empty, with the names of its keys; and what else may be put right."""

    class Changed(Message):
        """Something was entered or chosen."""

    def __init__(self, secret: Secret) -> None:
        super().__init__(can_focus=False)
        self.secret = secret
        fit = fit_for(secret)
        self._use_case = fit.use_case
        self.values = ValuesForm(fit.way, fit.preset, fit.rows)
        self._may_be_partial = fit.way.encode in {one_key_a_field, named_rows}
        self._extent = Picker(["all keys: others go", "only the keys entered"], id="extent")
        self._fitting = [known for known in USE_CASES if known.type == secret.type]
        self._label = Picker(["as it is", *(known.title for known in self._fitting)], id="label")
        self._copy = Picker(["take it away", "leave it"], id="copy")

    def compose(self) -> ComposeResult:
        """Lay out the parts from top to bottom."""
        yield Static(self._about(), id="advice", markup=False)
        if self._may_be_partial:
            yield from self._titled("Replace", self._extent)
        yield self.values
        if self._fitting and (not find_use_case(self.secret.use_case) or self.secret.old_label):
            yield from self._titled("Use case", self._label)
        if self.secret.copied_in_annotation:
            yield from self._titled("Annotation", self._copy)

    def on_mount(self) -> None:
        row = self.values.rows[0]
        (self.values.rows[1] if row.touched or row.length else row).value.focus()

    @property
    def touched(self) -> bool:
        """Tell whether anything was entered that would be lost."""
        return self.values.touched

    @property
    def partly(self) -> bool:
        """Tell whether keys that are not entered are to stay."""
        return self._may_be_partial and self._extent.position == 1

    def problems(self) -> list[tuple[Widget, str, Problem]]:
        """Return all that is wrong or odd as it is to be saved: where, what that is called, and what; and show it."""
        found = self.values.problems(partly=self.partly)
        wrong: list[tuple[Widget, str, Problem]] = [(row.value, row.field.title, problem) for row, problem in found]
        wrong += [(row.value, "Values", Problem(text)) for row, text in self._nameless()]
        replacement = self.replacement()
        if not (wrong or replacement.draft.data() or replacement.adopt or replacement.clean):
            return [(self.values.rows[-1].value, "Values", Problem("nothing was entered"))]
        text = self._difference(replacement)
        return wrong + ([(self.values.rows[0].value, "Keys", Problem(text, blocks=False))] if text else [])

    def empty(self) -> None:
        """Let go of every value."""
        self.values.empty()

    def replacement(self) -> Replacement:
        """Return what the form holds, its values sealed."""
        adopted = self._fitting[self._label.position - 1] if self._label.position else None
        entries = self.values.sealed()
        if self.partly and self.values.way.encode is named_rows:
            entries = tuple(entry for entry in entries if len(entry["value"]))
        secret = self.secret
        draft = Draft(
            namespace=secret.namespace,
            name=secret.name,
            use_case=adopted or self._use_case,
            way=self.values.way,
            entries=entries,
            keys=self.values.keys(),
            creator="" if secret.creator_is_hint else secret.creator,
            immutable=secret.immutable,
            labels=secret.labels,
        )
        clean = secret.copied_in_annotation and self._copy.position == 0
        return Replacement(secret, draft, not self.partly, adopt=adopted is not None, clean=clean)

    def _nameless(self) -> list[tuple[FieldRow, str]]:
        # A value without a name would be left behind unsaid.
        pairs = [entry.rows for entry in self.values.entries if self.values.way.encode is named_rows]
        return [(key, "a value has no key") for key, value in pairs if value.length and not key.length]

    def _difference(self, replacement: Replacement) -> str:
        data = replacement.draft.data()
        if self.secret.keys is None or not data:
            return ""
        gone = [] if self.partly else sorted(set(self.secret.keys) - set(data))
        new = sorted(set(data) - set(self.secret.keys))
        said = (
            f"{word} {plain(', '.join(keys))}" for word, keys in (("would go:", gone), ("would be new:", new)) if keys
        )
        return "; ".join(said)

    def _about(self) -> str:
        secret = self.secret
        keys = "not known" if secret.keys is None else plain(", ".join(secret.keys)) or "none"
        kind = plain(secret.use_case) or "none"
        text = f"New values for {plain(secret.name)} in {plain(secret.namespace)}: use case {kind}, keys {keys}."
        return f"{text} The values it has are not read."

    def _titled(self, title: str, picker: Picker) -> ComposeResult:
        with Horizontal(classes="field"):
            yield Static(title, classes="label", markup=False)
            yield picker

    @on(ValuesForm.Changed)
    @on(Picker.Picked)
    def _changed(self) -> None:
        self.post_message(self.Changed())
