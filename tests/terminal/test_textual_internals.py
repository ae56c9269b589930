"""What wbtui uses of Textual without its documentation is where it was."""

import inspect
import re
from pathlib import Path

from textual.app import App
from textual.command import CommandPalette
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from textual.worker import Worker

import wbtui
from wbtui.terminal.textual_internals import XTermParser

PACKAGE = Path(wbtui.__file__).parent


def test_the_driver_has_what_is_changed_in_it() -> None:
    made = inspect.getsource(LinuxDriver.__init__)
    assert "self._file = sys.__stderr__" in made
    assert "WriterThread(self._file)" in inspect.getsource(LinuxDriver.start_application_mode)
    assert "target=self._run_input_thread" in inspect.getsource(LinuxDriver.start_application_mode)
    assert "self.run_input_thread()" in inspect.getsource(LinuxDriver._run_input_thread)  # noqa: SLF001
    assert "self._mouse = mouse" in inspect.getsource(Driver.__init__)
    for name in ("_enable_mouse_support", "_disable_mouse_support"):
        assert "if not self._mouse" in inspect.getsource(getattr(LinuxDriver, name))


def test_the_application_has_what_is_changed_in_it() -> None:
    assert "self._driver: Driver | None" in inspect.getsource(App.__init__)
    assert list(inspect.signature(App._fatal_error).parameters) == ["self"]  # noqa: SLF001
    assert "self._fatal_error()" in inspect.getsource(App)
    assert "app._handle_exception(worker_failed)" in inspect.getsource(Worker)


def test_the_palette_has_what_is_changed_in_it() -> None:
    assert "push_screen(CommandPalette(id=" in inspect.getsource(App.action_command_palette)
    assert "self._gather_commands(" in inspect.getsource(CommandPalette)


def test_the_parser_takes_text_and_gives_messages() -> None:
    parser = XTermParser()
    assert all(isinstance(message, Message) for message in parser.feed("a"))
    assert list(parser.tick()) == []
    assert list(parser.feed("")) == []


def test_nothing_else_of_textual_is_private() -> None:
    private = re.compile(r"(?:from|import) textual[\w.]*\._|SLF001|\b(?:app|screen)\._[a-z]|self\._driver")
    for path in PACKAGE.rglob("*.py"):
        assert path.name == "textual_internals.py" or not private.search(path.read_text()), path
