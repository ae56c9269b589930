from typing import Protocol

from textual.widget import Widget

from wbtui.domain.problems import Problem


class Form(Protocol):
    """What a form screen needs to know of the form in it."""

    disabled: bool

    @property
    def touched(self) -> bool:
        """Tell whether anything was entered that would be lost."""
        ...

    def problems(self) -> list[tuple[Widget, str, Problem]]:
        """Return all that is wrong or odd as it is to be saved: where, what that is called, and what; and show it."""
        ...

    def clear(self) -> None:
        """Let go of every value."""
        ...
