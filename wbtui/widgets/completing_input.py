from collections.abc import Callable

from textual.widgets import Input

from wbtui.domain.completion import Candidates, Completion
from wbtui.domain.history import History


class CompletingInput(Input):
    """A line that completes its last word, and recalls earlier lines.

    `candidates` returns what a line can be completed to. Subclasses bind the keys to the actions.
    """

    def __init__(self, candidates: Candidates, history: History, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self.cursor_blink = False  # it would write to the terminal twice a second for nothing
        self.history = history
        self._completion = Completion(candidates)

    def action_complete(self, step: int) -> None:
        """Insert the next candidate, or with -1 the previous one."""
        self._put(self._completion.next(self.value, step))

    def action_older(self) -> None:
        """Recall the earlier line."""
        self._put(self.history.older(self.value))

    def action_newer(self, otherwise: Callable[[], None] | None = None) -> None:
        """Recall the later line; after the last one, call `otherwise`."""
        line = self.history.newer()
        if line is None and otherwise:
            otherwise()
        self._put(line)

    def _put(self, line: str | None) -> None:
        if line is not None:
            self.value = line
            self.cursor_position = len(line)
