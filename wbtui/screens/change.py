"""Change a workload: show the difference, try it with a dry run, and send it unless the workload has changed."""

from dataclasses import replace
from typing import ClassVar

from wbtui.changing import by_whom
from wbtui.errors import AlreadyExists, Conflict
from wbtui.screens.form import FormScreen
from wbtui.session import Session
from wbtui.widgets.change_form import ChangeForm
from wbtui.widgets.form_status import FormStatus


class ChangeScreen(FormScreen[str, ChangeForm]):
    """Changes one workload as its form shows; returns a sentence about the result."""

    HINT: ClassVar[str] = "{form.save} applies this change; {form.leave} leaves. Nothing is changed before you save."

    def __init__(self, session: Session, form: ChangeForm) -> None:
        super().__init__(session, form.workload.namespace, form)

    async def store(self, status: FormStatus) -> str | None:
        """Try the change and send it; where another user has changed the workload, show the new difference."""
        before, after = self._form.before, self._form.after()
        try:
            text = "Checking with the cluster whether it can be changed …"
            if not await self.passes_dry_run(text, self._cluster.workloads.write(before, after, dry_run=True)):
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
