"""The names of themes in the settings."""

AUTO = "auto"
OWN_THEMES = ("dark", "light", "plain")
"""wbtui's own; plain uses the terminal's own colors."""
MORE_THEMES = (
    *("textual-dark", "textual-light", "nord", "gruvbox", "dracula", "tokyo-night", "monokai", "flexoki"),
    *("catppuccin-mocha", "catppuccin-macchiato", "catppuccin-frappe", "catppuccin-latte"),
    *("solarized-dark", "solarized-light", "rose-pine", "rose-pine-moon", "rose-pine-dawn"),
    *("atom-one-dark", "atom-one-light"),
)
"""Those that Textual has, without its two for terminals of 16 colors, which `plain` is for."""
THEME_NAMES = (AUTO, *OWN_THEMES, *MORE_THEMES)
