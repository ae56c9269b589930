from datetime import timedelta

from tests.conftest import NOW
from wbtui.errors import Unreachable
from wbtui.news import Complete, Interrupted, WatchOpened
from wbtui.widgets.freshness import Freshness

AWAY = Unreachable("nobody answers")


def test_a_list_is_as_of_the_last_answer_until_there_is_news_again() -> None:
    freshness = Freshness(lambda: NOW)
    for news, words in (
        (Complete(frozenset()), ""),
        (WatchOpened(), ""),
        (Interrupted(AWAY, 1.0), "as of 12:00:00 UTC"),
        (Interrupted(AWAY, 1.0, NOW + timedelta(seconds=5)), "as of 12:00:05 UTC"),
        (Interrupted(AWAY, 1.0), "as of 12:00:05 UTC"),
        (WatchOpened(), ""),
    ):
        freshness.apply(news)
        assert freshness.words == words


def test_a_list_that_was_not_read_to_its_end_says_so() -> None:
    assert Freshness(lambda: NOW, error=AWAY).words == "not all of them: {list.again} loads the list again"
    assert not Freshness(lambda: NOW).words
    assert not Freshness(lambda: NOW, complete=True, error=AWAY).words
