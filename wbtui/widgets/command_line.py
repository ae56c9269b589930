from typing import ClassVar

from textual.binding import Binding, BindingType

from wbtui.widgets.completing_input import CompletingInput


class CommandLine(CompletingInput):
    """The line in which a command is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "tab", "complete(1)", "Complete", id="command.complete", tooltip="Complete the word; again for the next"
        ),
        Binding(
            "shift+tab", "complete(-1)", id="command.complete_back", show=False, tooltip="Complete it the other way"
        ),
        Binding("up", "older", "Earlier", id="command.older", tooltip="Go back to an earlier command"),
        Binding("down", "newer", "Later", id="command.newer", show=False, tooltip="Go on to a later command"),
    ]
