"""What a terminal sends, as events: keys, pastes, the mouse."""

import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import TypeGuard

from textual import events
from textual.message import Message

from wbtui.domain.content_format import looks_like_a_credential
from wbtui.terminal.textual_internals import XTermParser

ASK_FOR_PASTE_MODE = "\x1b[?2004$p"
"""Ask whether pastes come in brackets (DECRQM); a terminal that does not know the question does not answer."""
_PASTE_MODE = re.compile(rb"\x1b\[(?:\?2004;[1-4]\$y|200~)")
"""The answer that they do, or the begin of a paste in brackets."""
_PASTE_BEGINS, _PASTE_ENDS = "\x1b[200~", "\x1b[201~"
_SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?", re.DOTALL)
BURST_GAP = 0.05
"""Seconds: what follows sooner was not typed by hand."""
_SHORTEST_CREDENTIAL = 16
_PASTE_PATIENCE = 2.0
"""Seconds without input after which it is said that a paste has not ended."""
_DROPS_PASTE = frozenset({b"\x1b", b"\x03", b"\x1b[27u", b"\x1b[99;5u"})
"""Escape and ctrl+c, as terminals send them with and without Kitty's protocol."""
_BREAKS = frozenset({"tab", "enter", "ctrl+j"})


class BurstKey(events.Key):
    """A Tab or an Enter that arrived together with text: it may be part of a paste."""


BurstKey.handler_name = events.Key.handler_name


class PasteUnfinished(Message):
    """The end of a paste has not arrived, as where a line was cut: no key is one until it does, or is `dropped`."""

    def __init__(self, *, dropped: bool) -> None:
        super().__init__()
        self.dropped = dropped


class Keyboard:
    """Turns what is read from a terminal into events."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._fed_at = clock()
        self._waited_for_paste = False
        self.pastes_in_brackets = False
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._parser = XTermParser()
        self._recent = ""
        self._pasted: list[str] | None = None

    def wants_more(self, data: bytes) -> bool:
        """Return whether the next input decides what `data` is: a paste, or keys."""
        self.pastes_in_brackets = self.pastes_in_brackets or bool(_PASTE_MODE.search(data))
        return not self.pastes_in_brackets and any(sign in data for sign in b"\t\r\n")

    def feed(self, data: bytes, *, after_text: bool = False) -> Iterator[Message]:
        """Yield the events of the input; `after_text` says that it followed other text immediately."""
        if self._waited_for_paste and data in _DROPS_PASTE:
            self._forget_paste()
            yield PasteUnfinished(dropped=True)
            return
        self._fed_at, self._waited_for_paste = self._clock(), False
        burst = self.wants_more(data) and (after_text or has_text(data))
        text = self._decode(data)
        if self._is_credential(text):
            yield events.Paste(text)
            return
        for character in text:
            for event in self._parse(character):
                yield BurstKey(event.key, event.character) if burst and _is_break(event) else event

    def tick(self) -> Iterator[Message]:
        """Yield the events that time decides: an escape that nothing followed is a key; a paste may never end."""
        yield from self._parser.tick()
        waits = self._pasted is not None and self._clock() - self._fed_at >= _PASTE_PATIENCE
        if waits and not self._waited_for_paste:
            self._waited_for_paste = True
            yield PasteUnfinished(dropped=False)

    def close(self) -> None:
        """Drop the input that was read."""
        self._forget_paste()
        for _ in self._parser.feed(""):
            pass

    def _forget_paste(self) -> None:
        self._pasted, self._recent, self._waited_for_paste = None, "", False

    def _is_credential(self, text: str) -> bool:
        """Return whether a text is a pasted credential, whose letters must not run as commands."""
        at_once = self._pasted is None and not self.pastes_in_brackets and len(text) >= _SHORTEST_CREDENTIAL
        return at_once and text.isprintable() and looks_like_a_credential(text)

    def _parse(self, character: str) -> Iterable[Message]:
        # Textual's parser would take escapes within a paste for keys, and keep the last paste.
        self._recent = (self._recent + character)[-len(_PASTE_BEGINS) :]
        if self._pasted is not None:
            self._pasted.append(character)
            return self._end_paste() if self._recent == _PASTE_ENDS else ()
        if self._recent != _PASTE_BEGINS:
            return self._parser.feed(character)
        self._parser, self._pasted = XTermParser(), []
        return ()

    def _end_paste(self) -> Iterator[Message]:
        pasted = "".join(self._pasted or ()).removesuffix(_PASTE_ENDS)
        self._forget_paste()
        yield events.Paste(pasted)


def has_text(data: bytes) -> bool:
    """Return whether there are printable characters in `data`, other than those of sequences."""
    return any(byte > ord(" ") for byte in _SEQUENCE.sub(b"", data))


def _is_break(event: Message) -> TypeGuard[events.Key]:
    return isinstance(event, events.Key) and event.key in _BREAKS
