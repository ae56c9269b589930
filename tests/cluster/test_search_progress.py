"""How far a search is: what is told, and an end before its parts have begun."""

import asyncio
import gc
import warnings

import pytest

from wbtui.cluster.search_progress import ProgressCounter
from wbtui.domain.usage import SearchProgress, SearchStep


async def test_what_is_done_is_told_and_results_keep_their_order() -> None:
    told: list[SearchProgress] = []

    async def double(number: int) -> int:
        for _ in range(3 - number):  # the last is done first
            await asyncio.sleep(0)
        return 2 * number

    assert await ProgressCounter(told.append).each(SearchStep.SCHEMAS, double, [1, 2, 3]) == [2, 4, 6]
    assert told == [SearchProgress(SearchStep.SCHEMAS, done, 3) for done in (1, 2, 3)]


async def test_a_search_that_ends_before_its_parts_have_begun_leaves_none_behind() -> None:
    async def part(number: int) -> int:
        raise AssertionError(number)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        search = asyncio.create_task(ProgressCounter(lambda _: None).each(SearchStep.KINDS, part, [1, 2]))
        await asyncio.sleep(0)  # its tasks are made; none has run
        search.cancel()
        with pytest.raises(asyncio.CancelledError):
            await search
        del search
        gc.collect()
    assert [str(one.message) for one in caught] == []
