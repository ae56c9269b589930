import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from wbtui.domain.usage import Progress, Step

T = TypeVar("T")


class SearchProgress:
    """Counts what is done of a search; `tell` is called whenever more is, with the first step that is not done."""

    def __init__(self, tell: Callable[[Progress], object]) -> None:
        self._tell = tell
        self._done: Counter[Step] = Counter()
        self._total: Counter[Step] = Counter()

    async def each(self, step: Step, parts: Iterable[Awaitable[T]]) -> list[T]:
        """Await the parts of a step side by side, and return their results in order."""
        awaited = list(parts)
        self._total[step] += len(awaited)
        return await asyncio.gather(*(self._count(step, part) for part in awaited))

    async def _count(self, step: Step, part: Awaitable[T]) -> T:
        result = await part
        self._done[step] += 1
        now = next((one for one in Step if self._done[one] < self._total[one]), step)
        self._tell(Progress(now, self._done[now], self._total[now]))
        return result
