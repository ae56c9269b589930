"""A deletion in words: before it is done, while it is, and afterwards."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from textual.content import Content

from wbtui.domain.deletion import Deletion, DeletionOutcome, Result, Results
from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.domain.usage_words import nothing_found, progress_in_words
from wbtui.domain.well_known import readers_of
from wbtui.widgets.usage_view import coverage_lines, uses_in_words

_LISTED = 12
"""Secrets that are named one by one, and lines about each."""


def deletion_in_words(deletion: Deletion, *, hidden: int) -> Content:
    """Return what would be deleted, where, and what it would hit."""
    return Content("\n").join(_lines(deletion, hidden))


def _lines(deletion: Deletion, hidden: int) -> Iterator[Content]:
    possible = deletion.possible
    names = ", ".join(plain(secret.names) for secret in possible[:_LISTED])
    more = f" and {len(possible) - _LISTED} more" if len(possible) > _LISTED else ""
    projects = ", ".join(sorted({plain(secret.namespace) for secret in deletion.secrets}))
    if possible:
        title = f"Delete {names}{more} for good?" if len(possible) == 1 else f"Delete {len(possible)} secrets for good?"
        yield Content.styled(title, "bold")
        yield Content(f"Project {projects}, cluster {plain(deletion.context)}.")
    if len(possible) > 1:
        yield Content(f"{names}{more}")
    if hidden:
        yield Content.styled(f"{hidden} of them are hidden by the filter.", "bold")
    for secret in deletion.vanished:
        yield Content.styled(f"{plain(secret.names)} was deleted after it was marked.", "bold")
        yield Content("  Another secret of the same name is not deleted.")
    yield from _refused(deletion)
    for secret in possible:
        yield from _finalizers(secret)
        yield from _syncs(secret)
        yield from _readers(secret)
    yield from _uses(deletion)


def _refused(deletion: Deletion) -> Iterator[Content]:
    for secret in deletion.refused:
        title, advice = _why_not(secret, deletion.forbidden.get(secret.uid, ""))
        yield Content.styled(f"{plain(secret.names)} {title}", "bold")
        yield Content(f"  {advice}")


def _why_not(secret: Secret, needed: str) -> tuple[str, str]:
    if secret.deleted:
        return _going(secret)
    return _owned(secret) if secret.owners else (f"cannot be deleted by you. Not allowed: {plain(needed)}.", "")


def _owned(secret: Secret) -> tuple[str, str]:
    owners = " and ".join(plain(str(owner)) for owner in secret.owners)
    return f"cannot be deleted here: {owners} manages it.", "It would create it again. Change or delete that instead."


def _going(secret: Secret) -> tuple[str, str]:
    return (
        f"is being deleted, since {secret.deleted:%Y-%m-%d %H:%M} UTC, and waits for {plain(secret.waits_for)}.",
        "The controller that set the finalizer removes it when its work is done. There is nothing to do here.",
    )


def _syncs(secret: Secret) -> Iterator[Content]:
    for sync in secret.syncs:
        yield Content.styled(f"{plain(secret.names)}: {plain(sync.sentence)}", "bold")


def _readers(secret: Secret) -> Iterator[Content]:
    if readers := readers_of(secret.name):
        yield Content.styled(f"{plain(secret.names)}: {readers}", "bold")


def _finalizers(secret: Secret) -> Iterator[Content]:
    if secret.finalizers:
        yield Content(f"{plain(secret.names)} will stay until {plain(secret.waits_for)} is removed.")


def _uses(deletion: Deletion) -> Iterator[Content]:
    if not deletion.possible:
        return
    yield Content("")
    if deletion.usage is None:
        yield Content(progress_in_words(deletion.progress))
        return
    for secret in deletion.in_use[:_LISTED]:
        yield from _use(deletion, secret)
    if not deletion.in_use:
        yield Content(nothing_found(deletion.usage))
    yield from coverage_lines(deletion.usage, short=True)


def _use(deletion: Deletion, secret: Secret) -> Iterator[Content]:
    yield Content.styled(f"{plain(secret.names)} is in use:", "bold")
    lines = list(uses_in_words(deletion.uses(secret), secret))
    yield from (Content.assemble("  ", line) for line in lines[:_LISTED])
    if len(lines) > _LISTED:
        yield Content(f"  … {len(lines) - _LISTED:,} lines more: u in the list shows them all")


def results_in_words(deletion: Deletion, results: Results, advice: str) -> Content:
    """Return how it stands with each secret, those of interest first, and what can be done about it."""
    counts = Counter(result.outcome for result in results.values())
    others = [f"{counts[outcome]} {words}" for outcome, words in _COUNTED.items() if counts[outcome]]
    title = ", ".join([f"{counts[DeletionOutcome.DELETED]} of {len(results)} deleted", *others])
    lines = _result_lines(deletion, results)
    return Content("\n").join([Content.styled(title, "bold"), *[Content(advice)] * bool(advice), *map(Content, lines)])


def _result_lines(deletion: Deletion, results: Results) -> Iterator[str]:
    """Yield a line for each; while it is under way, some of those that are many: a thousand take a second to draw."""
    ordered = sorted(deletion.possible, key=lambda secret: _ORDER[results[secret.uid].outcome])
    under_way = any(result.outcome in _UNDER_WAY for result in results.values())
    for outcome, group in groupby(ordered, key=lambda secret: results[secret.uid].outcome):
        secrets = list(group)
        most = _LISTED if under_way and outcome in _MANY else len(secrets)
        yield from (f"{plain(secret.names)}: {_result_in_words(results[secret.uid])}" for secret in secrets[:most])
        if len(secrets) > most:
            yield f"… and {len(secrets) - most:,} more: {_WORDS[outcome].partition(',')[0]}"


_UNDER_WAY = frozenset({DeletionOutcome.WAITING, DeletionOutcome.DELETING})
_MANY = frozenset({DeletionOutcome.WAITING, DeletionOutcome.NOT_TRIED, DeletionOutcome.DELETED})
_COUNTED = {
    DeletionOutcome.TERMINATING: "terminating",
    DeletionOutcome.GONE: "already deleted",
    DeletionOutcome.NOT_DELETED: "NOT deleted",
    DeletionOutcome.UNKNOWN: "not known",
    DeletionOutcome.NOT_TRIED: "not tried",
}
_WORDS = {
    DeletionOutcome.WAITING: "waiting",
    DeletionOutcome.DELETING: "deleting …",
    DeletionOutcome.DELETED: "deleted",
    DeletionOutcome.TERMINATING: "terminating: {}",
    DeletionOutcome.GONE: "already deleted: {}",
    DeletionOutcome.NOT_DELETED: "NOT deleted, {}",
    DeletionOutcome.UNKNOWN: "not known whether it was deleted: {}",
    DeletionOutcome.NOT_TRIED: "not tried, {}",
}
_ORDER = {
    outcome: position
    for position, outcome in enumerate(
        (
            DeletionOutcome.NOT_DELETED,
            DeletionOutcome.UNKNOWN,
            DeletionOutcome.TERMINATING,
            DeletionOutcome.DELETING,
            DeletionOutcome.GONE,
            DeletionOutcome.NOT_TRIED,
            DeletionOutcome.WAITING,
            DeletionOutcome.DELETED,
        )
    )
}


def _result_in_words(result: Result) -> str:
    words = _WORDS[result.outcome]
    return words.format(plain(result.detail)) if "{}" in words else " ".join((words, plain(result.detail))).strip()
