"""A form in which a credential is entered, and can be tried before it is stored."""

from functools import partial
from typing import ClassVar, TypeVar

from textual import on
from textual.binding import Binding, BindingType

from wbtui.domain.sealed import Sealed
from wbtui.errors import ClusterError
from wbtui.screens.file import FileScreen
from wbtui.screens.form import FormScreen
from wbtui.screens.trial import TrialRunner
from wbtui.session import Session
from wbtui.widgets.credential_form import CredentialForm
from wbtui.widgets.masked_value import MaskedValue

T = TypeVar("T")
F = TypeVar("F", bound=CredentialForm)


class CredentialFormScreen(FormScreen[T, F]):
    """A form whose credential can be tried with its service, when the user asks for that.

    `target` is what to try the credential with, where that is known.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+y", "try", "Try", id="form.try", tooltip="Try the credential with the service that it is for"),
    ]

    def __init__(self, session: Session, namespace: str, form: F, target: str = "") -> None:
        super().__init__(session, namespace, form)
        self._trial = TrialRunner(self, session, namespace, lambda: form.credential, target)

    def show_error(self, error: ClusterError) -> None:
        """Show what the cluster refused, at the fields that it is about."""
        super().show_error(error)
        for path, words in error.fields:
            self.show_field_error(path, words)

    def show_field_error(self, path: str, words: str) -> None:
        """Show what the cluster has against a field of the secret, where that is entered."""
        if path.startswith("data["):
            self._form.values.show_error(path.removeprefix("data[").removesuffix("]"), words)

    def action_try(self) -> None:
        """Try what is entered."""
        if not self._saving:
            self._trial.begin(before=self.status)

    def action_leave(self) -> None:
        """Stop trying, or go back."""
        if not self._trial.stop():
            super().action_leave()

    def edited(self) -> None:
        """Ask about warnings again, and mark the results of a trial as old."""
        super().edited()
        self._trial.edited()

    def close(self) -> None:
        """Drop every value that was entered."""
        self._trial.stop()
        super().close()

    @on(MaskedValue.FileAsked)
    def _ask_file(self, event: MaskedValue.FileAsked) -> None:
        self.app.push_screen(FileScreen(event.value.field.file_offer), partial(self._take_file, event.value))

    def _take_file(self, value: MaskedValue, answer: tuple[str, Sealed] | None) -> None:
        if answer:
            name, content = answer
            value.take_file(name, content.unsealed())
