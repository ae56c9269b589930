"""Keys that were typed before a question was there answer it neither then nor later, and that is said once."""

from textual import events
from textual.widgets._toast import Toast

from tests.conftest import Kubectl
from tests.screens.driving import session
from wbtui.repository import Clusters
from wbtui.screens.attention import QUIET, Attention


async def test_two_hundred_letters_typed_ahead_of_a_question_are_told_of_once(
    clusters: Clusters, kubectl: Kubectl
) -> None:
    kubectl("create", "secret", "generic", "spare")
    async with session(clusters, size=(80, 24)) as person:
        await person.sees("live")
        await person.goes_to("spare")
        for key in ("ctrl+d", *200 * "y"):
            person.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await person.sees("Delete spare for good?", "Ignored: the key was pressed before")
        await person.until(lambda: len(person.app.screen.query(Toast)) == 1)
    assert "spare" in kubectl("get", "secrets", "-o", "name")


def test_a_letter_that_comes_too_early_starts_the_wait_again() -> None:
    attention = Attention()
    attention.begin()
    key = events.Key("y", "y")
    began = key.time
    counted = []
    for after in (0.9 * QUIET, 1.2 * QUIET, 2.1 * QUIET, 3.2 * QUIET):
        key.time = began + after
        attention.note(key)
        counted.append(attention.counts)
    assert counted == [False, False, False, True]


def test_a_letter_from_before_the_question_takes_nothing_from_the_wait() -> None:
    attention = Attention()
    key = events.Key("y", "y")
    attention.begin()
    key.time -= 10 * QUIET
    attention.note(key)
    key.time += 10 * QUIET
    attention.note(key)
    assert not attention.counts
