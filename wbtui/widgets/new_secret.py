"""All that is entered to make a secret: its name, its use case, its values, and what else it carries."""

from collections import Counter
from collections.abc import Container

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from wbtui.domain.draft import Draft
from wbtui.domain.names import label_problem, name_problem, suggested_name
from wbtui.domain.problems import Problem
from wbtui.domain.text import plain, shortened
from wbtui.domain.use_cases import USE_CASES, UseCase, Way
from wbtui.widgets.line import TitledLine
from wbtui.widgets.picker import Picker
from wbtui.widgets.values_form import ValuesForm

_LONGEST = 200
"""Characters of the names of keys in the summary."""


class NewSecret(VerticalScroll):
    """The form of a new secret; what is entered for one use case stays while another is looked at."""

    class Changed(Message):
        """Something was entered or chosen."""

    def __init__(self, namespace: str, creator: str, taken: Container[str], use_case: UseCase) -> None:
        super().__init__(can_focus=False)
        self._namespace = namespace
        self._creator = creator
        self._taken = taken
        self._use_case = use_case
        self._suggested = ""
        self._complaint = ""
        self._forms: dict[tuple[str, str], ValuesForm] = {}
        self._name_line = TitledLine("Name", id="name")
        self._label_line = TitledLine("Labels (optional)", id="labels", placeholder="as in team=a stage=test")
        self._summary = Static(id="summary", markup=False)
        self._use_cases = Picker([known.title for known in USE_CASES], id="use-case")
        self._ways = Picker([], id="way")
        self._immutable = Picker(["yes", "no: immutable, it can only be deleted"], id="immutable")

    def compose(self) -> ComposeResult:
        """Lay out the parts from top to bottom."""
        yield self._name_line
        with Horizontal(classes="field"):
            yield Static("Use case", classes="label", markup=False)
            yield self._use_cases
        with Horizontal(classes="field", id="ways"):
            yield Static("Enter as", classes="label", markup=False)
            yield self._ways
        yield Static(id="advice", markup=False)
        yield Vertical(id="values")
        yield self._label_line
        with Horizontal(classes="field"):
            yield Static("Can be changed", classes="label", markup=False)
            yield self._immutable
        yield self._summary

    async def on_mount(self) -> None:
        self.screen.set_focus(self._name_line.line)
        self._use_cases.position = USE_CASES.index(self._use_case)
        await self._choose(self._use_case)

    @property
    def secret_name(self) -> str:
        """Return the name as it is now."""
        return self._name_line.line.value.strip()

    @property
    def way(self) -> Way:
        """Return the way in which the values are entered."""
        return self._use_case.ways[self._ways.position]

    @property
    def values(self) -> ValuesForm:
        """Return the form of the values that is shown."""
        return self._forms[self._use_case.value, self.way.title]

    @property
    def touched(self) -> bool:
        """Tell whether anything was entered that would be lost."""
        lines = self.secret_name != self._suggested or bool(self._pairs())
        return lines or any(form.touched for form in self._forms.values())

    def draft(self) -> Draft:
        """Return what the form holds, its values sealed."""
        return Draft(
            namespace=self._namespace,
            name=self.secret_name,
            use_case=self._use_case,
            way=self.way,
            entries=self.values.sealed(),
            keys=self.values.keys(),
            creator=self._creator,
            immutable=self._immutable.position == 1,
            labels=dict(self._pairs()),
        )

    def empty(self) -> None:
        """Let go of every value, also of those that are not shown."""
        for form in self._forms.values():
            form.empty()

    def problems(self) -> list[tuple[Widget, str, Problem]]:
        """Return all that is wrong or odd as it is to be saved: where, what that is called, and what; and show it."""
        self._complaint = ""
        lines = [(self._name_line, self.name_problem()), (self._label_line, self.labels_problem())]
        wrong = [(line.line, line.title, Problem(text)) for line, text in lines if text]
        return wrong + [(row.value, row.field.title, problem) for row, problem in self.values.problems()]

    def name_problem(self, complaint: str = "") -> str:
        """Show and return what is wrong with the name, by the rule, by the list, or by the cluster."""
        self._complaint = complaint or self._complaint
        taken = f"there is a secret {self.secret_name} in {plain(self._namespace)} already"
        text = name_problem(self.secret_name) or (taken if self.secret_name in self._taken else self._complaint)
        self._name_line.complain(text)
        return text

    def labels_problem(self, complaint: str = "") -> str:
        """Show and return what is wrong with the labels."""
        counts = Counter(key for key, _ in self._pairs())
        twice = next((f"{key} is there twice" for key, count in counts.items() if count > 1), "")
        wrong = (label_problem(key, value) for key, value in self._pairs())
        text = plain(complaint or next(filter(None, wrong), twice))
        self._label_line.complain(text)
        return text

    def _pairs(self) -> list[tuple[str, str]]:
        pairs = (part.partition("=") for part in self._label_line.line.value.split())
        return [(key, value) for key, _, value in pairs]

    async def _choose(self, use_case: UseCase) -> None:
        self._use_case = use_case
        self._ways.offer([way.title for way in use_case.ways])
        self.query_one("#ways").display = len(use_case.ways) > 1
        advice = f"For {use_case.serves}. {use_case.advice}"
        self.query_one("#advice", Static).update(Content.assemble(advice, (f"\n{use_case.link}", "dim")))
        self._suggest()
        await self._show_form()

    def _suggest(self) -> None:
        if self.secret_name == self._suggested:
            self._suggested = suggested_name(self._use_case.stem, self._taken)
            self._name_line.line.value = self._suggested

    async def _show_form(self) -> None:
        chosen = (self._use_case.value, self.way.title)
        if chosen not in self._forms:
            self._forms[chosen] = ValuesForm(self.way)
            await self.query_one("#values").mount(self._forms[chosen])
        for other, form in self._forms.items():
            form.display = other == chosen
        self._refresh()

    def _refresh(self) -> None:
        keys = shortened(", ".join(self.values.made_keys()) or "as named above", _LONGEST)
        parts = [
            f"Will be made in {plain(self._namespace)}: type {self._use_case.type}, use case {self._use_case.value},",
            f"keys {plain(keys)}, created by {plain(self._creator) or 'nobody known'}.",
        ]
        if self._summary.content != (text := " ".join(parts)):
            self._summary.update(text)
        self.post_message(self.Changed())

    @on(Picker.Picked, "#use-case")
    async def _use_case_picked(self, event: Picker.Picked) -> None:
        await self._choose(USE_CASES[event.position])

    @on(Picker.Picked, "#way")
    async def _way_picked(self) -> None:
        await self._show_form()

    @on(Input.Changed, "#name")
    def _name_changed(self) -> None:
        self._complaint = ""
        self.name_problem()
        self.post_message(self.Changed())

    @on(Input.Changed, "#labels")
    def _labels_changed(self) -> None:
        self.labels_problem()
        self.post_message(self.Changed())

    @on(ValuesForm.Changed)
    def _values_changed(self) -> None:
        self._refresh()
