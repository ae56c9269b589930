"""All that wbtui uses of Textual without its documentation: a test fails when one of these moves."""

from typing import IO, Any, ClassVar, cast

from textual._xterm_parser import XTermParser
from textual.app import App
from textual.command import CommandPalette
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.worker import Worker

__all__ = ["OpenApp", "OpenLinuxDriver", "OpenScrollView", "XTermParser"]


class OpenLinuxDriver(LinuxDriver):
    """Textual's driver for a terminal, with its output and its mouse open to change."""

    def set_output(self, output: IO[str]) -> None:
        """Write to `output`; before the driver is started."""
        self._file = cast("Any", output)

    def leave_mouse(self) -> None:
        """Leave the mouse to the terminal."""
        self._disable_mouse_support()
        self._mouse = False


class OpenCommandPalette(CommandPalette):
    """Textual's command palette, which looks for no commands while the application ends: its list is gone by then."""

    def _gather_commands(self, search_value: str) -> Worker[None] | None:  # type: ignore[override]
        return None if self.app._exit else super()._gather_commands(search_value)  # noqa: SLF001


class OpenApp(App[None]):
    """Textual's application, with its driver and its crash report open to use and change."""

    @property
    def driver(self) -> Driver | None:
        """Return the driver, once the application runs."""
        return self._driver

    def begin_with_theme(self, name: str) -> None:
        """Set the theme before the application runs: assigned to `theme`, it has all styles parsed a second time."""
        if name == self.theme:
            return
        self.set_reactive(App.theme, name)
        self.set_class(self.current_theme.dark, "-dark-mode", update=False)
        self.set_class(not self.current_theme.dark, "-light-mode", update=False)
        self._refresh_truecolor_filter(self.ansi_theme)
        self.stylesheet.set_variables(self.get_css_variables())

    def action_command_palette(self) -> None:
        """Open the command palette, unless it is open."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(OpenCommandPalette(id="--command-palette"))

    def report_crash(self) -> None:
        """Say what went wrong, and end; the exception is being handled."""
        super()._fatal_error()

    def _fatal_error(self) -> None:
        self.report_crash()


class OpenScrollView(ScrollView):
    """Textual's scroll view, with its vertical scrollbar open to change."""

    SCROLLBAR: ClassVar[type[ScrollBar]] = ScrollBar

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """Return the scrollbar, which is made when it is first asked for."""
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = self.SCROLLBAR(name="vertical", thickness=self.scrollbar_size_vertical)
            self._vertical_scrollbar.display = False
            self.app._start_widget(self, self._vertical_scrollbar)  # noqa: SLF001
        return self._vertical_scrollbar
