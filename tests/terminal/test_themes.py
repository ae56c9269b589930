"""Every text can be read on what is behind it, in each theme, on each kind of terminal."""

from collections.abc import Iterator

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from textual.color import Color

from tests.pictures import PICTURES, scene
from tests.screens.driving import Session
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
