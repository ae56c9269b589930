"""The colors: for a dark and a light background, and for terminals that have 16 colors of their own."""

from collections.abc import Mapping

from textual.theme import Theme

PREFIX = "wbtui-"
DARK, LIGHT, PLAIN = f"{PREFIX}dark", f"{PREFIX}light", f"{PREFIX}plain"
_LIGHT_BACKGROUNDS = {"7", "15"}
_DEFAULT = "ansi_default"

THEMES = (
    Theme(
        name=DARK,
        primary="#2f8fd8",
        secondary="#69b3ee",
        accent="#ffa62b",
        warning="#ffb84d",
        error="#ff7b8f",
        success="#5ccf80",
        foreground="#e4e4e4",
        background="#121212",
        surface="#1c1c1c",
        panel="#262626",
        boost="#303030",
        variables={
            "text-muted": "#bcbcbc",
            "text-disabled": "#a0a0a0",
            "text-error": "#ff8f9f",
            "text-warning": "#ffbf5f",
            "text-success": "#6fdf8f",
            "text-accent": "#ffb84d",
            "surface-lighten-1": "#3a3a3a",
            "block-cursor-background": "#005f87",
            "block-cursor-foreground": "#ffffff",
            "block-cursor-blurred-background": "#3a3a3a",
            "block-cursor-blurred-foreground": "#e4e4e4",
            "footer-key-foreground": "#ffb84d",
        },
    ),
    Theme(
        name=LIGHT,
        dark=False,
        primary="#005f87",
        secondary="#005f87",
        accent="#8a4b00",
        warning="#7a4500",
        error="#a8002e",
        success="#006b2d",
        foreground="#1c1c1c",
        background="#ffffff",
        surface="#f4f4f4",
        panel="#e8e8e8",
        boost="#eeeeee",
        variables={
            "text-muted": "#4e4e4e",
            "text-disabled": "#5a5a5a",
            "text-error": "#a8002e",
            "text-warning": "#7a4500",
            "text-success": "#005f27",
            "text-accent": "#7a4500",
            "surface-lighten-1": "#dadada",
            "block-cursor-background": "#005f87",
            "block-cursor-foreground": "#ffffff",
            "block-cursor-blurred-background": "#dadada",
            "block-cursor-blurred-foreground": "#1c1c1c",
            "footer-key-foreground": "#7a4500",
        },
    ),
    Theme(
        # The terminal's own two colors, which its owner can read, whatever they are.
        name=PLAIN,
        ansi=True,
        primary=_DEFAULT,
        secondary=_DEFAULT,
        accent=_DEFAULT,
        warning=_DEFAULT,
        error=_DEFAULT,
        success=_DEFAULT,
        foreground=_DEFAULT,
        background=_DEFAULT,
        surface=_DEFAULT,
        panel=_DEFAULT,
        boost=_DEFAULT,
        variables={
            **{f"text-{name}": _DEFAULT for name in ("muted", "disabled", "error", "warning", "success", "accent")},
            "surface-lighten-1": _DEFAULT,
            "ansi-background": _DEFAULT,
            "ansi-foreground": _DEFAULT,
            "block-cursor-background": "ansi_blue",
            "block-cursor-foreground": "ansi_bright_white",
            "block-cursor-blurred-background": _DEFAULT,
            "block-cursor-blurred-foreground": _DEFAULT,
            "footer-key-foreground": _DEFAULT,
            "input-cursor-background": "ansi_blue",
            "input-cursor-foreground": "ansi_bright_white",
            "input-selection-background": "ansi_blue",
            "input-selection-foreground": "ansi_bright_white",
            "border": _DEFAULT,
            "border-blurred": _DEFAULT,
        },
    ),
)


def fitting_theme(color_system: str | None, environ: Mapping[str, str], *, light: bool | None = None) -> str:
    """Return the name of the theme for a terminal: Rich's name of its colors, and what its environment tells.

    `light` is what the terminal itself has told of its background, None where it has not.
    """
    if color_system not in {"256", "truecolor"}:
        return PLAIN
    if environ.get("NO_COLOR"):  # the driver turns the marked parts of the dark theme into reverse video
        return DARK
    if light is not None:
        return LIGHT if light else DARK
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT if background in _LIGHT_BACKGROUNDS else DARK
