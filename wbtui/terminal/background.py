"""Ask the terminal for its background color, and find the answer in what it sends."""

import os
import re
from collections.abc import Mapping

from textual.message import Message

ASK_FOR_BACKGROUND = "\x1b]11;?\x1b\\"
"""OSC 11; a terminal that does not know it does not answer."""
_BEGIN = b"\x1b]11;"
_ANSWER = re.compile(
    rb"\x1b\]11;(?:rgba?:(?P<red>[0-9a-f]{1,4})/(?P<green>[0-9a-f]{1,4})/(?P<blue>[0-9a-f]{1,4})[^\x07\x1b]*"
    rb"|[^\x07\x1b]{0,40})(?:\x07|\x1b\\)",
    re.IGNORECASE,
)
_LONGEST = 64
_PRINT_QUESTIONS = frozenset({"linux", "vt100", "vt220", "ansi"})
"""Values of TERM for terminals that may print what they do not know."""
_LIGHT = 0.5


class BackgroundTold(Message):
    """The terminal has answered whether its background is light."""

    def __init__(self, *, light: bool) -> None:
        super().__init__()
        self.light = light


def answers_questions(environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether a terminal may be asked for a color: others print the question."""
    return environ.get("TERM_PROGRAM") != "Apple_Terminal" and environ.get("TERM", "") not in _PRINT_QUESTIONS


class BackgroundQuestion:
    """Removes the answer from the input, so that no part of it counts as keys."""

    def __init__(self) -> None:
        self._waits = False
        self._begun = b""

    def asked(self) -> None:
        """Begin to wait for the answer."""
        self._waits = True

    def take(self, data: bytes) -> tuple[bytes, bool | None]:
        """Return `data` without the answer, and whether the background is light; None where that is not known yet."""
        if not self._waits:
            return data, None
        data, self._begun = self._begun + data, b""
        if answer := _ANSWER.search(data):
            self._waits = False
            return data[: answer.start()] + data[answer.end() :], _is_light(answer)
        begin = data.rfind(_BEGIN)
        if begin >= 0 and len(data) - begin <= _LONGEST:
            data, self._begun = data[:begin], data[begin:]
        return data, None


def _is_light(answer: re.Match[bytes]) -> bool | None:
    if not answer["red"]:
        return None
    red, green, blue = (_share(answer[part]) for part in ("red", "green", "blue"))
    return 0.299 * red + 0.587 * green + 0.114 * blue > _LIGHT


def _share(digits: bytes) -> float:
    """Return a color's part, as one to four hexadecimal digits, from 0 to 1."""
    return float(int(digits, 16)) / float(int(b"f" * len(digits), 16))
