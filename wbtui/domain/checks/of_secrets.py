"""Checks of secrets by their metadata alone."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import chain

from wbtui.domain.checks.model import CheckedFacts, Found, Subject
from wbtui.domain.prefixes import RESOURCE_MANAGER
from wbtui.domain.secret import LAST_APPLIED, OBJECT_COPY, Secret
from wbtui.domain.text import shortened
from wbtui.domain.use_cases.table import USE_CASES, find_use_case

ID_LABEL = f"{RESOURCE_MANAGER}/project-secret-id"
"""The label by which the Resource Manager finds a secret; it is unique."""
DELETION_TAKES = timedelta(minutes=5)
"""How long a deletion may wait for finalizers until it counts as stuck."""
_LONGEST = 100
_HASH_NAME = re.compile(r"hash|checksum|digest|fingerprint|(?<![a-z0-9])(?:md5|sha-?[0-9]+)(?![a-z0-9])", re.IGNORECASE)
"""What the name of an annotation with a hash has in it."""
_HASH = re.compile(
    r"(?:(?:md5|sha[0-9]+(?:[-_/][0-9]+)?)[:=-])?"
    r"(?:[0-9a-fA-F]{16,128}|[A-Za-z0-9+/_-]{22}==|[A-Za-z0-9+/_-]{27}=|[A-Za-z0-9+/_-]{43}=|[A-Za-z0-9+/_-]{86}==)"
)
"""A hash as hexadecimal digits, or as base64 of 16, 20, 32 or 64 bytes. One with a salt has more parts."""

_HASH_OF_ELSE = frozenset({"objectset.rio.cattle.io/hash"})
"""Known hashes of something else than the values: of the name of the owner."""


def subject(secret: Secret) -> Subject:
    """Return a secret as what a finding is about."""
    return Subject("Secret", secret.namespace, secret.name)


def unknown_use_cases(facts: CheckedFacts) -> Iterator[Found]:
    """Yield the secrets whose use case the Workbench does not know."""
    known = ", ".join(use_case.value for use_case in USE_CASES)
    for secret in facts.chosen:
        if secret.use_case and not find_use_case(secret.use_case):
            yield Found(subject(secret), f"Its use case is {secret.use_case}; the Workbench knows {known}.")


def wrong_types(facts: CheckedFacts) -> Iterator[Found]:
    """Yield the secrets whose type is not that of their use case."""
    for secret in facts.chosen:
        use_case = find_use_case(secret.use_case)
        if use_case and secret.type and secret.type != use_case.type:
            words = f"Its type is {secret.type}; use case {use_case.value} needs {use_case.type}."
            yield Found(subject(secret), words)


def copies_of_values(facts: CheckedFacts) -> Iterator[Found]:
    """Yield the secrets with an annotation that may repeat the values; what is in it is not looked at."""
    for secret in facts.chosen:
        if secret.copied_in_annotation:
            words = f"kubectl apply has written its manifest to annotation {LAST_APPLIED}, which may hold the values."
            yield Found(subject(secret), words)
        for key, value in secret.annotations.items():
            if value.startswith(OBJECT_COPY):
                yield Found(subject(secret), f"Annotation {key} holds a whole object, which may repeat the values.")


def hashes(facts: CheckedFacts) -> Iterator[Found]:
    """Yield the secrets with an annotation or a label that is a hash by its name and by its look."""
    for secret in facts.chosen:
        for key, value in chain(secret.annotations.items(), secret.labels.items()):
            if key not in _HASH_OF_ELSE and _HASH_NAME.search(key) and _HASH.fullmatch(value):
                words = f"{key} looks like a hash without a salt: if it is one of a value, that can be guessed from it."
                yield Found(subject(secret), words)


def twins(facts: CheckedFacts) -> Iterator[Found]:
    """Yield the secrets that share the id of the Resource Manager with another one."""
    for secret, others in _alike(facts, lambda one: one.labels.get(ID_LABEL)):
        words = f"{_listed(secret, others)} the same label {ID_LABEL}: {secret.labels[ID_LABEL]}."
        yield Found(subject(secret), words)


def same_names(facts: CheckedFacts) -> Iterator[Found]:
    """Yield the secrets that are called as another one of the project."""
    for secret, others in _alike(facts, lambda one: (one.namespace, one.title)):
        yield Found(subject(secret), f'{_listed(secret, others)} the same name for people: "{secret.title}".')


def stuck_deletions(facts: CheckedFacts) -> Iterator[Found]:
    """Yield the secrets whose deletion was requested some time ago, and that finalizers keep."""
    for secret in facts.chosen:
        if secret.deleted and secret.finalizers and facts.now - secret.deleted > DELETION_TAKES:
            since = f"{secret.deleted:%Y-%m-%d %H:%M:%S} UTC"
            yield Found(subject(secret), f"Its deletion was requested at {since} and waits for {secret.waits_for}.")


def _alike(
    facts: CheckedFacts, key: Callable[[Secret], str | tuple[str, str] | None]
) -> Iterator[tuple[Secret, Sequence[Secret]]]:
    """Yield each secret that was chosen, with the others that have the same key; keys that are empty do not count."""
    same: dict[str | tuple[str, str] | None, list[Secret]] = {}
    for secret in facts.secrets:
        if one := key(secret):
            same.setdefault(one, []).append(secret)
    for secret in facts.chosen:
        others = [one for one in same.get(key(secret), ()) if one.uid != secret.uid]
        if others:
            yield secret, others


def _listed(secret: Secret, others: Sequence[Secret]) -> str:
    names = (one.name if one.namespace == secret.namespace else f"{one.namespace}/{one.name}" for one in others)
    return f"It and {shortened(', '.join(names), _LONGEST)} have"
