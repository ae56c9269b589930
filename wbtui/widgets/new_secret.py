"""The form of a new secret: its name, use case, values and labels."""

from collections import Counter
from collections.abc import Callable, Container

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from wbtui.domain.clock import Clock
from wbtui.domain.draft import Draft
from wbtui.domain.form_matches import new_offers
from wbtui.domain.names import label_problem
from wbtui.domain.problems import Problem
from wbtui.domain.text import first_of, plain, shortened
from wbtui.domain.use_cases.model import UseCase
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.widgets.chosen_projects import ChosenProjects
from wbtui.widgets.content_changed import ContentChanged
from wbtui.widgets.credential_form import CredentialForm
from wbtui.widgets.expiry_line import ExpiryLine
from wbtui.widgets.form_area import FormProblem
from wbtui.widgets.line import TitledLine
from wbtui.widgets.new_name import NewName
from wbtui.widgets.picker import Picker
from wbtui.widgets.titled import titled
from wbtui.widgets.use_case_values import UseCaseValues

_LONGEST = 200
"""Characters of the names of keys in the summary."""


class _TakenIn:
    """The names that are taken in a project, for as long as that is among the chosen ones."""

    def __init__(self, namespace: str, taken: Container[str], chosen: ChosenProjects) -> None:
        self._namespace = namespace
        self._taken = taken
        self._chosen = chosen

    def __contains__(self, name: object) -> bool:
        return self._namespace in self._chosen.projects and name in self._taken


class NewSecret(CredentialForm):
    """The form of a new secret; `taken` has the names of the secrets of a project, in which it is created at first."""

    def __init__(
        self, namespace: str, creator: Callable[[], str], taken: Container[str], use_case: UseCase, now: Clock
    ) -> None:
        super().__init__(UseCaseValues(new_offers(), USE_CASES.index(use_case)))
        self._namespace = namespace
        self._creator = creator
        self._projects = ChosenProjects((namespace,), id="projects")
        known = _TakenIn(namespace, taken, self._projects)
        self.name_lines = NewName(known, lambda name: f"there is a secret {name} in {plain(namespace)} already")
        self.expiry_line = ExpiryLine(now)
        self._label_line = TitledLine("Labels (optional)", id="labels", placeholder="as in team=a stage=test")
        self._summary = Static(id="summary", markup=False)
        self._immutable = Picker(["yes", "no: immutable, it can only be deleted"], id="immutable")

    def compose(self) -> ComposeResult:
        """Lay out the parts from top to bottom."""
        yield self.name_lines
        yield self._offers
        yield self.expiry_line
        yield self._label_line
        yield titled("Can be changed", self._immutable)
        yield titled("Projects", self._projects)
        yield self._summary

    def on_mount(self) -> None:
        self._refresh()

    @property
    def touched(self) -> bool:
        """Return whether anything was entered that would be lost."""
        return self.name_lines.touched or bool(self._pairs()) or self.expiry_line.touched or self._offers.touched

    @property
    def projects(self) -> tuple[str, ...]:
        """Return the projects in which it is created."""
        return self._projects.projects

    def choose_projects(self, projects: tuple[str, ...]) -> None:
        """Create it in these projects."""
        self._projects.choose(projects)
        self.name_lines.check()
        self._refresh()

    def draft(self) -> Draft:
        """Return what the form holds for the first of the projects, its values sealed."""
        return Draft(
            namespace=self.projects[0],
            name=self.name_lines.kubernetes_name,
            display_name=self.name_lines.display_name,
            use_case=self._offers.offer.use_case,
            entry_form=self._offers.match.entry_form,
            entries=self.values.sealed(),
            keys=self.values.keys(),
            creator=self._creator(),
            immutable=self._immutable.position == 1,
            labels=dict(self._pairs()),
            expires=self.expiry_line.moment,
        )

    def check(self) -> list[FormProblem]:
        """Return all that is wrong or odd as it is to be saved, and show it."""
        lines = [*self.name_lines.check(saving=True), (self._label_line, self.check_labels())]
        wrong = [FormProblem(line.line, line.title, Problem(text)) for line, text in lines if text]
        if date_problem := self.expiry_line.check():
            wrong.append(FormProblem(self.expiry_line.line, self.expiry_line.title, date_problem))
        return wrong + [FormProblem(row.value, row.field.title, problem) for row, problem in self.values.check()]

    def check_labels(self, complaint: str = "") -> str:
        """Show and return what is wrong with the labels."""
        counts = Counter(key for key, _ in self._pairs())
        twice = next((f"{key} is there twice" for key, count in counts.items() if count > 1), "")
        wrong = (label_problem(key, value) for key, value in self._pairs())
        text = plain(complaint or next(filter(None, wrong), twice))
        self._label_line.show_error(text)
        return text

    def _pairs(self) -> list[tuple[str, str]]:
        pairs = (part.partition("=") for part in self._label_line.line.value.split())
        return [(key, value) for key, _, value in pairs]

    @on(ContentChanged)
    def _refresh(self) -> None:
        keys = shortened(", ".join(self.values.made_keys()) or "as named above", _LONGEST)
        use_case = self._offers.offer.use_case
        self.name_lines.suggest(use_case.stem)
        self.expiry_line.propose(self.values.hidden())
        parts = [
            f"Creates in {plain(first_of(self.projects))}: type {use_case.type}, use case {use_case.value},",
            f"keys {plain(keys)}, created by {plain(self._creator()) or 'unknown'}.",
        ]
        if self._summary.content != (text := " ".join(parts)):
            self._summary.update(text)

    @on(ContentChanged, "#expires")
    def _date_changed(self) -> None:
        self.expiry_line.check()

    @on(ContentChanged, "#labels")
    def _labels_changed(self) -> None:
        self.check_labels()
