from dataclasses import dataclass

from textual.message import Message
from textual.widget import Widget


@dataclass
class ContentChanged(Message):
    """What is entered or chosen in `control` has changed; the message bubbles up to the screen."""

    sender: Widget

    @property
    def control(self) -> Widget:
        """Return the widget that was changed, for selectors."""
        return self.sender
