"""A form in which a credential is entered, and can be tried before it is stored."""

from functools import partial
from typing import ClassVar, Protocol, TypeVar

from textual import on
from textual.binding import Binding, BindingType

from wbtui.domain.credential import Credential
from wbtui.domain.sealed import Sealed
from wbtui.screens.file import FileScreen
from wbtui.screens.form import FormScreen
from wbtui.screens.form_content import Form
from wbtui.screens.trial import TrialRunner
from wbtui.session import Session
from wbtui.widgets.masked_value import MaskedValue

T = TypeVar("T")


class CredentialForm(Form, Protocol):
    """The form of a credential."""

    @property
    def credential(self) -> Credential:
        """Return what is entered, sealed."""
        ...


class CredentialFormScreen(FormScreen[T]):
    """A form that one key tries against the service that the credential is for; never by itself.

    `target` is what the credential is for, where that is known.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+y", "try", "Try", id="form.try", tooltip="Try the credential with the service that it is for"),
    ]

    def __init__(self, session: Session, namespace: str, form: CredentialForm, target: str = "") -> None:
        super().__init__(session, namespace, form)
        self._trial = TrialRunner(self, session, namespace, lambda: form.credential, target)

    def action_try(self) -> None:
        """Try what is entered."""
        if not self._saving:
            self._trial.begin(before=self.status)

    def action_leave(self) -> None:
        """Stop trying, or go back."""
        if not self._trial.stop():
            super().action_leave()

    def edited(self) -> None:
        """Forget what was asked, and say that a verdict is about what was entered before."""
        super().edited()
        self._trial.edited()

    def close(self) -> None:
        """Let go of every value that was entered."""
        self._trial.stop()
        super().close()

    @on(MaskedValue.FileAsked)
    def _ask_file(self, event: MaskedValue.FileAsked) -> None:
        self.app.push_screen(FileScreen(event.value.field.file_offer), partial(self._take_file, event.value))

    def _take_file(self, value: MaskedValue, answer: tuple[str, Sealed] | None) -> None:
        if answer:
            name, content = answer
            value.take_file(name, content.unsealed())
