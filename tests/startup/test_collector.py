import gc
from collections.abc import Iterator

import pytest

from tests.screens.driving import session
from wbtui.repository import Clusters
from wbtui.startup import collector


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave the collector as it was for other tests."""
    thresholds = gc.get_threshold()
    gc.unfreeze()
    yield
    gc.enable()
    gc.unfreeze()
    gc.set_threshold(*thresholds)


async def test_it_runs_again_after_the_first_frame(clusters: Clusters) -> None:
    collector.pause()
    assert not gc.isenabled()
    async with session(clusters) as person:
        await person.sees("live")
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0


def test_what_was_not_paused_keeps_its_thresholds() -> None:
    thresholds = gc.get_threshold()
    collector.resume()
    assert (gc.isenabled(), gc.get_threshold()) == (True, thresholds)


async def test_the_first_list_is_not_looked_at_again(clusters: Clusters) -> None:
    assert gc.get_freeze_count() == 0
    async with session(clusters) as person:
        await person.sees("live")
        await person.until(lambda: gc.get_freeze_count() > 0)  # once the list has been drawn
