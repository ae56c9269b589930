from abc import abstractmethod

from wbtui.domain.reference_paths import Json
from wbtui.domain.secret import Secret
from wbtui.domain.targets import Workload
from wbtui.widgets.form_area import FormArea


class ChangeForm(FormArea):
    """A form that shows a workload before and after a change; `pods` are the names of its pods."""

    def __init__(
        self, secret: Secret, workload: Workload, before: Json, pods: tuple[str, ...], *, can_focus: bool
    ) -> None:
        super().__init__(can_focus=can_focus)
        self.secret = secret
        self.workload = workload
        self.before = before
        self._pods = pods

    @property
    @abstractmethod
    def done(self) -> str:
        """Return a sentence for when the workload has been changed, without its full stop."""

    @abstractmethod
    def after(self) -> Json:
        """Return the workload after the change."""

    @abstractmethod
    def begin_again(self, before: Json) -> None:
        """Show the change against the workload as it is now; what was entered stays."""
