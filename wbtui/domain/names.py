"""The rules for the names of secrets, of keys and of labels."""

import re
from collections.abc import Container

LONGEST_NAME = 253
LONGEST_KEY = 253
LARGEST_SECRET = 1024 * 1024
"""Bytes of all values of one secret together."""

# Patterns are strings, so that they are compiled on first use, after the first frame.
_NAME = r"[a-z]([-a-z0-9]*[a-z0-9])"
_PREFIX = r"(?=.{1,253}\Z)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
_KEY = r"[-._a-zA-Z0-9]+"


def name_problem(name: str, kind: str = "secret") -> str:
    """Return what is wrong with the name of something new, by the Workbench guide's rules; empty where it is valid."""
    rules = (
        (not name, f"a {kind} needs a name"),
        (len(name) > LONGEST_NAME, f"a name has at most {LONGEST_NAME} characters, not {len(name)}"),
        (bool(re.search(r"[^-a-z0-9]", name)), "a name has small letters a to z, digits and - only"),
        (not name[:1].isalpha(), "a name begins with a letter"),
        (name.endswith("-"), "a name ends with a letter or a digit"),
        (not re.fullmatch(_NAME, name), "a name has at least 2 characters"),
    )
    return next((message for wrong, message in rules if wrong), "")


def key_problem(key: str) -> str:
    """Return what is wrong with the name of a key; empty where it is valid."""
    rules = (
        (not key, "a key needs a name"),
        (len(key) > LONGEST_KEY, f"a key's name has at most {LONGEST_KEY} characters, not {len(key)}"),
        (not re.fullmatch(_KEY, key), "a key's name has letters, digits, - . and _ only"),
        (key in {".", ".."} or key.startswith(".."), "a key's name may not begin with two dots, nor be one"),
    )
    return next((message for wrong, message in rules if wrong), "")


def label_problem(key: str, value: str) -> str:
    """Return what is wrong with a label; empty where it is valid."""
    prefix, _, name = key.rpartition("/")
    part = r"[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?"
    rules = (
        (not re.fullmatch(part, name) or len(name) > 63, f"{key}: not a label's key"),  # noqa: PLR2004  Kubernetes' own
        ("/" in key and not re.fullmatch(_PREFIX, prefix), f"{key}: not a label's key, by what is before the /"),
        (bool(value) and not re.fullmatch(part, value), f"{key}: a label's value has letters, digits, - . and _"),
        (len(value) > 63, f"{key}: a label's value has at most 63 characters"),  # noqa: PLR2004
    )
    return next((message for wrong, message in rules if wrong), "")


def suggested_name(stem: str, taken: Container[str]) -> str:
    """Return `stem`, or `stem-2` and so on where it is taken."""
    number = 1
    while (name := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    return name
