"""What an API server warns of in its answer to a write: the `Warning` headers that kubectl prints."""

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from wbtui.domain.content_format import looks_like_a_credential
from wbtui.domain.redaction import Redaction
from wbtui.domain.text import plain, shortened

FindValues: TypeAlias = Callable[[], Redaction]
"""Returns what finds the values that a write sends in a text; called only where there is such a text."""

_WARNING = re.compile(r'(\d{3}) \S+ "((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")
_FROM_KUBERNETES = "299"
"""The code of the warnings that API servers give; others are from caches in between."""
_MOST = 10
"""The most warnings of one answer that are shown."""
_LONGEST = 300
"""The most characters of a warning that are shown."""
_KEPT = 2000
"""Characters of a warning that are searched for values: many more than are shown."""
_HIDDEN = "the text of a warning is not shown: it repeats a value, or something that looks like one"


def warnings_in(header: str, find_values: FindValues | None) -> list[str]:
    """Return the warnings in `Warning` headers, each once, as harmless lines.

    One that repeats a value in any form, or that has something in the form of a credential, is replaced by a sentence
    that says so: policies can quote the object that is written, and the one that is stored.
    """
    found = list(dict.fromkeys(_texts(header)))
    redaction = find_values() if found and find_values else Redaction(())
    shown = [_HIDDEN if _has_a_value(text, redaction) else shortened(text, _LONGEST) for text in found[:_MOST]]
    more = [f"the cluster gave {len(found) - _MOST} more warnings"] if len(found) > _MOST else []
    return [*dict.fromkeys(shown), *more]


def _texts(header: str) -> Iterator[str]:
    for code, quoted in _WARNING.findall(header):
        text = plain(_ESCAPED.sub(r"\1", quoted)[:_KEPT]).strip()
        if code == _FROM_KUBERNETES and text:
            yield text


def _has_a_value(text: str, redaction: Redaction) -> bool:
    return looks_like_a_credential(text) or redaction.clean(text) != text
