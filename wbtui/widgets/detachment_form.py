"""The form that detaches a secret from a workload."""

from textual.app import ComposeResult
from textual.widgets import Static

from wbtui.domain.placements import detached, still_named
from wbtui.domain.problems import Problem
from wbtui.domain.reference_paths import Json
from wbtui.domain.secret import Secret
from wbtui.domain.targets import Workload
from wbtui.domain.text import plain
from wbtui.widgets.change_form import ChangeForm
from wbtui.widgets.form_area import FormProblem
from wbtui.widgets.manifest_view import ManifestView


class DetachmentForm(ChangeForm):
    """Shows what would be taken out of the workload, and what would stay; there is nothing to enter."""

    def __init__(self, secret: Secret, workload: Workload, before: Json, pods: tuple[str, ...]) -> None:
        super().__init__(secret, workload, before, pods, can_focus=True)
        self._view = ManifestView(id="manifest")

    def compose(self) -> ComposeResult:
        """Lay out what happens, and the difference."""
        yield Static(classes="advice", markup=False)
        yield self._view

    def on_mount(self) -> None:
        self.focus()
        self.begin_again(self.before)

    @property
    def touched(self) -> bool:
        """Return False: nothing is lost by leaving."""
        return False

    @property
    def done(self) -> str:
        """Return what is so when the workload has been changed."""
        return f"{self.workload} no longer uses {self.secret.names}"

    def after(self) -> Json:
        """Return the workload as it would be."""
        return detached(self.workload.target, self.before, self.secret.name)

    def begin_again(self, before: Json) -> None:
        """Take the workload as it is now."""
        self.before = before
        after = self.after()
        left = still_named(self.workload.target, after, self.secret.name)
        stays = f" Not removed here: {', '.join(left)}." if left else ""
        effect = self.workload.target.consequence(before, self._pods)
        text = f"Remove {self.secret.names} from {self.workload} in {self.workload.namespace}.{stays} {effect}"
        self.query_one(".advice", Static).update(plain(text))
        self._view.compare(before, after)

    def check(self) -> list[FormProblem]:
        """Return that there is nothing to do, where there is nothing."""
        if self.after() != self.before:
            return []
        text = f"{self.workload} does not name {self.secret.names} where it can be changed"
        return [FormProblem(self, "Nothing to do", Problem(text))]
