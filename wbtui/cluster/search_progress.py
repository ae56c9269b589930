import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from wbtui.domain.usage import SearchProgress, SearchStep

Item = TypeVar("Item")
T = TypeVar("T")


class ProgressCounter:
    """Counts what is done of a search; `tell` is called with each progress of the first step that is not done."""

    def __init__(self, tell: Callable[[SearchProgress], object]) -> None:
        self._tell = tell
        self._done: Counter[SearchStep] = Counter()
        self._total: Counter[SearchStep] = Counter()

    async def each(self, step: SearchStep, do: Callable[[Item], Awaitable[T]], items: Iterable[Item]) -> list[T]:
        """Do a step for each of its items side by side, and return the results in order."""
        every = list(items)
        self._total[step] += len(every)
        return await asyncio.gather(*(self._count(step, do, item) for item in every))

    async def _count(self, step: SearchStep, do: Callable[[Item], Awaitable[T]], item: Item) -> T:
        result = await do(item)  # called here: a coroutine made before would never run if this is cancelled first
        self._done[step] += 1
        now = next((one for one in SearchStep if self._done[one] < self._total[one]), step)
        self._tell(SearchProgress(now, self._done[now], self._total[now]))
        return result
