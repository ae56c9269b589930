"""Complete the last term of a filter: the fields, and the words that are known for each of them."""

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import chain

from wbtui.domain.completion import beginning_with
from wbtui.domain.filter_fields import FIELDS, STATE_WORDS, USED_WORDS
from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.domain.use_cases.table import USE_CASES

_LAST = re.compile(r"(?P<before>(?:.*\s)?[!-]?)(?:(?P<field>[a-z]+):(?P<others>(?:[^\s\"]*\|)?))?(?P<word>[^\s\"|]*)")
_MOST = 50
_LONGEST = 253
_FIXED: Mapping[str, tuple[str, ...]] = {
    "use": tuple(
        min((use_case.value.casefold(), *(one for one in use_case.aliases if " " not in one)), key=len)
        for use_case in USE_CASES
    ),
    "by": ("me",),
    "is": STATE_WORDS,
    "used": USED_WORDS,
    "age": (">30d", "<7d"),
    "changed": (">90d", "<7d"),
    "expires": ("<14d", "<30d", ">90d"),
}
"""Words that are always offered after a field."""
_FOUND: Mapping[str, Callable[[Secret], Iterable[str]]] = {
    "name": lambda secret: (secret.name,),
    "by": lambda secret: (secret.creator,),
    "key": lambda secret: secret.keys or (),
    "type": lambda secret: (secret.type,),
    "label": lambda secret: secret.labels,
    "project": lambda secret: (secret.namespace,),
}
"""What of each secret is offered after a field."""


def completions(text: str, secrets: Iterable[Secret]) -> list[str]:
    """Return the filters that a filter can be completed to; what `secrets` have is known."""
    last = _LAST.fullmatch(text)
    if not last:
        return []
    field, word = last["field"], last["word"]
    if field is None:
        return [f"{last['before']}{name}:" for name in FIELDS if name.startswith(word)] if word else []
    begin = f"{last['before']}{field}:{last['others']}"
    return [f"{begin}{_quoted(name)} " for name in beginning_with(word, _known(field, secrets))][:_MOST]


def _known(field: str, secrets: Iterable[Secret]) -> list[str]:
    found = set(chain.from_iterable(map(_FOUND[field], secrets))) if field in _FOUND else ()
    return [*_FIXED.get(field, ()), *sorted(filter(_can_be_typed, found))]


def _can_be_typed(name: str) -> bool:
    return 0 < len(name) <= _LONGEST and '"' not in name and plain(name) == name


def _quoted(name: str) -> str:
    return f'"{name}"' if re.search(r"[\s|]", name) else name
