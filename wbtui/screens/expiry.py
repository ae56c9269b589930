"""Set or remove the date on which a secret expires, without reading or writing a value."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from wbtui.domain.clock import Clock
from wbtui.domain.expiry import EXPIRES, as_annotation, expiry_of, unreadable_date
from wbtui.domain.replacement import dated
from wbtui.domain.secret import Secret
from wbtui.domain.secret_changes import change_in_words
from wbtui.domain.text import plain, shortened
from wbtui.errors import Conflict
from wbtui.screens.form import FormScreen
from wbtui.screens.overwriting import look_again
from wbtui.session import Session
from wbtui.widgets.content_changed import ContentChanged
from wbtui.widgets.expiry_line import ExpiryLine
from wbtui.widgets.form_area import FormArea, FormProblem
from wbtui.widgets.form_status import FormStatus

_LONGEST = 40
"""Characters of an annotation that is no date."""


class ExpiryForm(FormArea):
    """The form with one line, the date; it starts with `text`, or with the date of the secret."""

    def __init__(self, secret: Secret, now: Clock, text: str) -> None:
        super().__init__(can_focus=False)
        before = expiry_of(secret.annotations)
        self._about = f"When {secret.names} in {secret.namespace} expires. The annotation {EXPIRES} keeps the date."
        if text_before := unreadable_date(secret.annotations):
            self._about += f' Now it is "{shortened(text_before, _LONGEST)}", which is no date.'
        self._start = as_annotation(before.moment) if before else ""
        self.expiry_line = ExpiryLine(now, before)
        self.expiry_line.line.value = text or self._start

    def compose(self) -> ComposeResult:
        """Lay out what it is about, and the line."""
        yield Static(plain(self._about), classes="advice", markup=False)
        yield self.expiry_line

    def on_mount(self) -> None:
        self.expiry_line.line.focus()
        self.expiry_line.check()

    @property
    def touched(self) -> bool:
        """Return whether another date was entered."""
        return self.expiry_line.line.value.strip() != self._start

    def check(self) -> list[FormProblem]:
        """Return what is wrong or odd about the date, and show it."""
        problem = self.expiry_line.check()
        return [FormProblem(self.expiry_line.line, self.expiry_line.title, problem)] if problem else []

    @on(ContentChanged)
    def _date_changed(self) -> None:
        self.expiry_line.check()


class ExpiryScreen(FormScreen[Secret, ExpiryForm]):
    """Sets or removes the date of one secret, and returns its metadata."""

    HINT: ClassVar[str] = "{form.save} saves the date, or removes it where the line is empty; {form.leave} leaves."

    def __init__(self, session: Session, secret: Secret, text: str) -> None:
        super().__init__(session, secret.namespace, ExpiryForm(secret, session.now, text))
        self._secret = secret

    async def store(self, status: FormStatus) -> Secret | None:
        """Write the date; where another user has changed the secret, say how, and write it at the next save."""
        status.say("Saving the date …")
        try:
            return await self._cluster.replace(dated(self._secret, self._form.expiry_line.moment))
        except Conflict as error:
            before, self._secret = self._secret, await look_again(self._cluster, self._secret, error)
            said = change_in_words(before, self._secret).rstrip(".")
            raise Conflict(said, advice="{form.save} again saves the date anyway.") from error

    @on(Input.Submitted)
    def _save_line(self) -> None:
        self.action_save()
