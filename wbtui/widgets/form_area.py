from abc import abstractmethod
from typing import NamedTuple

from textual.containers import VerticalScroll
from textual.widget import Widget

from wbtui.domain.problems import Problem


class FormProblem(NamedTuple):
    """What is wrong or odd in a form: the widget where it is, what that is called, and what it is."""

    place: Widget
    title: str
    problem: Problem


class FormArea(VerticalScroll):
    """A form that scrolls. The field with the focus stays in view when the size changes, as when a toast appears."""

    @property
    @abstractmethod
    def touched(self) -> bool:
        """Return whether anything was entered that would be lost."""

    @abstractmethod
    def check(self) -> list[FormProblem]:
        """Return all that is wrong or odd as it is to be saved, and show it."""

    def clear(self) -> None:
        """Drop every value, where values are entered."""

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_focused)

    def _show_focused(self) -> None:
        focused = self.screen.focused
        if focused and self in focused.ancestors:
            focused.scroll_visible(animate=False)
