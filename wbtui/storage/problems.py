"""What is wrong with files and settings, told once each, as soon as there is somebody to tell."""

from collections.abc import Callable


class Problems:
    """Sentences by what they are about; nothing is lost that is reported before anybody listens."""

    def __init__(self) -> None:
        self._current: dict[str, str] = {}
        self._untold: list[str] = []
        self._tell: Callable[[str], None] | None = None

    def report(self, about: str, problem: str) -> None:
        """Tell a problem, unless it was told already and has not been solved since."""
        if self._current.get(about) == problem:
            return
        self._current[about] = problem
        if self._tell:
            self._tell(problem)
        else:
            self._untold.append(problem)

    def solved(self, about: str) -> None:
        """Tell the next problem of this kind again."""
        self._current.pop(about, None)

    def listen(self, tell: Callable[[str], None]) -> None:
        """Have each problem told: those of before now, those to come at once."""
        self._tell = tell
        while self._untold:
            tell(self._untold.pop(0))
