"""The form of a rotation: new values, and whether they are written in place or under a new name."""

from collections.abc import Container

from textual import on
from textual.app import ComposeResult

from wbtui.domain.clock import Clock
from wbtui.domain.display_name import kubernetes_name_problem
from wbtui.domain.handover import dated_name, next_name
from wbtui.domain.problems import Problem
from wbtui.domain.secret import Secret
from wbtui.widgets.content_changed import ContentChanged
from wbtui.widgets.form_area import FormProblem
from wbtui.widgets.line import TitledLine
from wbtui.widgets.new_values import NewValues
from wbtui.widgets.picker import Picker
from wbtui.widgets.titled import titled


class RotationForm(NewValues):
    """New values, in place or for a new secret: that is the default where the secret is immutable.

    `taken` has the names of the secrets of the project.
    """

    def __init__(self, secret: Secret, prefix: str, now: Clock, taken: Container[str]) -> None:
        super().__init__(secret, prefix, now, partly=not secret.immutable)
        self._taken = taken
        self._proposed = ("", next_name(secret.name, taken), dated_name(secret.name, now().date(), taken))
        self._where = Picker(["in place", "under a new name", "with the date"], id="where")
        self._where.position = int(secret.immutable)
        self._name_line = TitledLine("New name", id="new-name")
        self._name_line.line.value = self._proposed[1]

    def compose(self) -> ComposeResult:
        """Lay out where the values are written, above the values."""
        about, *rest = super().compose()
        yield about
        yield titled("Write", self._where)
        yield self._name_line
        yield from rest

    def on_mount(self) -> None:
        self._adapt()

    @property
    def new_name(self) -> str:
        """Return the name of the new secret; empty where the values are written in place."""
        return self._name_line.line.value.strip() if self._where.position else ""

    def check(self) -> list[FormProblem]:
        """Return all that is wrong or odd, and show it."""
        return [*self._problems_of_place(), *super().check()]

    def show_name_error(self, words: str) -> None:
        """Show the cluster's message about the new name."""
        self._name_line.show_error(words)
        self._name_line.line.focus()

    def _problems_of_place(self) -> list[FormProblem]:
        if not self._where.position:
            reason = self.replacement().needs_deletion
            text = f"{reason}, so its values cannot be changed in place: write them under a new name"
            return [FormProblem(self._where, "Write", Problem(text))] if reason else []
        name = self.new_name
        text = kubernetes_name_problem(name) or (f"there is a secret {name} already" if name in self._taken else "")
        self._name_line.show_error(text)
        return [FormProblem(self._name_line.line, "New name", Problem(text))] if text else []

    @on(ContentChanged, "#where")
    def _adapt(self) -> None:
        renames = bool(self._where.position)
        if renames and self._name_line.line.value in self._proposed:
            self._name_line.line.value = self._proposed[self._where.position]
        self._name_line.display = renames
        self.needs_all = "a new secret is created" if renames else ""
        if renames:
            self.keep_none()

    @on(ContentChanged, "#new-name")
    def _forget_error(self) -> None:
        self._name_line.show_error("")
