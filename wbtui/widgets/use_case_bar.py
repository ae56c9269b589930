from collections.abc import Callable, Mapping

from textual import events
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from wbtui.domain.use_cases.model import UseCase
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.widgets.picker import position_at

_CALM = 1.0
"""Seconds until new counts are shown: a frame for them would delay the rows that change."""
_TITLES = ["All", *(use_case.title for use_case in USE_CASES)]
_VALUES = [use_case.value for use_case in USE_CASES]


class UseCaseBar(Static):
    """The use cases beside the digits that choose them; the chosen one is in brackets.

    Where there is room, each has the number of its secrets. `choose` is called with the digit that was clicked.
    """

    def __init__(self, choose: Callable[[int], None], *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(markup=False, id=id)
        self._choose = choose
        self._chosen = 0
        self._counts: list[int] = []
        self._words: list[str] = []
        self._due: Timer | None = None

    def on_mount(self) -> None:
        self._draw()

    def on_resize(self, _: events.Resize) -> None:
        self._draw()

    def mark(self, chosen: UseCase | None) -> None:
        """Mark the chosen use case; None is all of them."""
        self._chosen = USE_CASES.index(chosen) + 1 if chosen else 0
        self._draw()

    def count(self, total: int, by_use_case: Mapping[str, int]) -> None:
        """Show how many secrets there are of all, and of each use case by its value."""
        counts = [total, *(by_use_case.get(value, 0) for value in _VALUES)] if total else []
        if counts != self._counts:
            first, self._counts = not self._counts, counts
            if first or not counts:
                self._draw()
            else:
                self._due = self._due or self.set_timer(_CALM, self._draw)

    @property
    def is_drawn(self) -> bool:
        """Return whether the latest counts are on the screen."""
        return self._due is None

    def on_click(self, event: events.Click) -> None:
        digit = position_at(event.x, self._words)
        if digit is not None:
            self._choose(digit)

    def _draw(self) -> None:
        self._due = None
        words = [f"{digit} {title}" for digit, title in enumerate(_TITLES)]
        counted = [f"{word} {count:,}" for word, count in zip(words, self._counts, strict=False)]
        if counted and sum(len(word) + 2 for word in counted) <= self.size.width:
            words = counted
        self._words = words
        parts = [(f"[{word}]", "reverse") if digit == self._chosen else f" {word} " for digit, word in enumerate(words)]
        content = Content.assemble(*parts)
        if content != self.content:
            self.update(content, layout=False)
