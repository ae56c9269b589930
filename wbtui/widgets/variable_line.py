from wbtui.domain.text import plain
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
        """Tell whether another name was entered."""
        return self.line.value != self._start
