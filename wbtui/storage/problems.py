"""Problems with files and settings; each is reported once, when a listener is there."""

from collections.abc import Callable


class Problems:
    """The current problems by their subject. Problems from before the first listener are kept for it."""

    def __init__(self) -> None:
        self._current: dict[str, str] = {}
        self._unreported: list[str] = []
        self._listener: Callable[[str], None] | None = None

    def report(self, about: str, problem: str) -> None:
        """Report a problem, unless it was reported before and has not been solved since."""
        if self._current.get(about) == problem:
            return
        self._current[about] = problem
        if self._listener:
            self._listener(problem)
        else:
            self._unreported.append(problem)

    def solved(self, about: str) -> None:
        """Mark the problem with `about` as solved, so that the next one is reported again."""
        self._current.pop(about, None)

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with all problems so far, and with each further problem."""
        self._listener = listener
        while self._unreported:
            listener(self._unreported.pop(0))
