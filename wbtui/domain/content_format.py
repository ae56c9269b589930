"""The format of an entered value, and whether a text may be shown in a field that hides nothing."""

import re
from itertools import pairwise

from wbtui.domain.problems import parsed_json

# Patterns are strings, so that they are compiled on first use, after the first frame.
_CREDENTIAL = r"""(?x)
    -----BEGIN
    | \b(?:hf|gh[oprsu]|github_pat|npm|dckr_pat|glpat|nvapi|sk|xox[abprs])[-_][\w-]{16,}
    | \bA[KS]IA[0-9A-Z]{16}\b
    | \beyJ[\w-]+\.eyJ                                   # a JSON web token
    | \bAIza[\w-]{35}
    | ://[^/\s:@]*:[^/\s@]+@                             # a URL with a password
    | (?i:\b(?:password|passwd|pwd|accountkey)\s*=\s*\S)
    | \b[0-9a-f]{32,}\b
    | \A\s*[{\[].*["']                                   # JSON
"""
_LONG_WORD = r"[A-Za-z0-9+/=]{20,}"
_LONG_NAME = r"[A-Za-z0-9+=]{20,}"
"""In a path or a URL, a / separates words."""
_RANDOM = 0.4
"""The share of characters that follow one of another kind, from which on a long word is taken for a random one."""

SEVERAL_LINES = "Not pasted: it has several lines, and this field shows what is in it."


def content_format(value: bytes) -> str:
    """Return the format of a value, without any of its content; empty where it is plain text."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return "binary"
    if text.lstrip()[:1] in {"{", "["}:
        return "valid JSON" if _parses(text) else "not valid JSON"
    begins = text.count("-----BEGIN ")
    if begins:
        return "PEM" if text.count("-----END ") == begins else "PEM without its end"
    return ""


def why_hidden(text: str) -> str:
    """Return why a pasted text must not stay in a field that shows it; empty where it may."""
    if len([line for line in text.splitlines() if line.strip()]) > 1:
        return SEVERAL_LINES
    if looks_like_a_credential(text):
        return "Not pasted: it looks like a credential, and this field shows what is in it."
    return ""


def looks_like_a_credential(text: str) -> bool:
    """Return whether there is something in a text that has the form of a credential."""
    return bool(re.search(_CREDENTIAL, text)) or any(map(_is_random, re.findall(_word_pattern(text), text)))


def _word_pattern(text: str) -> str:
    return _LONG_NAME if "://" in text or text.lstrip()[:1] in {"/", "~"} else _LONG_WORD


def _is_random(word: str) -> bool:
    kinds = ["0" if one.isdigit() else "a" if one.islower() else "A" if one.isupper() else "-" for one in word]
    return sum(before != after for before, after in pairwise(kinds)) >= _RANDOM * len(word)


def _parses(text: str) -> bool:
    try:
        parsed_json(text)
    except (ValueError, RecursionError):
        return False
    return True
