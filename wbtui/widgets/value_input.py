from abc import abstractmethod

from textual import events
from textual.widget import Widget

from wbtui.domain.use_cases.model import Field


class ValueInput(Widget):
    """What every input for a value can do, whether it shows the value or hides it."""

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
        """Take a key, wherever it was pressed."""

    @abstractmethod
    def take_paste(self, text: str) -> None:
        """Take a pasted text, wherever it was pasted."""

    @abstractmethod
    def clear(self) -> None:
        """Remove the value."""
