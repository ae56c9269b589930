"""What a terminal sends: keys, pastes in brackets, and pastes without."""

import random
from collections.abc import Iterator
from itertools import pairwise

import pytest
from textual import events

from tests.pseudo_terminal import (
    TAB,
    Terminal,
    wbtui,
)
from wbtui.terminal.keyboard import BurstKey, Keyboard, PasteUnfinished

KEY = "-----BEGIN PRIVATE KEY-----\rcAnArY-one\tcAnArY-two\r\rcAnArY-three\r-----END PRIVATE KEY-----\r"
ANSWER = b"\x1b[?2004;2$y"


def breaks(keyboard: Keyboard, data: bytes, *, after_text: bool = False) -> list[bool]:
    """Return of each Tab and Enter whether it may be part of a paste."""
    found = keyboard.feed(data, after_text=after_text)
    return [isinstance(event, BurstKey) for event in found if isinstance(event, events.Key) and event.key in BREAKS]


BREAKS = {"tab", "enter", "ctrl+j"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\r", [False]),
        (b"\t\t", [False, False]),
        (b"one\ttwo\r", [True, True]),
        (b"\rtwo", [True]),
        (b"two\n", [True]),
        (b"\x1b[A\r", [False]),
        (b"\x1b[<0;10;10M\r", [False]),
        (b"\x1b[200~a\rb\x1b[201~\r", [False]),
    ],
)
def test_a_tab_or_an_enter_in_one_burst_with_text_may_be_pasted(data: bytes, expected: list[bool]) -> None:
    assert breaks(Keyboard(), data) == expected


def test_a_line_end_that_follows_text_at_once_is_of_its_burst() -> None:
    assert breaks(Keyboard(), b"\r", after_text=True) == [True]


@pytest.mark.parametrize("told", [ANSWER, b"\x1b[200~x\x1b[201~"])
def test_where_pastes_come_in_brackets_a_burst_is_typed(told: bytes) -> None:
    keyboard = Keyboard()
    assert list(keyboard.feed(told)) is not None
    assert breaks(keyboard, b"one\ttwo\r") == [False, False]


@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_paste_in_brackets_arrives_as_it_was_sent(size: int) -> None:
    pasted = "ab\x1b[31mcd\x07\x1b[A\x00e\x1b\x1b[200~f"
    sent = f"x\x1b[200~{pasted}\x1b[201~y".encode()
    keyboard = Keyboard()
    found = [event for start in range(0, len(sent), size) for event in keyboard.feed(sent[start : start + size])]
    texts = [event.text if isinstance(event, events.Paste) else getattr(event, "key", "") for event in found]
    assert texts == ["x", pasted, "y"]


class StoppedClock:
    """A clock that a test moves."""

    time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.mark.parametrize("key", [b"\x1b", b"\x03", b"\x1b[27u", b"\x1b[99;5u"])
def test_a_paste_whose_end_never_arrives_is_said_and_can_be_dropped(key: bytes) -> None:
    clock = StoppedClock()
    keyboard = Keyboard(clock)
    assert list(keyboard.feed(b"\x1b[200~cAnArY")) == []
    clock.time += 1.9
    assert list(keyboard.tick()) == []
    assert list(keyboard.feed(key)) == []  # it may be a part of the paste
    clock.time += 2
    (told,) = keyboard.tick()
    assert isinstance(told, PasteUnfinished)
    assert not told.dropped
    assert list(keyboard.tick()) == []
    (dropped,) = keyboard.feed(key)
    assert isinstance(dropped, PasteUnfinished)
    assert dropped.dropped
    assert [event.key for event in keyboard.feed(b"jk") if isinstance(event, events.Key)] == ["j", "k"]


def test_a_paste_that_stalls_and_goes_on_is_whole() -> None:
    clock = StoppedClock()
    keyboard = Keyboard(clock)
    assert list(keyboard.feed(b"\x1b[200~one")) == []
    clock.time += 60
    assert len(list(keyboard.tick())) == 1
    (pasted,) = keyboard.feed(b" two\x1b[201~")
    assert isinstance(pasted, events.Paste)
    assert pasted.text == "one two"


def test_keys_are_keys_again_once_a_cut_paste_was_dropped(environment: dict[str, str]) -> None:
    with wbtui(environment) as terminal:
        terminal.sees("27 secrets", "live")
        terminal.press("\x1b[200~cAnArY")
        terminal.sees("its end has not arrived")
        terminal.press("\x1b")
        terminal.sees("The paste was dropped")
        terminal.press("?")
        terminal.sees("Keys")
        assert b"cAnArY" not in terminal.output


def pieces(text: str, seed: int) -> Iterator[str]:
    """Cut text as a slow line does: after any character but a line end that stands alone."""
    cuts = sorted(random.Random(seed).sample(range(2, len(text) - 2), 4))
    yield from (text[start:end] for start, end in pairwise([0, *cuts, len(text)]))


def open_value(terminal: Terminal) -> None:
    """Open a form, with the focus in a masked value between others."""
    terminal.sees("27 secrets", "live")
    terminal.press("a")
    terminal.sees("Creates in")
    terminal.press(f"{TAB}2{TAB * 3}")
    terminal.sees("[2 S3]", "▏not shown while you type")


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_a_paste_without_brackets_shows_nothing_and_is_one_value(environment: dict[str, str], seed: int) -> None:
    with wbtui(environment, pastes_in_brackets=False) as terminal:
        open_value(terminal)
        pasted = ""
        for piece in pieces(KEY, seed) if seed else [KEY]:
            pasted += piece
            terminal.press(piece)
            terminal.sees(f"{len(pasted)} bytes")
        assert b"cAnArY" not in terminal.output


@pytest.mark.parametrize("text", ["ghp_0123456789abcdefABCDEF", "hf_" + "aB3" * 10, "eyJhbGciOi.eyJzdWIiOi.c2ln"])
def test_a_credential_that_comes_at_once_is_a_paste_and_no_commands(text: str) -> None:
    assert [type(event) for event in Keyboard().feed(text.encode())] == [events.Paste]


@pytest.mark.parametrize(
    "text", ["/hf-token-llama", "llama", ":secret hf-token-llama", "jjjjjjjjjjjjjjjjjjjjjjjj", "hf_a"]
)
def test_what_is_typed_ahead_stays_keys(text: str) -> None:
    assert {type(event) for event in Keyboard().feed(text.encode())} == {events.Key}


def test_a_credential_pasted_into_the_list_without_brackets_does_nothing(environment: dict[str, str]) -> None:
    with wbtui(environment, pastes_in_brackets=False) as terminal:
        terminal.sees("27 secrets", "demo@example.com", "live")
        before = terminal.text()
        terminal.press("ghp_0123456789abcdefABCDEF")
        terminal.sees("A paste has no effect here.")
        terminal.press("j")
        terminal.sees("> gateway-api-keys")
        assert "Go to a project" not in terminal.text()
        assert before.count("Helm hidden") == terminal.text().count("Helm hidden") == 1
