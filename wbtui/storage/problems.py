"""Problems with files and settings; each is reported once, when a listener is there."""

from collections.abc import Callable


class Problems:
    """The current problems by their subject. Problems from before the first listener are kept for it."""

    def __init__(self) -> None:
        self._current: dict[str, str] = {}
        self._untold: list[str] = []
        self._tell: Callable[[str], None] | None = None

    def report(self, about: str, problem: str) -> None:
        """Report a problem, unless it was reported before and has not been solved since."""
        if self._current.get(about) == problem:
            return
        self._current[about] = problem
        if self._tell:
            self._tell(problem)
        else:
            self._untold.append(problem)

    def solved(self, about: str) -> None:
        """Mark the problem with `about` as solved, so that the next one is reported again."""
        self._current.pop(about, None)

    def listen(self, tell: Callable[[str], None]) -> None:
        """Call `tell` with all problems so far, and with each further problem."""
        self._tell = tell
        while self._untold:
            tell(self._untold.pop(0))
