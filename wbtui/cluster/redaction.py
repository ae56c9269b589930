"""Taking values out of what a cluster says: its messages can repeat what was sent, whole or in part."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from itertools import groupby
from urllib.parse import quote

from wbtui.domain.text import plain
from wbtui.repository import ClusterError

_SHORT = 4
"""Values shorter than this turn up in any text; a message that may hold one is dropped as a whole."""
_PART = 8
"""So many characters in a row that a value has as well are a part of it: servers cut what they quote."""
_GONE = "[removed]"


class Redaction:
    """The forms in which some values may come back: as they are, line by line, escaped, and in base64."""

    def __init__(self, values: Iterable[bytes]) -> None:
        forms = {form for value in values for form in _forms(value)}
        self._short = [form for form in forms if len(form) < _SHORT]
        self._whole = {form for form in forms if _SHORT <= len(form) < _PART}
        self._long = [form for form in forms if len(form) >= _PART]

    def of(self, error: ClusterError) -> ClusterError:
        """Return the error with every value taken out of its words."""
        error.args = (self._clean(error.args[0]) or error.title,)
        error.fields = tuple((self._clean(path), self._clean(words)) for path, words in error.fields)
        return error

    def _clean(self, text: str) -> str:
        if any(form in text for form in self._short):
            return ""
        known = {position for start in range(len(text)) for position in self._known(text, start)}
        runs = groupby(range(len(text)), known.__contains__)
        return "".join(_GONE if gone else "".join(map(text.__getitem__, run)) for gone, run in runs)

    def _known(self, text: str, start: int) -> range:
        part = text[start : start + _PART]
        if len(part) == _PART and any(part in form for form in self._long):
            return range(start, start + _PART)
        sizes = (size for size in range(_PART - 1, _SHORT - 1, -1) if part[:size] in self._whole)
        return range(start, start + next(sizes, 0))


def _forms(value: bytes) -> Iterator[str]:
    text = value.decode(errors="ignore").strip()
    if text:
        yield from (text, plain(text), quote(text, safe=""))
        yield from (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1])
        yield from (line for line in map(str.strip, text.splitlines()) if len(line) >= _SHORT)
    for raw in (value, value.strip()):
        if raw:
            yield b64encode(raw).decode()
