"""The undocumented parts of Textual that wbtui uses: a test fails when one of these changes."""

import sys
from collections.abc import Iterator
from itertools import chain
from types import ModuleType
from typing import IO, Any, ClassVar, cast

from textual._xterm_parser import XTermParser
from textual.app import App
from textual.binding import Binding
from textual.command import CommandPalette
from textual.dom import DOMNode
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.widgets import OptionList
from textual.worker import Worker, WorkerFailed

__all__ = [
    "OpenApp",
    "OpenLinuxDriver",
    "OpenOptionList",
    "OpenScrollView",
    "XTermParser",
    "bindings_of",
    "make_no_tracebacks",
]


def bindings_of(node: DOMNode) -> Iterator[Binding]:
    """Yield the bindings of a widget, with the keys that the settings give them, also while it has no focus."""
    bindings = node._bindings.copy()  # noqa: SLF001
    bindings.apply_keymap(node.app._keymap)  # noqa: SLF001
    return chain.from_iterable(bindings.key_to_bindings.values())


def make_no_tracebacks() -> None:
    """Keep Textual from making a traceback of a failed worker for its log.

    It would load Pygments for that before it says that the worker failed; where Pygments is missing, nobody would know.
    """
    stand_in = ModuleType("rich.traceback")
    vars(stand_in)["Traceback"] = str
    sys.modules.setdefault(stand_in.__name__, stand_in)


class OpenLinuxDriver(LinuxDriver):
    """Textual's driver for a terminal, whose output and mouse can be changed."""

    def set_output(self, output: IO[str]) -> None:
        """Write to `output`; call it before the driver is started."""
        self._file = cast("Any", output)

    def leave_mouse(self) -> None:
        """Stop using the mouse, so that the terminal does."""
        self._disable_mouse_support()
        self._mouse = False


class OpenCommandPalette(CommandPalette):
    """Textual's command palette, which does not search while the application ends: its list is gone then."""

    def _gather_commands(self, search_value: str) -> Worker[None] | None:  # type: ignore[override]
        return None if self.app._exit else super()._gather_commands(search_value)  # noqa: SLF001


class OpenApp(App[None]):
    """Textual's application, whose driver and crash report can be used and changed."""

    @property
    def driver(self) -> Driver | None:
        """Return the driver, once the application runs."""
        return self._driver

    def leave_mouse(self) -> None:
        """Leave the mouse to the terminal, which then selects text with it."""
        if isinstance(self._driver, OpenLinuxDriver):
            self._driver.leave_mouse()

    def begin_with_theme(self, name: str) -> None:
        """Set the theme before the application runs; assigning `theme` would parse all styles a second time."""
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

    def outlives(self, error: BaseException | None) -> bool:
        """Say what an error of an action or a worker means, and return whether the application goes on."""
        del error
        return False

    async def run_action(self, *action: Any, **more: Any) -> bool:
        """Run an action, and return whether there was one."""
        try:
            return await super().run_action(*action, **more)
        except Exception as error:
            if not self.outlives(error):
                raise
            return True

    def report_crash(self) -> None:
        """Say what went wrong, and end; the exception is being handled."""
        super()._fatal_error()

    def _handle_exception(self, error: Exception) -> None:
        if not (isinstance(error, WorkerFailed) and self.outlives(error.error)):
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        self.report_crash()


class OpenOptionList(OptionList):
    """Textual's list of options, which tells the line that an option is on."""

    def line_of(self, position: int) -> int | None:
        """Return the first line of the option at a position; None before it is laid out."""
        return self._index_to_line.get(position)


class OpenScrollView(ScrollView):
    """Textual's scroll view, whose vertical scrollbar can be changed."""

    SCROLLBAR: ClassVar[type[ScrollBar]] = ScrollBar

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """Return the scrollbar, which is created on the first call."""
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = self.SCROLLBAR(name="vertical", thickness=self.scrollbar_size_vertical)
            self._vertical_scrollbar.display = False
            self.app._start_widget(self, self._vertical_scrollbar)  # noqa: SLF001
        return self._vertical_scrollbar
