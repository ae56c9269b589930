from textual import events

from wbtui.screens.attention import QUIET, Attention


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
