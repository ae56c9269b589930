"""A deletion in words: before it is done, while it is, and afterwards."""

from collections.abc import Iterator, Mapping

from textual.content import Content

from wbtui.domain.deletion import Deletion
from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.repository import ClusterError, NotFound, Uncertain
from wbtui.widgets.usage_view import NO_REFERENCE, coverage, uses_in_words

_LISTED = 12
"""Secrets that are named one by one, and lines about each."""


def deletion_in_words(deletion: Deletion, context: str, *, hidden: int) -> Content:
    """Return what would be deleted, where, and what it would hit."""
    return Content("\n").join(_lines(deletion, context, hidden))


def _lines(deletion: Deletion, context: str, hidden: int) -> Iterator[Content]:
    possible = deletion.possible
    names = ", ".join(plain(secret.name) for secret in possible[:_LISTED])
    more = f" and {len(possible) - _LISTED} more" if len(possible) > _LISTED else ""
    projects = ", ".join(sorted({plain(secret.namespace) for secret in deletion.secrets}))
    if possible:
        title = f"Delete {names}{more} for good?" if len(possible) == 1 else f"Delete {len(possible)} secrets for good?"
        yield Content.styled(title, "bold")
        yield Content(f"Project {projects}, cluster {plain(context)}.")
    if len(possible) > 1:
        yield Content(f"{names}{more}")
    if hidden:
        yield Content.styled(f"{hidden} of them are hidden by the filter.", "bold")
    yield from _refused(deletion)
    for secret in possible:
        yield from _finalizers(secret)
    yield from _uses(deletion)


def _refused(deletion: Deletion) -> Iterator[Content]:
    for secret in deletion.refused:
        title, advice = _going(secret) if secret.deleted else _owned(secret)
        yield Content.styled(f"{plain(secret.name)} {title}", "bold")
        yield Content(f"  {advice}")


def _owned(secret: Secret) -> tuple[str, str]:
    owners = " and ".join(plain(str(owner)) for owner in secret.owners)
    return f"cannot be deleted here: {owners} manages it.", "It would make it again. Delete or change that instead."


def _going(secret: Secret) -> tuple[str, str]:
    waits = plain(", ".join(secret.finalizers)) or "the cluster"
    return (
        f"is being deleted, since {secret.deleted:%Y-%m-%d %H:%M} UTC, and waits for {waits}.",
        "Whoever put that finalizer there lets it go once its work is done. There is nothing to do here.",
    )


def _finalizers(secret: Secret) -> Iterator[Content]:
    if secret.finalizers:
        yield Content(f"{plain(secret.name)} will stay until {plain(', '.join(secret.finalizers))} lets it go.")


def _uses(deletion: Deletion) -> Iterator[Content]:
    if not deletion.possible:
        return
    yield Content("")
    if deletion.usages is None:
        yield Content("Looking for what uses it …")
        return
    for secret in deletion.in_use[:_LISTED]:
        yield from _use(deletion, secret)
    if not deletion.in_use:
        yield Content(NO_REFERENCE)
    for usage in deletion.usages:
        yield from coverage(usage)


def _use(deletion: Deletion, secret: Secret) -> Iterator[Content]:
    yield Content.styled(f"{plain(secret.name)} is in use:", "bold")
    lines = list(uses_in_words(deletion.uses(secret), secret))
    yield from (Content.assemble("  ", line) for line in lines[:_LISTED])
    if len(lines) > _LISTED:
        yield Content(f"  … {len(lines) - _LISTED:,} lines more: u in the table shows them all")


def outcome_of(answer: Secret | ClusterError | None, became: str = "") -> str:
    """Return in words how a delete ended; `became` is what became of the secret that was on the screen."""
    if answer is None:
        return "deleted"
    if isinstance(answer, Secret):
        return f"terminating: it waits for {plain(', '.join(answer.finalizers))}"
    if isinstance(answer, NotFound):
        return f"gone already: {plain(str(answer))}"
    said = f"{answer.title}: {plain(became) or f'{plain(str(answer))}.'}"
    return said if isinstance(answer, Uncertain) else f"NOT deleted, {said}"


def results_in_words(deletion: Deletion, results: Mapping[str, str]) -> Iterator[Content]:
    """Yield how it stands with each secret."""
    done = sum(words == "deleted" for words in results.values())
    left = sum(words.startswith("left,") for words in results.values())
    yield Content.styled(f"{done} of {len(results)} deleted{f', {left} left' if left else ''}", "bold")
    for secret in deletion.possible:
        yield Content(f"{plain(secret.name)}: {results[secret.uid]}")
