"""Every text can be read on what is behind it, in each theme, on each kind of terminal."""

from collections.abc import Iterator

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from tests.pictures import PICTURES, scene
from tests.screens.driving import Session, session
from wbtui.domain.theme_names import MORE_THEMES
from wbtui.repository import Clusters
from wbtui.terminal.background import BackgroundQuestion, answers_questions
from wbtui.terminal.more_themes import adapted
from wbtui.terminal.themes import DARK, LIGHT, PLAIN, fitting_theme

LEAST = 4.5
"""The contrast that the Web Content Accessibility Guidelines want of text (level AA)."""
XTERM = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
    (255, 255, 255),
]  # fmt: skip
CONSOLE = [
    (0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170),
    (85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85), (85, 85, 255), (255, 85, 255), (85, 255, 255),
    (255, 255, 255),
]  # fmt: skip
TERMINALS = [
    TerminalTheme((0, 0, 0), (229, 229, 229), XTERM[:8], XTERM[8:]),
    TerminalTheme((255, 255, 255), (0, 0, 0), XTERM[:8], XTERM[8:]),
    TerminalTheme((0, 0, 0), (170, 170, 170), CONSOLE[:8], CONSOLE[8:]),
]
SYSTEMS = {DARK: [ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT], LIGHT: [ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT]}
SCENES = ["secrets", "details", "projects", "help", "start", "create-Database", "delete-in-use", "used-by", "use"]


def segments(person: Session) -> Iterator[Segment]:
    """Yield what is on the screen, as it is sent to a terminal, without blanks."""
    for strip in person.app.screen._compositor.render_strips():  # noqa: SLF001  there is no other way to read a screen
        yield from (segment for segment in strip if segment.text.strip(" ─│╭╮╰╯▏▔▁▂▃▄▅▆▇█━┃▎▊"))


def contrast(style: Style, terminal: TerminalTheme, system: ColorSystem) -> float:
    """Return the contrast of text in a style, from 1 to 21."""
    text = rgb(style.color, terminal, system, foreground=True)
    behind = rgb(style.bgcolor, terminal, system, foreground=False)
    darker, lighter = sorted(map(luminance, (text, behind)))
    return (lighter + 0.05) / (darker + 0.05)


def rgb(color: RichColor | None, terminal: TerminalTheme, system: ColorSystem, *, foreground: bool) -> Color:
    """Return a colour as the terminal shows it."""
    triplet = (color or RichColor.default()).downgrade(system).get_truecolor(terminal, foreground=foreground)
    return Color(*triplet)


