"""Remove values from the messages of servers, which can repeat what was sent: whole, in part, and encoded."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from itertools import groupby
from urllib.parse import quote

from wbtui.domain.encodings import DecodedText, views_of, without_gaps
from wbtui.domain.text import plain

_SHORT = 4
"""Shorter values occur in any text; a message with one is dropped as a whole."""
_PART = 8
"""So many characters in a row that also occur in a value count as a part of it: servers shorten what they quote."""
_REMOVED = "[removed]"


class Redaction:
    """Removes values from texts: plain, line by line, in part, and in the encodings of `encodings`."""

    def __init__(self, values: Iterable[bytes]) -> None:
        forms = {form for value in values for form in _forms(value)}
        self._short = [form for form in forms if len(form) < _SHORT]
        self._whole = [form for form in forms if _SHORT <= len(form) < _PART]
        self._long = [form for form in forms if len(form) >= _PART]

    def clean(self, text: str) -> str:
        """Return `text` without any of the values."""
        if any(form in text for form in self._short):
            return ""
        views = list(views_of(text))
        known = {position for span in (*self._parts(views), *self._wholes(views)) for position in span}
        runs = groupby(range(len(text)), known.__contains__)
        return "".join(_REMOVED if is_known else "".join(map(text.__getitem__, run)) for is_known, run in runs)

    def _parts(self, views: list[DecodedText]) -> Iterator[range]:
        # A value may have a million characters, and a message few: so the parts of the message are looked up.
        found: dict[str, list[range]] = {}
        for view in views:
            for start in range(len(view.text) - _PART + 1):
                found.setdefault(view.text[start : start + _PART], []).append(view.span(start, start + _PART))
        for form in self._long:
            for start in range(len(form) - _PART + 1):
                yield from found.pop(form[start : start + _PART], ())

    def _wholes(self, views: list[DecodedText]) -> Iterator[range]:
        for view in views:
            for form in self._whole:
                start = view.text.find(form)
                while start >= 0:
                    yield view.span(start, start + len(form))
                    start = view.text.find(form, start + 1)


def _forms(value: bytes) -> Iterator[str]:
    text = value.decode(errors="ignore").strip()
    for form in (text, plain(text), value.strip().decode("latin-1")):
        if form:
            yield form
            yield without_gaps(form)
            yield from (line for line in map(str.strip, form.splitlines()) if len(line) >= _SHORT)
    if text and len(text) < _PART:  # too short to be recognized in decoded text
        yield from (b64encode(value).decode(), b64encode(value.strip()).decode(), quote(text, safe=""))
        yield from (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1])
