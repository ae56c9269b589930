from collections import Counter
from collections.abc import Iterator, Mapping

from textual.app import ComposeResult
from textual.containers import ScrollableContainer, Vertical
from textual.widget import Widget

from wbtui.domain.placements import variable_problem
from wbtui.domain.problems import Problem
from wbtui.domain.text import plain
from wbtui.widgets.line import TitledLine

_AT_ONCE = 16
"""Lines that are created together: creating one takes as long as drawing many."""
_AHEAD = 4
"""Lines that are there below the ones that are seen; once the form is scrolled, there is a whole screen of them."""


class VariableLine(TitledLine):
    """The variable that is to hold one key; the key is left out where it is empty."""

    def __init__(self, key: str, variable: str) -> None:
        super().__init__(plain(key), placeholder="left out")
        self.key = key
        self._start = variable
        self.line.value = variable

    @property
    def variable(self) -> str:
        """Return the variable's name."""
        return self.line.value.strip()

    @property
    def touched(self) -> bool:
        """Return whether another name was entered."""
        return self.line.value != self._start


class VariableLines(Vertical):
    """A line for each key of a secret; `variables` are what they begin with, by key.

    Lines are created when they come into view, or when Tab reaches them: a secret may have hundreds of keys.
    """

    def __init__(self, variables: Mapping[str, str], *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self._coming = list(variables.items())
        """Keys that have no line yet."""
        self._lines: list[VariableLine] = []

    def compose(self) -> ComposeResult:
        """Lay out the first lines."""
        yield from self._next_lines()

    def on_mount(self) -> None:
        self.screen.screen_layout_refresh_signal.subscribe(self, self._follow_view)

    async def on_descendant_focus(self) -> None:
        if self._lines and self.screen.focused is self._lines[-1].line:
            await self._mount_more()  # before Tab goes on to what is behind the lines

    async def _follow_view(self, _: object) -> None:
        """Make more lines where the last ones come into view."""
        scrolled = any(node.scroll_y for node in self.ancestors if isinstance(node, ScrollableContainer))
        ahead = self.screen.size.height if scrolled else _AHEAD
        if self.region and self.region.bottom < self.screen.size.height + ahead:
            await self._mount_more()

    async def _mount_more(self) -> None:
        await self.mount_all(self._next_lines())

    def _next_lines(self) -> list[VariableLine]:
        lines = [VariableLine(key, variable) for key, variable in self._coming[:_AT_ONCE]]
        del self._coming[:_AT_ONCE]
        self._lines += lines
        return lines

    @property
    def touched(self) -> bool:
        """Return whether another name was entered for a key."""
        return any(line.touched for line in self._lines)

    @property
    def entered(self) -> tuple[tuple[str, str], ...]:
        """Return each key, and the variable that is to hold it; empty where the key is left out."""
        return (*((line.key, line.variable) for line in self._lines), *self._coming)

    @property
    def keys_by_variable(self) -> dict[str, str]:
        """Return the keys by the variables that are to hold them."""
        return {variable: key for key, variable in self.entered if variable}

    def problems(self) -> Iterator[tuple[Widget, str, Problem]]:
        """Yield what is wrong: where, what that is called, and what; and show it."""
        names = Counter(variable for _, variable in self.entered if variable)
        if self._lines and not names:
            yield self._lines[0].line, "Variables", Problem("name at least one")
        for line in self._lines:
            text = variable_problem(line.variable) if line.variable else ""
            text = text or (f"{line.variable} is there twice" if names[line.variable] > 1 else "")
            line.show_error(text)
            if text:
                yield line.line, line.key, Problem(text)
