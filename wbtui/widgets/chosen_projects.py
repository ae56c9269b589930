from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from wbtui.domain.text import first_of, plain


class ChosenProjects(Widget, can_focus=True):
    """The projects to write to; Enter asks the screen to choose others."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "choose", "Projects", id="projects.choose", tooltip="Choose the projects"),
    ]

    class Asked(Message):
        """The user wants to choose projects."""

    def __init__(self, projects: tuple[str, ...], *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self.projects = projects

    def render(self) -> Content:
        """Draw the names, and what can be done."""
        cursor = ("▏", "bold") if self.has_focus else ""
        return Content.assemble(plain(first_of(self.projects)), cursor, ("  Enter chooses others", "dim"))

    def choose(self, projects: tuple[str, ...]) -> None:
        """Write to these projects."""
        self.projects = projects
        self.refresh()

    def action_choose(self) -> None:
        self.post_message(self.Asked())

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
