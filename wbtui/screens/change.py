"""Change a workload: show the difference, try it with a dry run, and send it unless the workload has changed."""

from dataclasses import replace
from typing import ClassVar, Protocol

from wbtui.changing import by_whom
from wbtui.domain.reference_paths import Json
from wbtui.domain.targets import Workload
from wbtui.errors import AlreadyExists, Conflict
from wbtui.screens.form import FormScreen
from wbtui.screens.form_content import Form
from wbtui.session import Session
from wbtui.widgets.form_status import FormStatus


class ChangeForm(Form, Protocol):
    """A form that shows a workload before and after a change."""

    workload: Workload
    before: Json

    @property
    def done(self) -> str:
        """Return a sentence for when the workload has been changed, without its full stop."""
        ...

    def after(self) -> Json:
        """Return the workload after the change."""
        ...

    def begin_again(self, before: Json) -> None:
        """Show the change against the workload as it is now; what was entered stays."""
        ...


class ChangeScreen(FormScreen[str]):
    """Changes one workload as its form shows; returns a sentence about the result."""

    HINT: ClassVar[str] = "{form.save} applies this change; {form.leave} leaves. Nothing is changed before you save."

    def __init__(self, session: Session, form: ChangeForm) -> None:
        super().__init__(session, form.workload.namespace, form)
        self._form = form

    async def store(self, status: FormStatus) -> str | None:
        """Try the change and send it; where another user has changed the workload, show the new difference."""
        before, after = self._form.before, self._form.after()
        try:
            text = "Checking with the cluster whether it can be changed …"
            if not await self.try_first(text, self._cluster.workloads.write(before, after, dry_run=True)):
                return None
            status.say("Changing …")
            await self._cluster.workloads.write(before, after)
        except (Conflict, AlreadyExists):
            await self._show_changed(status)
            return None
        return f"{self._form.done}. {self._form.workload.target.effect(after)}"

    async def _show_changed(self, status: FormStatus) -> None:
        workload = self._form.workload = replace(self._form.workload, exists=True)
        current = await self._cluster.workloads.read(workload)
        self._form.begin_again(current)
        text = f"{workload} has changed{by_whom(current)}. Review the new difference; {{form.save}} applies it."
        status.show_message(Conflict.title, text)
