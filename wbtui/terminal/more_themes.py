"""Textual's themes, changed so that each text can be read on what is behind it."""

from collections.abc import Iterable
from functools import cache, partial

from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.color import BLACK, WHITE, Color
from textual.constants import DIM_FACTOR
from textual.theme import BUILTIN_THEMES, Theme

_LEAST = 4.6
"""The contrast of each text, a little over the 4.5 of the Web Content Accessibility Guidelines (level AA)."""
_STEPS = 20
_CUBE = (0, 95, 135, 175, 215, 255)
_GRAYS = range(8, 248, 10)
_SURFACE = 0.4
_TEXTS = ("primary", "secondary", "accent", "warning", "error", "success")
_INKS = ("foreground", *_TEXTS)


def adapted(name: str, *, has_256_colors: bool = False) -> Theme:
    """Return the theme of Textual with this name, with texts that can be read."""
    theme = BUILTIN_THEMES[name]
    generated = theme.to_color_system().generate()
    colors = {part: Color.parse(generated[part]) for part in (*_INKS, "background", "surface")}
    shown = _nearest_of_256 if has_256_colors else lambda color: color
    background = shown(colors["background"])
    # Between the background and Textual's surfaces: on those, colors would have to be almost white.
    surface = shown(background.blend(colors["surface"], _SURFACE, alpha=1))
    ink, paper = (WHITE, BLACK) if theme.dark else (BLACK, WHITE)
    panel, boost, lighter = (shown(surface.blend(ink, share, alpha=1)) for share in (0.03, 0.05, 0.09))
    system = ColorSystem.EIGHT_BIT if has_256_colors else ColorSystem.TRUECOLOR
    readable = partial(_readable, system, (background, surface, panel, boost, lighter), ink)
    inks = {part: readable(colors[part]) for part in _TEXTS}
    foreground = readable(colors["foreground"], dimmed=True)
    muted, disabled = (readable(foreground.blend(background, share, alpha=1), dimmed=True) for share in (0.3, 0.4))
    cursor = _readable(system, (ink,), paper, colors["primary"])
    return Theme(
        name=name,
        dark=theme.dark,
        background=background.hex,
        surface=surface.hex,
        panel=panel.hex,
        boost=boost.hex,
        foreground=foreground.hex,
        primary=inks["primary"].hex,
        secondary=inks["secondary"].hex,
        accent=inks["accent"].hex,
        warning=inks["warning"].hex,
        error=inks["error"].hex,
        success=inks["success"].hex,
        variables={
            **{f"text-{part}": inks[part].hex for part in _TEXTS},
            "text": foreground.hex,
            "text-muted": muted.hex,
            "text-disabled": disabled.hex,
            "surface-lighten-1": lighter.hex,
            "block-cursor-background": cursor.hex,
            "block-cursor-foreground": ink.hex,
            "block-cursor-blurred-background": lighter.hex,
            "block-cursor-blurred-foreground": foreground.hex,
            "footer-key-foreground": readable(colors["accent"], dimmed=True).hex,
            "input-selection-background": cursor.hex,
            "input-selection-foreground": ink.hex,
        },
    )


def _nearest_of_256(color: Color) -> Color:
    """Return the color of a terminal with 256 that is nearest; Rich would make some dark ones much lighter."""
    red, green, blue = (min(_CUBE, key=lambda level: abs(level - part)) for part in color.rgb)
    gray = min(_GRAYS, key=lambda level: abs(level - sum(color.rgb) / 3))
    candidates = (Color(red, green, blue), Color(gray, gray, gray))
    return min(candidates, key=lambda one: sum((a - b) ** 2 for a, b in zip(one.rgb, color.rgb, strict=True)))


def _readable(
    system: ColorSystem, behind: Iterable[Color], limit: Color, color: Color, *, dimmed: bool = False
) -> Color:
    """Return the first color on the way from `color` to `limit` that can be read on all that is behind it.

    With `dimmed`, it can also be read where Textual dims it.
    """
    share = DIM_FACTOR if dimmed else 1.0
    steps = (color.blend(limit, step / _STEPS, alpha=1) for step in range(_STEPS))
    pairs = ((step, [(other.blend(step, share, alpha=1), other) for other in behind]) for step in steps)
    return next((step for step, pair in pairs if all(_contrast(system, *two) >= _LEAST for two in pair)), limit)


def _contrast(system: ColorSystem, one: Color, other: Color) -> float:
    """Return the contrast of two colors on a terminal with such colors, from 1 to 21."""
    darker, lighter = sorted((_luminance(system, one.rgb), _luminance(system, other.rgb)))
    return (lighter + 0.05) / (darker + 0.05)


@cache
def _luminance(system: ColorSystem, rgb: tuple[int, int, int]) -> float:
    """Return the relative luminance, as the guidelines define it."""
    parts = RichColor.from_rgb(*rgb).downgrade(system).get_truecolor().normalized
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)  # noqa: PLR2004
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
