"""The behavior of all forms: ask about warnings, save once, and stay filled until the cluster has stored everything."""

from abc import abstractmethod
from collections.abc import Awaitable
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget

from wbtui.domain.usage import SearchProgress
from wbtui.domain.usage_words import progress_in_words
from wbtui.errors import ClusterError, DryRunUnsupported, Forbidden, Unauthorized
from wbtui.screens.answers import ask
from wbtui.screens.ask import AskScreen
from wbtui.screens.tabbing import TabbingScreen
from wbtui.session import Session
from wbtui.widgets.content_changed import ContentChanged
from wbtui.widgets.form_area import FormArea
from wbtui.widgets.form_status import FormStatus
from wbtui.widgets.header import HeaderLine
from wbtui.widgets.key_line import KeyLine

A = TypeVar("A")
T = TypeVar("T")
F = TypeVar("F", bound=FormArea)


class FormScreen(TabbingScreen[T | None], Generic[T, F]):
    """A form that is saved with ctrl+s, and returns the result; None where it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,f2", "save", "Save", id="form.save", tooltip="Save what was entered"),
        Binding("escape", "leave", "Back", id="form.leave", tooltip="Leave without saving anything"),
    ]
    HINT: ClassVar[str] = "{form.save} saves; {form.leave} leaves. Nothing is stored before you save."
    LOSS: ClassVar[str] = "What was entered is lost."

    def __init__(self, session: Session, namespace: str, form: F) -> None:
        super().__init__()
        self._session = session
        self._cluster = session.connected
        self._namespace = namespace
        self._form = form
        self._asked: list[str] = []
        self._saving = False
        self._may_stop = False
        self._focused_before: Widget | None = None
        self.status = FormStatus(id="form-status")

    def compose(self) -> ComposeResult:
        """Lay out the header, the form, its status and the keys."""
        yield HeaderLine(self._session, self._namespace, id="header")
        yield self._form
        yield self.status
        yield KeyLine()

    def on_mount(self) -> None:
        self.app.clear_notifications()
        self.say_hint()

    def say_hint(self) -> None:
        """Say what saving does."""
        self.status.say(self.HINT)

    @abstractmethod
    async def store(self, status: FormStatus) -> T | None:
        """Send what was entered, and return the result; None where the form has to stay. Raises `ClusterError`."""

    async def ask_cluster(self, text: str, question: Awaitable[A]) -> A:
        """Return the answer to a question that stores nothing; the key that leaves stops it. `text` describes it."""
        self.status.say(f"{text} {{form.leave}} stops.")
        self._may_stop = True
        try:
            return await question
        finally:
            self._may_stop = False

    def say_progress(self, progress: SearchProgress) -> None:
        """Say how far a search is that `ask_cluster` waits for."""
        self.status.say(f"{progress_in_words(progress)} {{form.leave}} stops.")

    async def confirm(self, question: Screen[A]) -> A:
        """Show a question, and return the answer."""
        self.status.say("Nothing is stored before you answer.")
        return await self.app.push_screen_wait(question)

    async def passes_dry_run(self, text: str, trial: Awaitable[object]) -> bool:
        """Return whether to go on after a dry run; where that is not supported, ask the user. Raises `ClusterError`."""
        try:
            await self.ask_cluster(text, trial)
        except DryRunUnsupported as error:
            question = AskScreen(
                "Dry run not supported",
                f"{error}.\nSave without a dry run? The webhook may still refuse it.",
                yes="Save",
                no="Not now",
                interrupts=True,
            )
            agreed = await self.confirm(question)
            self.status.say("" if agreed else "Nothing was stored.")
            return agreed
        return True

    def show_error(self, error: ClusterError) -> None:
        """Show the error of the cluster."""
        self.status.show_error(error)

    @property
    def dirty(self) -> bool:
        """Return whether leaving would lose something."""
        return self._saving or self._form.touched

    @property
    def loss(self) -> str:
        """Return a sentence about what leaving would lose."""
        return "It is being saved. If you leave now, you do not see whether that worked." if self._saving else self.LOSS

    def close(self) -> None:
        """Drop every value that was entered."""
        self._form.clear()

    @on(ContentChanged)
    def _content_changed(self) -> None:
        self.edited()

    def edited(self) -> None:
        """Ask about warnings again: the content has changed."""
        self._asked = []
        if not self._saving:
            self.say_hint()

    def action_leave(self) -> None:
        """Stop a question to the cluster, or go back, after asking where something would be lost."""
        if self._may_stop:
            self.workers.cancel_group(self, "save")
            self._hold(saving=False)
            self.edited()
            self.notify("Stopped. Nothing was stored.")
        elif self._saving:
            self.notify("Saving: waiting for the answer of the cluster.")
        elif self.dirty:
            self.app.push_screen(AskScreen("Leave the form?", self.loss, yes="Leave", no="Stay"), self._leave)
        else:
            self._leave(wanted=True)

    def _leave(self, wanted: bool | None) -> None:  # noqa: FBT001  the answer to a question
        if wanted:
            self.close()
            self.dismiss(None)

    def action_save(self) -> None:
        """Save; where there are warnings, only when it is pressed again."""
        if not self._saving and self._is_sound():
            self._hold(saving=True)
            self._cluster.try_login_again()
            ask(self, self._store(), self._finish, self._end_with_error, topic="save")

    def _hold(self, *, saving: bool) -> None:
        # What is saved is what was on the screen: no key or paste may change it until the answer is there.
        if saving:
            self._focused_before = self.focused
        self._saving = self._form.disabled = saving
        self.set_focus(None if saving else self._focused_before)

    async def _store(self) -> T | None:
        await self.ask_cluster("Asking the cluster who you are …", self._session.ask_account())
        self.status.say("")
        return await self.store(self.status)

    def _finish(self, done: T | None) -> None:
        self._hold(saving=False)
        if done is not None:
            self.close()
            while self.app.screen is not self:  # a question or the palette may lie on top
                self.app.screen.dismiss(None)
            self.dismiss(done)

    def _end_with_error(self, error: ClusterError) -> None:
        self._hold(saving=False)
        self.show_error(error)
        if isinstance(error, (Forbidden, Unauthorized)):
            self._session.ask_again()  # the rights have changed

    def _is_sound(self) -> bool:
        found = self._form.check()
        blocking = [one for one in found if one.problem.blocks]
        said = [f"{one.title}: {one.problem.text}" for one in blocking or found]
        if not blocking and said == self._asked:
            return True
        self._asked = [] if blocking else said
        (blocking or found)[0].place.focus()
        if blocking:
            self.status.show_message("not saved", f"{said[0]}.")
        else:
            text = f"{'; '.join(said)}. Press {{form.save}} again to save anyway."
            self.status.show_message("not saved yet", text)
        return False
