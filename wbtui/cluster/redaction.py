"""Taking values out of what a cluster says: its messages can repeat what was sent."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator

from wbtui.repository import ClusterError

_SHORT = 4
"""Values shorter than this turn up in any text; a message that may hold one is dropped as a whole."""
_GONE = "[removed]"


class Redaction:
    """The forms in which some values may come back: as they are, line by line, escaped, and in base64."""

    def __init__(self, values: Iterable[bytes]) -> None:
        self._forms = sorted({form for value in values for form in _forms(value)}, key=len, reverse=True)

    def of(self, error: ClusterError) -> ClusterError:
        """Return the error with every value taken out of its words."""
        error.args = (self._clean(str(error)) or error.title,)
        error.fields = tuple((self._clean(path), self._clean(words)) for path, words in error.fields)
        return error

    def _clean(self, text: str) -> str:
        for form in self._forms:
            if form in text:
                text = text.replace(form, _GONE) if len(form) >= _SHORT else ""
        return text


def _forms(value: bytes) -> Iterator[str]:
    text = value.decode(errors="ignore")
    for part in (text, *text.splitlines()):
        if part.strip():
            yield from (part, part.strip(), json.dumps(part)[1:-1], json.dumps(part, ensure_ascii=False)[1:-1])
    for raw in (value, value.strip()):
        if raw:
            yield b64encode(raw).decode()
