import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, split_graphemes
from rich.text import Text

from wbtui.domain.text import plain, plain_lines, shortened

ODD = "".join(chr(point) for point in range(0x110000) if unicodedata.category(chr(point))[0] in "CMZ")
TEXTS = st.text(st.characters() | st.sampled_from(ODD))
BAD, JOINER = "\N{REPLACEMENT CHARACTER}", "\u200d"
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Me"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("hf-token", "hf-token"),
        ("Zoë 東京", "Zoë 東京"),
        ("Zoe\u0308 \u1112\u1161\u11ab", "Zoë 한"),
        ("\x1b[31mred\x07", f"{BAD}[31mred{BAD}"),
        ("\x9b31m", f"{BAD}31m"),
        ("a\nb\tc\r", f"a{BAD}b{BAD}c{BAD}"),
        ("user\u202egnp.exe", f"user{BAD}gnp.exe"),
        ("a\u200bb\ufeffc\u2060", f"a{BAD}b{BAD}c{BAD}"),
        ("a\u200db\ufe0f", "ab"),
        ("\ud800", BAD),
        ("\u2028\u2029", BAD * 2),
        ("\u0301x", f"{BAD}x"),
        ("\u3164\u115f", BAD * 2),
        ("👍🏽", "👍🏽"),
        ("a🏽", f"a{BAD}"),
        ("हिन्दी ภาษาไทย שָׁלוֹם", "हिन्दी ภาษาไทย שָׁלוֹם"),
        ("x\u0301\u0302\u0303\u0304\u0305\u0306", f"x\u0301\u0302\u0303\u0304{BAD}{BAD}"),
        ("a\u034fb\U000e0100", f"a{BAD}b{BAD}"),
        (" \u0301-\u0301", f" {BAD}-{BAD}"),
        ("👩\u200d💻 👩🏽\u200d⚕\ufe0f", "👩\u200d💻 👩🏽\u200d⚕"),
        ("👩\u200d\u200d💻\u200d", "👩\u200d💻"),
        ("a\u200d💻 💻\u200da", "a💻 💻a"),
        ("\u0645\u06cc\u200c\u062e", f"\u0645\u06cc{BAD}\u062e"),
        ("[bold red]not markup[/]", "[bold red]not markup[/]"),
        ("", ""),
    ],
)
def test_what_could_move_hide_or_command_is_replaced(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(TEXTS)
def test_nothing_hidden_is_left_and_cleaning_again_changes_nothing(text: str) -> None:
    cleaned = plain(text)
    assert not {unicodedata.category(character) for character in cleaned.replace(JOINER, "")} & HIDDEN
    assert plain(cleaned) == cleaned
    assert "\n" not in "".join(cleaned.splitlines(keepends=True)[1:])


@given(TEXTS)
def test_whatever_is_drawn_has_a_width_of_its_own(text: str) -> None:
    cleaned = plain(text)
    spans, width = split_graphemes(cleaned)
    assert all(cells in {1, 2} for _, _, cells in spans)
    assert width == cell_len(cleaned)
    assert Text(cleaned).plain == cleaned


@given(TEXTS)
def test_lines_are_split_and_each_is_harmless(text: str) -> None:
    lines = plain_lines(text)
    assert len(lines) == max(len(text.splitlines()), 1)
    assert all(line == plain(line) and "\t" not in line for line in lines)


def test_a_tab_keeps_its_distance() -> None:
    assert plain_lines("a\tb\r\nc") == ["a    b", "c"]


@given(st.text(), st.integers(0, 20))
def test_shortened_text_fits_and_says_that_something_is_missing(text: str, limit: int) -> None:
    short = shortened(text, limit)
    assert len(short) <= max(limit, 1)
    assert short == text or short.endswith("…")
