"""The form that attaches a secret to a workload, and shows the change of the workload."""

from collections.abc import Callable, Iterator

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from wbtui.domain.placements import (
    Attachment,
    Placement,
    attached,
    clashes,
    folder_problem,
    placements_on,
    variable_problem,
    variables_for,
)
from wbtui.domain.problems import Problem
from wbtui.domain.reference_paths import Json
from wbtui.domain.secret import Secret
from wbtui.domain.targets import Workload
from wbtui.domain.text import plain, shortened
from wbtui.widgets.change_form import ChangeForm
from wbtui.widgets.content_changed import ContentChanged
from wbtui.widgets.form_area import FormProblem
from wbtui.widgets.line import TitledLine
from wbtui.widgets.manifest_view import ManifestView
from wbtui.widgets.picker import Picker
from wbtui.widgets.titled import titled
from wbtui.widgets.toggles import Toggles
from wbtui.widgets.variable_lines import VariableLines

_LONGEST = 200
"""Characters of the names of keys."""


class AttachmentForm(ChangeForm):
    """Asks only for what the chosen placement takes, and shows what would differ in the workload."""

    def __init__(
        self,
        secret: Secret,
        look_up: Callable[[str], Secret | None],
        workload: Workload,
        before: Json,
        pods: tuple[str, ...],
    ) -> None:
        super().__init__(secret, workload, before, pods, can_focus=False)
        self._look_up = look_up
        target = workload.target
        self._placements = placements_on(secret, target, before)
        self._placement = Picker([entry.title for entry in self._placements], id="placement")
        self._containers = Toggles(target.container_names(before), id="containers")
        self._variables = VariableLines(variables_for(secret), id="variables")
        self._prefix = TitledLine("Prefix", id="prefix", placeholder="optional, as in S3_")
        self._folder = TitledLine("Folder", id="folder", placeholder="as in /etc/secrets/name")
        self._folder.line.value = f"/etc/secrets/{secret.name}"
        self._view = ManifestView(id="manifest")
        self._shown: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out the parts from top to bottom."""
        yield Static(self._about(), classes="advice", markup=False)
        yield titled("As", self._placement)
        yield titled("Containers", self._containers, id="containers-line")
        yield self._variables
        yield self._prefix
        yield self._folder
        yield self._view

    def on_mount(self) -> None:
        self._placement.focus()
        self._refresh()

    @property
    def touched(self) -> bool:
        """Return whether a name was entered that would be lost."""
        return self._variables.touched or bool(self._prefix.line.value)

    @property
    def placement(self) -> Placement:
        """Return the placement that is chosen."""
        return self._placements[self._placement.position]

    def after(self) -> Json:
        """Return the workload as it would be."""
        return attached(self.workload.target, self.before, self._attachment())

    @property
    def done(self) -> str:
        """Return what is so when the workload has been changed."""
        return f"{self.workload} now uses {self.secret.names}"

    def begin_again(self, before: Json) -> None:
        """Take the workload as it is now; what was entered stays."""
        self.before = before
        self._refresh()

    def check(self) -> list[FormProblem]:
        """Return all that is wrong or odd as it is to be sent, and show it."""
        now = self._look_up(self.secret.uid)
        if not now or now.deleted:
            what = "is being deleted" if now else "is no longer in the list"
            return [FormProblem(self._placement, "Secret", Problem(f"{self.secret.names} {what}"))]
        if asked := list(self._wrong()):
            return asked
        if self.after() == self.before:
            return [FormProblem(self._placement, "Nothing to do", Problem(f"{self.workload} already uses it this way"))]
        found = clashes(self.workload.target, self.before, self._attachment())
        blocks = self.placement.clashes_block
        return [FormProblem(self._placement, "In use", Problem(text, blocks=blocks)) for text in found]

    def _wrong(self) -> Iterator[FormProblem]:
        asks = self.placement.asks
        if "containers" in asks and self.workload.target.containers and not self._containers.taken:
            yield FormProblem(self._containers, "Containers", Problem("select at least one"))
        if "variables" in asks:
            if not self._variables.entered:
                text = "the keys of the secret are not known: choose all keys, or files"
                yield FormProblem(self._placement, "Variables", Problem(text))
            yield from self._variables.check()
        if "folder" in asks and (text := folder_problem(self._folder.line.value.strip())):
            yield FormProblem(self._folder.line, "Folder", Problem(text))
        prefix = self._prefix.line.value.strip()
        if "prefix" in asks and prefix and (text := variable_problem(prefix)):
            yield FormProblem(self._prefix.line, "Prefix", Problem(text))

    def _attachment(self) -> Attachment:
        return Attachment(
            self.secret.name,
            self.placement,
            containers=self._containers.taken,
            variables=self._variables.keys_by_variable,
            prefix=self._prefix.line.value.strip(),
            folder=self._folder.line.value.strip(),
        )

    def _about(self) -> str:
        workload = self.workload
        keys = "not known" if self.secret.keys is None else shortened(", ".join(self.secret.keys), _LONGEST) or "none"
        effect = workload.target.consequence(self.before, self._pods)
        made = "" if workload.exists else " It does not exist yet and will be created."
        return plain(f"{self.secret.names} for {workload} in {workload.namespace}; keys {keys}.{made} {effect}")

    def _refresh(self) -> None:
        self._shown = self._entered
        asks = self.placement.asks
        for part, name in ((self._prefix, "prefix"), (self._folder, "folder")):
            part.display = name in asks
        self._variables.display = "variables" in asks
        self.query_one("#containers-line").display = bool(self.workload.target.containers and "containers" in asks)
        self._view.compare(self.before, self.after())

    @property
    def _entered(self) -> tuple[object, ...]:
        return (
            self._placement.position,
            self._containers.taken,
            self._variables.entered,
            self._prefix.line.value,
            self._folder.line.value,
        )

    @on(ContentChanged)
    def _changed(self, event: ContentChanged) -> None:
        # Each line tells what it begins with, too, and there are as many as the secret has keys.
        if self._entered == self._shown:
            event.stop()
        else:
            self._refresh()