def luminance(color: Color) -> float:
    """Return the relative luminance, as the guidelines define it."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("name", SCENES)
async def test_all_text_can_be_read(name: str) -> None:
    async with scene(PICTURES[name]) as person:
        for theme in (DARK, LIGHT, PLAIN):
            person.app.theme = theme
            await person.settle()
            low = {
                (round(found, 1), str(segment.style), segment.text.strip())
                for segment in segments(person)
                for terminal in TERMINALS
                for system in SYSTEMS.get(theme, [ColorSystem.STANDARD])
                if (found := contrast(segment.style or Style(), terminal, system)) < LEAST
            }
            assert not low, f"{theme}: {low}"


@pytest.mark.parametrize("colors", ["truecolor", "256"])
async def test_all_text_can_be_read_in_the_themes_of_textual(colors: str) -> None:
    system = ColorSystem.EIGHT_BIT if colors == "256" else ColorSystem.TRUECOLOR
    async with scene(PICTURES["create-Database"]) as person:
        for name in MORE_THEMES:
            person.app.register_theme(adapted(name, has_256_colors=colors == "256"))
            person.app.theme = name
            await person.settle()
            low = {
                (round(found, 1), str(segment.style), segment.text.strip())
                for segment in segments(person)
                if (found := contrast(segment.style or Style(), TERMINALS[0], system)) < LEAST
            }
            assert not low, f"{name}: {low}"


def test_every_theme_of_textual_has_a_name_in_the_settings() -> None:
    assert set(MORE_THEMES) == BUILTIN_THEMES.keys() - {"ansi-dark", "ansi-light"}


async def test_a_theme_can_be_chosen_by_name(clusters: Clusters) -> None:
    async with session(clusters) as person:
        await person.press("ctrl+p")
        await person.type("theme: nord")
        await person.sees("Theme: nord")
        await person.press("enter")
        await person.until(lambda: person.app.theme == "nord")
        assert person.app.current_theme.error == adapted("nord").error != BUILTIN_THEMES["nord"].error


def test_a_background_that_is_told_chooses_the_theme_unless_one_was_chosen() -> None:
    assert fitting_theme("truecolor", {"COLORFGBG": "15;0"}, light=True) == LIGHT
    assert fitting_theme("256", {"COLORFGBG": "0;15"}, light=False) == DARK
    assert fitting_theme("standard", {}, light=True) == PLAIN
    assert fitting_theme("256", {"NO_COLOR": "1", "COLORFGBG": "0;15"}, light=True) == DARK


async def test_the_terminals_answer_changes_the_theme_until_one_is_chosen(clusters: Clusters) -> None:
    async with session(clusters) as person:
        told = person.app.themes
        before = person.app.console.color_system
        told.background_told(light=True)
        assert person.app.theme == (LIGHT if before in {"256", "truecolor"} else PLAIN)
        told.choose("dark")
        told.background_told(light=True)
        assert person.app.theme == DARK


@pytest.mark.parametrize(
    ("read", "left", "light"),
    [
        ([b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\"], b"", True),
        ([b"\x1b]11;rgb:0000/0000/0000\x07"], b"", False),
        ([b"\x1b]11;rgb:1e/1e/2e\x07q"], b"q", False),
        ([b"/hf\x1b]11;rgb:fdfd/f6f6/e3e3\x1b\\-x"], b"/hf-x", True),
        ([b"a\x1b]11;rgb:ff", b"ff/ffff/ff", b"ff\x1b\\b"], b"ab", True),
        ([b"\x1b]11;rgba:ffff/ffff/ffff/ffff\x07"], b"", True),
        ([b"\x1b]11;white\x07"], b"", None),
        ([b"\x1b[A", b"jk"], b"\x1b[Ajk", None),
        ([b"\x1b]11;" + b"x" * 100], b"\x1b]11;" + b"x" * 100, None),
    ],
)
def test_the_terminals_answer_is_taken_out_of_the_keys(read: list[bytes], left: bytes, light: object) -> None:
    question = BackgroundQuestion()
    question.asked()
    taken = [question.take(data) for data in read]
    assert (b"".join(data for data, _ in taken), taken[-1][1]) == (left, light)
    assert question.take(b"\x1b[B") == (b"\x1b[B", None)


def test_nothing_is_taken_that_was_not_asked_for() -> None:
    data = b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\"
    assert BackgroundQuestion().take(data) == (data, None)


@pytest.mark.parametrize(
    ("environ", "asked"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "linux"}, False),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, False),
    ],
)
def test_a_terminal_that_prints_questions_is_not_asked(environ: dict[str, str], asked: object) -> None:
    assert answers_questions(environ) is asked


@pytest.mark.parametrize(
    ("colors", "environ", "expected"),
    [
        ("truecolor", {}, DARK),
        ("256", {"COLORFGBG": "15;0"}, DARK),
        ("256", {"COLORFGBG": "0;15"}, LIGHT),
        ("truecolor", {"COLORFGBG": "0;default;7"}, LIGHT),
        ("truecolor", {"COLORFGBG": "nonsense"}, DARK),
        ("standard", {"COLORFGBG": "0;15"}, PLAIN),
        (None, {}, PLAIN),
    ],
)
def test_the_theme_fits_the_terminal(colors: str | None, environ: dict[str, str], expected: str) -> None:
    assert fitting_theme(colors, environ) == expected
