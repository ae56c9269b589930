"""Copy to the user's clipboard, which over SSH is on another machine than wbtui."""

import os
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Mapping

_PATIENCE = 2.0
_ESCAPE = "\x1b"
_SCREEN_CHUNK = 240
"""Bytes that GNU screen passes through in one go."""


def copy(text: str, write: Callable[[str], None], environ: Mapping[str, str] = os.environ) -> str:
    """Copy `text`, and return in words where it went.

    On a local desktop it goes to the clipboard, in tmux to tmux, and anywhere else to the terminal: by `write` and
    OSC 52, which has no answer. It may take `_PATIENCE` seconds.
    """
    if _has_desktop(environ) and _copy_on_desktop(text):
        return "copied"
    if "TMUX" in environ and _copy_in_tmux(text, environ):
        return "copied to tmux, and sent by it to your terminal"
    for sequence in sequences(text, environ):
        write(sequence)
    return "sent to your terminal"


def copied(text: str, write: Callable[[str], None]) -> str:
    """Copy `text`, and return a sentence about what was copied and where to."""
    what = f"{len(text.splitlines())} lines" if "\n" in text else text
    return f"{what}: {copy(text, write)}."


def copies_through(environ: Mapping[str, str]) -> str:
    """Return in words where `copy` copies to first, without trying it."""
    if _has_desktop(environ):
        return "the desktop's clipboard"
    return "tmux" if "TMUX" in environ else "the terminal (OSC 52)"


def _copy_on_desktop(text: str) -> bool:
    import pyperclip  # noqa: PLC0415  only here, and it looks for programs as it loads

    try:
        pyperclip.copy(text)
    except pyperclip.PyperclipException:
        return False
    return True


def _copy_in_tmux(text: str, environ: Mapping[str, str]) -> bool:
    # With its defaults tmux takes no OSC 52 from a program, but sends one itself for a buffer that is loaded with -w.
    tmux = shutil.which("tmux", path=environ.get("PATH"))
    command = [tmux or "tmux", "load-buffer", "-w", "-"]
    try:
        done = subprocess.run(  # noqa: S603  fixed arguments; the text goes through a pipe
            command, input=text.encode(), env=dict(environ), capture_output=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return not done.returncode


def sequences(text: str, environ: Mapping[str, str]) -> list[str]:
    """Return the OSC 52 sequences by which the terminal copies `text`, wrapped for the multiplexer in between."""
    plain = f"{_ESCAPE}]52;c;{b64encode(text.encode()).decode()}\a"
    if "TMUX" in environ:
        # tmux takes the plain one where set-clipboard is on, and the wrapped one where allow-passthrough is.
        return [plain, f"{_ESCAPE}Ptmux;{plain.replace(_ESCAPE, _ESCAPE * 2)}{_ESCAPE}\\"]
    if environ.get("TERM", "").startswith("screen"):
        chunks = [plain[start : start + _SCREEN_CHUNK] for start in range(0, len(plain), _SCREEN_CHUNK)]
        return [f"{_ESCAPE}P{chunk}{_ESCAPE}\\" for chunk in chunks]
    return [plain]


def _has_desktop(environ: Mapping[str, str]) -> bool:
    if "SSH_CONNECTION" in environ or "SSH_TTY" in environ:
        return False
    return sys.platform == "darwin" or "DISPLAY" in environ or "WAYLAND_DISPLAY" in environ
