from collections import Counter
from collections.abc import Iterator, Mapping

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from wbtui.domain.placements import variable_problem
from wbtui.domain.problems import Problem
from wbtui.domain.text import plain
from wbtui.widgets.line import TitledLine

_AT_ONCE = 16
"""Lines that are there from the start, as many as fit; the others follow, so many at a time."""

_PAUSE = 0.05
"""Seconds between them, in which the form is drawn and keys are handled."""


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
        """Tell whether another name was entered."""
        return self.line.value != self._start


class VariableLines(Vertical):
    """A line for each key of a secret; `variables` are what they begin with, by key."""

    def __init__(self, variables: Mapping[str, str], *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self._coming = list(variables.items())
        """Keys that have no line yet: to make one takes a while."""
        self._lines: list[VariableLine] = []

    def compose(self) -> ComposeResult:
        """Lay out the first lines."""
        yield from self._next_lines()

    def on_mount(self) -> None:
        self.set_timer(_PAUSE, self._mount_more)

    async def _mount_more(self) -> None:
        if lines := self._next_lines():
            await self.mount_all(lines)
            self.set_timer(_PAUSE, self._mount_more)

    def _next_lines(self) -> list[VariableLine]:
        lines = [VariableLine(key, variable) for key, variable in self._coming[:_AT_ONCE]]
        del self._coming[:_AT_ONCE]
        self._lines += lines
        return lines

    @property
    def touched(self) -> bool:
        """Tell whether another name was entered for a key."""
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
