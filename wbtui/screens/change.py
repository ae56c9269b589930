"""Changing a workload: shown as a difference, tried by the cluster first, sent if it is still as it was."""

from dataclasses import replace
from typing import ClassVar, Protocol

from wbtui.domain.references import Json
from wbtui.domain.targets import Workload
from wbtui.errors import AlreadyExists, Conflict
from wbtui.screens.form import Form, FormScreen
from wbtui.session import Session
from wbtui.widgets.form_status import FormStatus


class ChangeForm(Form, Protocol):
    """A form that makes a workload what it is to be."""

    workload: Workload
    before: Json

    @property
    def done(self) -> str:
        """Return what is so when the workload has been changed."""
        ...

    def after(self) -> Json:
        """Return the workload as it would be."""
        ...

    def begin_again(self, before: Json) -> None:
        """Take the workload as it is now; what was entered stays."""
        ...


class ChangeScreen(FormScreen[str]):
    """Changes one workload as its form shows; gives what is so then, and what happens."""

    HINT: ClassVar[str] = "{form.save} sends what is shown; {form.leave} leaves. Nothing is changed before."

    def __init__(self, session: Session, form: ChangeForm) -> None:
        super().__init__(session, form.workload.namespace, form)
        self._form = form

    async def store(self, status: FormStatus) -> str | None:
        """Find out whether it may be changed, and change it; where it has changed meanwhile, show it anew."""
        before, after = self._form.before, self._form.after()
        try:
            status.say("Asking the cluster whether it may be changed …")
            if not await self.try_first(self._cluster.workloads.write(before, after, dry_run=True)):
                return None
            status.say("Changing …")
            await self._cluster.workloads.write(before, after)
        except (Conflict, AlreadyExists):
            await self._show_anew(status)
            return None
        return f"{self._form.done}. {self._form.workload.target.effect(after)}"

    async def _show_anew(self, status: FormStatus) -> None:
        workload = self._form.workload = replace(self._form.workload, exists=True)
        current = await self._cluster.workloads.read(workload)
        self._form.begin_again(current)
        text = f"{workload} is different now{_by_whom(current)}. Review the new difference; {{form.save}} sends it."
        status.complain("changed meanwhile", text)


def _by_whom(thing: Json) -> str:
    entries = [entry for entry in thing["metadata"].get("managedFields") or () if entry.get("time")]
    last = max(entries, key=lambda entry: entry["time"], default=None)
    return f", by {last.get('manager', 'somebody')} at {last['time']}" if last else ""
