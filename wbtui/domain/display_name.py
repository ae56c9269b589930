"""Display names: what people call a secret, a model or a service; the Kubernetes name beside it may say nothing."""

import re
import unicodedata
from collections.abc import Container, Mapping

from wbtui.domain.names import LONGEST_NAME, suggested_name
from wbtui.domain.text import shortened

SHORTEST = 2
LONGEST = 253
"""Characters of a display name, as the Workbench allows them."""
TRIES = 3
"""How often a generated Kubernetes name is tried, as in the Workbench."""
_LONGEST_STEM = 60
"""Characters of a Kubernetes name that is derived from a display name: longer ones cannot be read in a list."""
_SUBDOMAIN = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
_RANDOM = r"wb-[a-z]+-[0-9a-f]{8}"
_INVISIBLE = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the direction of what follows, and so the look of a whole line."""


def annotation(prefix: str) -> str:
    """Return the key of the annotation with the display name."""
    return f"{prefix}/display-name"


def display_name_in(annotations: Mapping[str, str], key: str, name: str) -> str:
    """Return the display name of an object called `name`; empty where it has none of its own.

    Longer ones than the Workbench allows are cut: an annotation may have 256 KiB. The text comes from the cluster:
    pass it through `plain` before drawing it.
    """
    written = annotations.get(key, "")
    return "" if written == name or not written.strip() else shortened(written, LONGEST + 1)


def both_names(display_name: str, name: str) -> str:
    """Return the display name and the Kubernetes name; only the latter where there is no other."""
    return f"{display_name} ({name})" if display_name else name


def is_kubernetes_name(text: str) -> bool:
    """Return whether a text can be the name of a secret as it is, so that it needs no display name."""
    return SHORTEST <= len(text) <= LONGEST_NAME and bool(re.fullmatch(_SUBDOMAIN, text))


def display_name_problem(text: str) -> str:
    """Return what is wrong with a display name; empty where it is valid."""
    odd = next((character for character in text if _is_odd(character)), "")
    rules = (
        (not text, "a name is missing"),
        (len(text) < SHORTEST, f"a name has at least {SHORTEST} characters"),
        (len(text) > LONGEST, f"a name has at most {LONGEST} characters, not {len(text)}"),
        (bool(odd), f"a name cannot contain the invisible character U+{ord(odd or ' '):04X}"),
    )
    return next((message for wrong, message in rules if wrong), "")


def kubernetes_name_problem(name: str) -> str:
    """Return what is wrong with a Kubernetes name; empty where the cluster takes it."""
    rules = (
        (not name, "a Kubernetes name is missing"),
        (len(name) > LONGEST_NAME, f"a Kubernetes name has at most {LONGEST_NAME} characters, not {len(name)}"),
        (bool(re.search(r"[^-.a-z0-9]", name)), "a Kubernetes name has small letters a to z, digits, - and . only"),
        (not re.fullmatch(_SUBDOMAIN, name), "each part of a Kubernetes name begins and ends with a letter or a digit"),
    )
    return next((message for wrong, message in rules if wrong), "")


def derived_name(display_name: str, taken: Container[str]) -> str:
    """Return a Kubernetes name that can be read as the display name; empty where there is nothing to read.

    Accents are removed, everything else that a Kubernetes name cannot have becomes `-`.
    """
    letters = unicodedata.normalize("NFKD", display_name.casefold())
    marked = "".join(letter for letter in letters if not unicodedata.combining(letter))
    stem = re.sub(r"[^a-z0-9]+", "-", marked)[:_LONGEST_STEM].strip("-")
    readable = len(re.findall(r"[a-z]", stem)) >= SHORTEST and _is_mostly_kept(marked)
    return suggested_name(stem, taken) if readable else ""


def generated_name(kind: str = "secret") -> str:
    """Return a new random Kubernetes name, in the Workbench's format."""
    from secrets import token_hex  # noqa: PLC0415  nothing before the first frame needs it

    return f"wb-{kind}-{token_hex(4)}"


def another_name(name: str) -> str:
    """Return another Kubernetes name in place of a generated or derived one that is taken."""
    from secrets import token_hex  # noqa: PLC0415

    return f"{name[:-8]}{token_hex(4)}" if re.fullmatch(_RANDOM, name) else f"{name}-{token_hex(2)}"


def _is_mostly_kept(letters: str) -> bool:
    """Return whether at least half of the letters can be in a Kubernetes name: a rest of them would mislead."""
    kept = sum(letter.isalnum() and letter.isascii() for letter in letters)
    return 2 * kept >= sum(map(str.isalnum, letters))


def _is_odd(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE or character in _DIRECTIONS
