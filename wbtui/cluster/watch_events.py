"""The events of a watch: their net changes, and pauses between them."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from typing import TypeVar

from wbtui.cluster.readers import ObjectEvent, T
from wbtui.news import Changes

Item = TypeVar("Item")
_ADDED = {"ADDED": 1, "DELETED": -1}


def net_changes(events: Iterable[ObjectEvent[T]]) -> Changes[T] | None:
    """Return the net effect of some events: the last one of each object decides. None where there is none."""
    changed: dict[str, T] = {}
    deleted: dict[str, None] = {}
    for event in events:
        for item in event.items:
            if event.type == "DELETED":
                changed.pop(item.uid, None)
                deleted[item.uid] = None
            else:
                deleted.pop(item.uid, None)
                changed[item.uid] = item
    return Changes(tuple(changed.values()), tuple(deleted)) if changed or deleted else None


def added(event: ObjectEvent[T]) -> int:
    """Return by how much an event changes the number of objects."""
    return _ADDED.get(event.type, 0) * len(event.items)


async def with_pauses(
    items: AsyncIterator[Item], pause: Callable[[], float | None]
) -> AsyncGenerator[Item | None, None]:
    """Yield the items, and None whenever none was received for the seconds of `pause`, unless those are None.

    Without a pause, no task is created: that would delay each change that the user waits for.
    """
    while True:
        seconds = pause()
        if seconds is None:
            try:
                item = await anext(items)
            except StopAsyncIteration:
                return
            yield item
            continue
        coming = asyncio.ensure_future(anext(items))
        try:
            while not (await asyncio.wait([coming], timeout=seconds))[0]:
                yield None
            item = coming.result()
        except StopAsyncIteration:
            return
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
        yield item
