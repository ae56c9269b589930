"""The driver of the terminal: what is written to it and read from it, its suspension and its end."""

import os
import select
import signal
import sys
import termios
from contextlib import suppress
from time import monotonic
from typing import Any, TextIO, cast

from textual.app import App

from wbtui.terminal.background import ASK_FOR_BACKGROUND, BackgroundQuestion, BackgroundTold, answers_questions
from wbtui.terminal.diff import DiffDriver
from wbtui.terminal.keyboard import ASK_FOR_PASTE_MODE, BURST_GAP, Keyboard, has_text
from wbtui.terminal.output import Output
from wbtui.terminal.textual_internals import OpenLinuxDriver

_CHUNK = 4096
_LARGEST_BURST = 2_000_000
_POLL = 0.1
"""Seconds until the end of the driver is noticed."""


def terminal_output() -> TextIO | None:
    """Return the stream that leads to the terminal: stderr, or stdout where stderr leads elsewhere."""
    return next((stream for stream in (sys.__stderr__, sys.__stdout__) if stream and stream.isatty()), None)


class TerminalDriver(DiffDriver, OpenLinuxDriver):
    """Textual's driver, for terminals that are shared with other programs, are suspended, or go away."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._output = Output(terminal_output() or sys.stderr)
        self.set_output(cast("TextIO", self._output))
        self._ours = False
        self._told = False
        self._background = BackgroundQuestion()
        signal.signal(signal.SIGTSTP, self._suspend)
        signal.signal(signal.SIGCONT, self._resume)

    def write(self, data: str) -> None:
        """Write what changes the terminal, unless it is gone or a shell has it."""
        if self._ours and not self._output.gone.is_set():
            super().write(data)

    def hurry(self) -> None:
        """Stop waiting for a terminal that takes no output: wbtui has to end. May be called by a signal."""
        self._output.hurry()

    def give_back(self) -> None:
        """Restore the terminal without waiting for it; nothing else of the application may run after that."""
        if self._ours:
            if self.attrs_before is not None:
                with suppress(termios.error):
                    termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            self._output.restore()

    def start_application_mode(self) -> None:
        """Take control of the terminal."""
        self._ours = True
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if os.environ.get("TERM_PROGRAM") != "Apple_Terminal":  # it prints what it does not know
            self.write(ASK_FOR_PASTE_MODE)
        if answers_questions():
            self.write(ASK_FOR_BACKGROUND)
            self._background.asked()
        self.flush()

    def stop_application_mode(self) -> None:
        """Give the terminal back, unless a shell has it already."""
        if self._ours:
            super().stop_application_mode()
            self._ours = False

    def disable_input(self) -> None:
        """Stop reading, unless a shell has the terminal: it would stop a background program that touches it."""
        if self._ours:
            super().disable_input()

    def close(self) -> None:
        """Write what is left; where the terminal does not accept it, restore the terminal."""
        super().close()
        if self._output.stuck:
            self._output.restore()

    def run_input_thread(self) -> None:
        """Turn what is typed into events, until the driver stops or the terminal is gone."""
        keyboard = Keyboard()
        text_at = -1.0
        while not self.exit_event.is_set():
            if self._output.gone.is_set():
                self._hang_up()
            elif self._readable(_POLL):
                text_at = self._handle_input(keyboard, text_at)
            for event in keyboard.tick():
                self.process_message(event)
        keyboard.close()

    def _handle_input(self, keyboard: Keyboard, text_at: float) -> float:
        """Read and handle the input, and return the time of the last text in it."""
        began = monotonic()
        data = self._read()
        while data and keyboard.wants_more(data) and len(data) < _LARGEST_BURST and self._readable(BURST_GAP):
            more = self._read()
            data += more
            if not more:
                break
        if not data:
            self._output.gone.set()
        data, light = self._background.take(data)
        if light is not None:
            self.process_message(BackgroundTold(light=light))
        for event in keyboard.feed(data, after_text=began - text_at < BURST_GAP):
            self.process_message(event)
        return monotonic() if has_text(data) else text_at

    def _readable(self, seconds: float) -> bool:
        return bool(select.select([self.fileno], [], [], seconds)[0])

    def _read(self) -> bytes:
        """Return what there is to read; nothing where the terminal is gone."""
        try:
            data = os.read(self.fileno, _CHUNK)
            if not data:
                termios.tcgetattr(self.fileno)  # ctrl+d was typed: the terminal is still there
                return b"\x04"
        except (OSError, termios.error):
            return b""
        return data

    def _hang_up(self) -> None:
        """Send the SIGHUP of a terminal that is gone: the kernel may have sent it to another process, or to none."""
        if not self._told:
            self._told = True
            os.kill(os.getpid(), signal.SIGHUP)
        self.exit_event.wait(_POLL)

    def _suspend(self, *_: object) -> None:
        self.suspend_application_mode()
        os.killpg(0, signal.SIGSTOP)  # with the program that started it: a shell waits for all of them

    def _resume(self, *_: object) -> None:
        if self._ours:  # it was stopped by SIGSTOP, and the shell has changed the terminal
            self.suspend_application_mode()
        self.resume_application_mode()
        self.send_message(self.SignalResume())
