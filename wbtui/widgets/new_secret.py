"""All that is entered to make a secret: its name, its use case, its values, and what else it carries."""

from collections.abc import Container

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from wbtui.domain.draft import Draft
from wbtui.domain.names import label_problem, name_problem, suggested_name
from wbtui.domain.text import plain
from wbtui.domain.use_cases import USE_CASES, UseCase, Way
from wbtui.widgets.picker import Picker
from wbtui.widgets.values_form import ValuesForm


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
        self._forms: dict[tuple[str, str], ValuesForm] = {}
        self._complaint = ""

    def compose(self) -> ComposeResult:
        """Lay out the parts from top to bottom."""
        with Horizontal(classes="field"):
            yield Static("Name", classes="label", markup=False)
            yield Input(id="name", compact=True)
        yield Static(id="name-problem", classes="problem blocks", markup=False)
        with Horizontal(classes="field"):
            yield Static("Use case", classes="label", markup=False)
            yield Picker([use_case.title for use_case in USE_CASES], id="use-case")
        with Horizontal(classes="field", id="ways"):
            yield Static("Enter as", classes="label", markup=False)
            yield Picker([], id="way")
        yield Static(id="advice", markup=False)
        yield Vertical(id="values")
        with Horizontal(classes="field"):
            yield Static("Labels (optional)", classes="label", markup=False)
            yield Input(id="labels", compact=True, placeholder="team=a stage=test")
        yield Static(id="labels-problem", classes="problem blocks", markup=False)
        with Horizontal(classes="field"):
            yield Static("Can be changed", classes="label", markup=False)
            yield Picker(["yes", "no: immutable, it can only be deleted"], id="immutable")
        yield Static(id="summary", markup=False)

    def on_mount(self) -> None:
        self.query_one("#use-case", Picker).position = USE_CASES.index(self._use_case)
        self._choose(self._use_case)
        self.query_one("#name", Input).focus()

    @property
    def secret_name(self) -> str:
        """Return the name as it is now."""
        return self.query_one("#name", Input).value.strip()

    @property
    def way(self) -> Way:
        """Return the way in which the values are entered."""
        return self._use_case.ways[self.query_one("#way", Picker).position]

    @property
    def values(self) -> ValuesForm:
        """Return the form of the values that is shown."""
        return self._forms[self._use_case.value, self.way.title]

    @property
    def touched(self) -> bool:
        """Tell whether anything was entered that would be lost."""
        return self.secret_name != self._suggested or any(form.touched for form in self._forms.values())

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
            immutable=self.query_one("#immutable", Picker).position == 1,
            labels=dict(self._labels()),
        )

    def empty(self) -> None:
        """Let go of every value, also of those that are not shown."""
        for form in self._forms.values():
            form.empty()

    def name_is_wrong(self, complaint: str = "") -> bool:
        """Show what is wrong with the name, by the rule, by the list, or by the cluster; False where nothing is."""
        self._complaint = complaint or self._complaint
        name = self.secret_name
        text = name_problem(name) or self._complaint
        if not text and name in self._taken:
            text = f"there is a secret {name} in {plain(self._namespace)} already"
        self._show("#name-problem", text)
        return bool(text)

    def labels_are_wrong(self, complaint: str = "") -> bool:
        """Show what is wrong with the labels; False where nothing is."""
        wrong = complaint or next(filter(None, (label_problem(key, value) for key, value in self._labels())), "")
        self._show("#labels-problem", wrong)
        return bool(wrong)

    def _labels(self) -> list[tuple[str, str]]:
        pairs = (part.partition("=") for part in self.query_one("#labels", Input).value.split())
        return [(key, value) for key, _, value in pairs]

    def _show(self, selector: str, text: str) -> None:
        line = self.query_one(selector, Static)
        line.display = bool(text)
        line.update(f"{text[:1].upper()}{text[1:]}." if text else "")

    def _choose(self, use_case: UseCase) -> None:
        self._use_case = use_case
        self.query_one("#way", Picker).offer([way.title for way in use_case.ways])
        self.query_one("#ways").display = len(use_case.ways) > 1
        advice = f"For {use_case.serves}. {use_case.advice}"
        self.query_one("#advice", Static).update(Content.assemble(advice, (f" {use_case.link}", "dim")))
        self._suggest()
        self._show_form()

    def _suggest(self) -> None:
        bar = self.query_one("#name", Input)
        if bar.value.strip() == self._suggested:
            self._suggested = suggested_name(self._use_case.stem, self._taken)
            bar.value = self._suggested

    @work(exclusive=True)
    async def _show_form(self) -> None:
        key = (self._use_case.value, self.way.title)
        if key not in self._forms:
            self._forms[key] = ValuesForm(self.way)
            await self.query_one("#values").mount(self._forms[key])
        for other, form in self._forms.items():
            form.display = other == key
        self._refresh()

    def _refresh(self) -> None:
        self.name_is_wrong()
        self.labels_are_wrong()
        keys = ", ".join(self.values.made_keys()) or "as named above"
        parts = [
            f"Will be made in {plain(self._namespace)}: type {self._use_case.type}, use case {self._use_case.value},",
            f"keys {keys}, created by {plain(self._creator) or 'nobody known'}.",
        ]
        self.query_one("#summary", Static).update(" ".join(parts))
        self.post_message(self.Changed())

    @on(Picker.Picked, "#use-case")
    def _use_case_picked(self, event: Picker.Picked) -> None:
        self._choose(USE_CASES[event.position])

    @on(Picker.Picked, "#way")
    def _way_picked(self) -> None:
        self._show_form()

    @on(Input.Changed, "#name")
    def _name_changed(self) -> None:
        self._complaint = ""
        self.name_is_wrong()
        self.post_message(self.Changed())

    @on(Input.Changed, "#labels")
    def _labels_changed(self) -> None:
        self.labels_are_wrong()

    @on(ValuesForm.Changed)
    def _values_changed(self) -> None:
        self._refresh()
