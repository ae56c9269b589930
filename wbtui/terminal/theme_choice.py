"""Which theme is used: the one that was chosen, or the one that fits the terminal."""

import os

from wbtui.domain.theme_names import AUTO, OWN_THEMES
from wbtui.terminal.textual_internals import OpenApp
from wbtui.terminal.themes import DARK, PREFIX, THEMES, fitting_theme


class ThemeChoice:
    """Chooses the theme of an application; without colors (NO_COLOR) there is only one."""

    def __init__(self, app: OpenApp) -> None:
        self._app = app
        for theme in THEMES:
            app.register_theme(theme)
        app.begin_with_theme(DARK)
        self._is_automatic = True
        self._has_colors = not os.environ.get("NO_COLOR")

    def begin(self) -> None:
        """Use the theme that fits the terminal, before the application runs."""
        self._app.begin_with_theme(fitting_theme(self._app.console.color_system, os.environ))

    def background_told(self, *, light: bool) -> None:
        """Use the theme that fits the background of the terminal, unless a theme was chosen."""
        if self._is_automatic:
            self._use(fitting_theme(self._app.console.color_system, os.environ, light=light))

    def choose(self, name: str) -> None:
        """Use the theme of this name in the settings."""
        if name == AUTO or not self._has_colors:
            return
        self._is_automatic = False
        if name in OWN_THEMES:
            self._use(f"{PREFIX}{name}")
            return
        from wbtui.terminal.more_themes import adapted  # noqa: PLC0415  few sessions use one

        has_256 = self._app.console.color_system == "256"
        self._app.register_theme(adapted(name, has_256_colors=has_256))  # in place of Textual's own
        self._use(name)

    def _use(self, name: str) -> None:
        if self._app.theme != name:
            self._app.theme = name
