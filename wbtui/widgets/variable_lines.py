from collections import Counter
from collections.abc import Iterator, Mapping

from wbtui.domain.placements import variable_problem
from wbtui.domain.problems import Problem
from wbtui.domain.text import plain
from wbtui.widgets.form_area import FormProblem
from wbtui.widgets.lazy_lines import LazyLines
from wbtui.widgets.line import TitledLine


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


class VariableLines(LazyLines[tuple[str, str], VariableLine]):
    """A line for each key of a secret; `variables` are what they begin with, by key."""

    def __init__(self, variables: Mapping[str, str], *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(list(variables.items()), lambda item: VariableLine(*item), id=id)

    @property
    def touched(self) -> bool:
        """Return whether another name was entered for a key."""
        return any(line.touched for line in self.lines)

    @property
    def entered(self) -> tuple[tuple[str, str], ...]:
        """Return each key, and the variable that is to hold it; empty where the key is left out."""
        return tuple((one.key, one.variable) if isinstance(one, VariableLine) else one for one in self.content)

    @property
    def keys_by_variable(self) -> dict[str, str]:
        """Return the keys by the variables that are to hold them."""
        return {variable: key for key, variable in self.entered if variable}

    def check(self) -> Iterator[FormProblem]:
        """Yield what is wrong, and show it."""
        names = Counter(variable for _, variable in self.entered if variable)
        if self.lines and not names:
            yield FormProblem(self.lines[0].line, "Variables", Problem("name at least one"))
        for line in self.lines:
            text = variable_problem(line.variable) if line.variable else ""
            text = text or (f"{line.variable} is there twice" if names[line.variable] > 1 else "")
            line.show_error(text)
            if text:
                yield FormProblem(line.line, line.key, Problem(text))
