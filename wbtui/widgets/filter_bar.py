from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.reactive import Reactive

from wbtui.domain.completion import Candidates
from wbtui.domain.history import History
from wbtui.widgets.completing_input import CompletingInput


class FilterBar(CompletingInput):
    """The line in which a filter is typed; every key filters at once.

    The filter is read in the same turn in which the key arrives (`Input.Changed` would come a frame later), so that
    rows and counts change together with the text; and left in the same turn, so that the next key is for the table.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "keep", "Keep", id="filter.keep", tooltip="Keep the filter and go back to the list"),
        Binding("escape", "drop", "Clear", id="filter.clear", tooltip="Clear the filter and go back to the list"),
        Binding(
            "tab", "complete(1)", "Complete", id="filter.complete", tooltip="Complete the word; again for the next"
        ),
        Binding(
            "shift+tab", "complete(-1)", id="filter.complete_back", show=False, tooltip="Complete it the other way"
        ),
        Binding("up", "older", "Earlier filter", id="filter.older", show=False, tooltip="Go back to an earlier filter"),
        Binding("down", "newer_or_keep", "Back to list", id="filter.down", show=False, tooltip="Back to the list"),
    ]

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))
    """As in Textual, but a letter needs no new layout of the screen: the line is always one row high."""

    def __init__(
        self,
        edited: Callable[[str], None],
        left: Callable[[], None],
        candidates: Candidates,
        *,
        id: str | None = None,  # noqa: A002  Textual's own name
    ) -> None:
        hint = "words, use:hf by:me key:token is:immutable age:>30d -not or hf-* /regex/"
        super().__init__(candidates, History(), placeholder=hint, id=id)
        self._edited = edited
        self._left = left

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Return whether a key types a character, so that it is no command; Textual leaves out "slash"."""
        return key == "slash" or super().check_consume_key(key, character)

    def watch_value(self, value: str) -> None:
        """Filter at once."""
        self._edited(value)

    def action_keep(self) -> None:
        self.history.add(self.value)
        self._left()

    def action_drop(self) -> None:
        self.history.add(self.value)
        self.value = ""
        self._left()

    def action_newer_or_keep(self) -> None:
        """Recall the later filter, and after the last one go back to the list."""
        self.action_newer(self.action_keep)
