from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from wbtui.domain.text import plain
from wbtui.domain.use_cases.model import UseCase
from wbtui.widgets.content_changed import ContentChanged


class ChosenSecrets(Widget, can_focus=True):
    """The names of secrets of one use case, chosen from a list: one, or with `several` any number."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "choose", "Choose", id="chosen.choose", tooltip="Choose a secret, or create one"),
        Binding("backspace,delete", "take_back", "Remove", id="chosen.take_back", tooltip="Remove the last one"),
    ]

    class Asked(Message):
        """The user wants to choose a secret."""

        def __init__(self, chosen: "ChosenSecrets") -> None:
            super().__init__()
            self.chosen = chosen

    def __init__(self, use_case: UseCase, prompt: str, *, several: bool = False) -> None:
        super().__init__(classes="value")
        self.use_case = use_case
        self._prompt = prompt
        self._several = several
        self.names: tuple[str, ...] = ()
        self._titles: dict[str, str] = {}

    def render(self) -> Content:
        """Draw the names, or what can be done."""
        cursor = ("▏", "bold") if self.has_focus else ""
        if not self.names:
            return Content.assemble(cursor, (self._prompt, "dim"))
        return Content.assemble(plain(", ".join(self._titles[name] for name in self.names)), cursor)

    def choose(self, name: str, title: str) -> None:
        """Add a secret to the chosen ones, or replace the chosen one; `title` is shown for its name."""
        self._titles[name] = title
        kept = [chosen for chosen in self.names if chosen != name] if self._several else []
        self._set((*kept, name))

    def action_choose(self) -> None:
        self.post_message(self.Asked(self))

    def action_take_back(self) -> None:
        self._set(self.names[:-1])

    def _set(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.refresh()
        self.post_message(ContentChanged(self))

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
