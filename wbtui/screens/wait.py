"""Wait for an answer that a screen needs before it opens, and hold the keys until then."""

from collections.abc import Awaitable
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from wbtui.domain.text import plain
from wbtui.errors import ClusterError
from wbtui.screens.answers import ask
from wbtui.screens.dialog import Dialog

A = TypeVar("A")
_SLOW = 0.3
"""Seconds after which the text is shown."""


class WaitScreen(Dialog[A | ClusterError | None], Generic[A]):
    """Takes all keys until the answer is there; returns that, or the error, or None after Escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Back", id="wait.back", tooltip="Stop waiting"),
    ]

    def __init__(self, text: str, question: Awaitable[A]) -> None:
        super().__init__()
        self._question = question
        self._text = Static(f"{plain(text)} Escape goes back.", markup=False)

    def compose(self) -> ComposeResult:
        """Lay out one line."""
        yield self._text

    def on_mount(self) -> None:
        self._text.visible = False
        self.set_timer(_SLOW, self._show_text)
        ask(self, self._question, self.dismiss, self.dismiss)

    def _show_text(self) -> None:
        self._text.visible = True
