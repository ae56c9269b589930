"""Checks of what writes secrets, and of when what was written expires."""

from collections.abc import Callable, Iterator
from datetime import datetime

from wbtui.domain.checks.model import CheckedFacts, Found, Unknown
from wbtui.domain.checks.of_secrets import subject
from wbtui.domain.expiry import EXPIRES, Expiry, moment_in_words
from wbtui.domain.text import shortened

_LONGEST = 100


def expired(facts: CheckedFacts) -> Iterator[Found | Unknown]:
    """Yield the secrets with a credential that has expired."""
    return _expiries(facts, Expiry.is_expired, "It expired at")


def expiring(facts: CheckedFacts) -> Iterator[Found | Unknown]:
    """Yield the secrets with a credential that expires soon."""
    return _expiries(facts, Expiry.is_expiring, "It expires at")


def unreadable_expiries(facts: CheckedFacts) -> Iterator[Found]:
    """Yield the secrets with an annotation that should say when they expire, and does not."""
    for secret in facts.chosen:
        text = secret.annotations.get(EXPIRES)
        if text is not None and not (secret.expiry or secret.is_marked_issued):
            yield Found(subject(secret), f'Annotation {EXPIRES} is "{shortened(text, _LONGEST)}", which is no date.')


def failed_syncs(facts: CheckedFacts) -> Iterator[Found | Unknown]:
    """Yield the secrets that an ExternalSecret could not update."""
    for secret in facts.chosen:
        if isinstance(secret.written_by, str):
            yield Unknown(subject(secret), f"its ExternalSecret is not known: {secret.written_by}")
        for source in secret.written_by if isinstance(secret.written_by, tuple) else ():
            if source.ready is False:
                why = source.reason or "it gives no reason"
                yield Found(subject(secret), f"ExternalSecret {source.name} could not sync it: {why}.")


def _expiries(facts: CheckedFacts, holds: Callable[[Expiry, datetime], bool], words: str) -> Iterator[Found | Unknown]:
    for secret in facts.chosen:
        if isinstance(secret.issued, str):
            yield Unknown(subject(secret), f"its Certificate is not known: {secret.issued}")
        elif secret.expiry and holds(secret.expiry, facts.now):
            yield Found(
                subject(secret), f"{words} {moment_in_words(secret.expiry.moment)}, by its {secret.expiry.source}."
            )
