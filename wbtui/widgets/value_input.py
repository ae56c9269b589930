from abc import abstractmethod
from typing import Self

from textual import events
from textual.widget import Widget

from wbtui.domain.use_cases.model import Field


class ValueInput(Widget):
    """An input for a value, visible or hidden."""

    _focus_wanted = False

    def focus(self, scroll_visible: bool = True) -> Self:  # noqa: FBT001, FBT002  Textual's own signature
        """Take the focus; later, if it is not on the screen yet."""
        self._focus_wanted = not self.is_attached
        return self if self._focus_wanted else super().focus(scroll_visible)

    def on_show(self) -> None:
        """Take the focus that came too early, and scroll into view: Textual cannot before the first layout."""
        if self._focus_wanted:
            self.focus()
        elif self.has_focus:
            self.scroll_visible(animate=False)

    @property
    @abstractmethod
    def raw(self) -> bytes:
        """Return what was entered, in plain text."""

    @property
    @abstractmethod
    def from_file(self) -> bool:
        """Return whether the value was read from a file; the file may be empty."""

    @property
    @abstractmethod
    def settled(self) -> bool:
        """Return whether a hidden value is complete, so that something may be said about it."""

    @abstractmethod
    def take_field(self, field: Field, default: str) -> None:
        """Become the input of another field; `default` is the default of the field before."""

    @abstractmethod
    def take_key(self, event: events.Key) -> None:
        """Handle a key that was pressed here or in another widget."""

    @abstractmethod
    def take_paste(self, text: str) -> None:
        """Insert a text that was pasted here or in another widget."""

    @abstractmethod
    def clear(self) -> None:
        """Remove the value."""
