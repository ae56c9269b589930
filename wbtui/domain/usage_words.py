"""What is said of uses, and of what could not be searched, in words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from wbtui.domain.references import Reference, SecretUser, namespace_in_words, place_of
from wbtui.domain.text import plain
from wbtui.domain.usage import ABSENT, BEING_SEARCHED, NotSearched, SearchProgress, SearchStep, Spot, Usage, Use

NO_USERS = "No users found. Every kind in the cluster that can name a secret was searched."
NO_USERS_SO_FAR = "No users found so far."
NO_USERS_SEEN = "No users found, but not every kind could be searched."
NOTHING_SEARCHED = "Nothing could be searched: it is unknown whether anything uses it."
SEARCHING = "searching for uses …"
NAMED = 3
"""Kinds that a short line names."""


def nothing_found(usage: Usage) -> str:
    """Return that no use was found, and whether that means that there is none."""
    if usage.being_searched:
        return NO_USERS_SO_FAR
    if usage.blind:
        return NOTHING_SEARCHED
    return NO_USERS_SEEN if usage.unsearched else NO_USERS


def progress_in_words(progress: SearchProgress | None) -> str:
    """Return what a search does, and how far that is; None where it has only begun."""
    if not progress:
        return "Searching for uses …"
    return _STEPS[progress.step].format(f"{progress.done:,} of {progress.total:,}")


_STEPS = {
    SearchStep.SCHEMAS: "Searching for uses: reading the schemas of the cluster, {} …",
    SearchStep.KINDS: "Searching for uses: {} kinds …",
}


def kinds_in_words(kinds: Sequence[str], most: int = 0) -> str:
    """Return kinds, counted where they are many; with `most`, only so many are named."""
    more = f" and {len(kinds) - most} more" if most and len(kinds) > most else ""
    named = ", ".join(kinds[: most or None]) + more
    return f"{len(kinds)} kinds: {named}" if len(kinds) > NAMED else named or "nothing"


def search_in_words(usage: Usage) -> str:
    """Return how far a search that goes on is; empty where it is done."""
    left, done = usage.being_searched, len(usage.searched)
    return f"searching for uses: {done:,} of about {done + left:,} kinds so far …" if left else ""


def gaps_in_words(kinds: Iterable[NotSearched], most: int = 0) -> Iterator[str]:
    """Yield a sentence for each reason why kinds could not be searched; with `most`, only so many are named.

    Those that a search has yet to come to are left out: `search_in_words` counts them.
    """
    ordered = sorted(
        (kind for kind in kinds if kind.reason != BEING_SEARCHED), key=lambda kind: (kind.stale, kind.reason)
    )
    for (stale, reason), group in groupby(ordered, key=lambda kind: (kind.stale, kind.reason)):
        named = kinds_in_words([kind.kind for kind in group], most)
        what = "Not up to date" if stale else "Not searched"
        yield f"{'Not in this cluster' if reason == ABSENT else f'{what} ({reason})'}: {named}."


def place_in_words(spot: Spot) -> Iterator[str]:
    """Yield the parts of a line about one place that names a secret."""
    use = spot.use
    if use.user != use.top:
        yield f"{plain(str(use.user))}{', scaled to 0' if use.user.idle else ''}: "
    yield plain(_path(use))
    yield _namespace(use)
    yield from (words for words, holds in _qualities(use.reference) if holds)
    if when := _when_seen(use):
        yield f", {when}"
    yield plain(repeats_in_words(spot.repeated))


def _namespace(use: Use) -> str:
    """Return where the secret is, where that is not the namespace of the object."""
    if use.reference.namespace not in {"", use.user.namespace}:
        return f" in {plain(use.reference.namespace)}"
    return "" if use.user.namespace else f", {namespace_in_words(use.user.kind)}"


def _qualities(reference: Reference) -> Iterator[tuple[str, bool]]:
    yield ", by its labels", reference.selector is not None
    yield f", key {plain(reference.key)}", bool(reference.key)
    yield ", optional", reference.optional


def _when_seen(use: Use) -> str:
    """Return when a new value counts in a place; empty where that is not known."""
    if "caching.env" in use.reference.path:
        return "counts at the next download"
    if use.needs_restart:
        return "sees a new value after a restart"
    return next((when for part, when in _SEEN if part in use.reference.path), "")


_SEEN = (
    ("volumes[", "files change within minutes (not by subPath), and have to be read again"),
    ("imagePullSecrets", "counts at the next pull"),
)


def _path(use: Use) -> str:
    # The way to a template's pods is the same for all of a kind, and long.
    path, within = use.reference.path, place_of(use.user, use.reference)
    return path if path in {within, f"spec.{within}"} else f"…{within}"


def repeats_in_words(users: Iterable[SecretUser]) -> str:
    """Return how many more objects repeat a use; empty where none does."""
    counts = Counter((user.kind, user.idle) for user in users)
    parts = [
        f"{count} {kind if count == 1 else _many(kind)}{' scaled to 0' if idle else ''}"
        for (kind, idle), count in sorted(counts.items())
    ]
    return f"; also in {', '.join(parts)}" if parts else ""


def _many(kind: str) -> str:
    return f"{kind}es" if kind.endswith("s") else f"{kind}s"
