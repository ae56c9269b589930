"""What uses a secret, in words: grouped by who is responsible, with what could not be searched."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from textual.content import Content

from wbtui.domain.references import Reference, User, namespace_in_words, place_of
from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.domain.usage import ABSENT, BEING_SEARCHED, NotSearched, Spot, Usage, Use, by_top, missing_keys
from wbtui.errors import ClusterError
from wbtui.widgets.held_view import held_in_words

NO_USERS = "No users found. Every kind in the cluster that can name a secret was searched."
NO_USERS_SO_FAR = "No users found so far."
NO_USERS_SEEN = "No users found, but not every kind could be searched."
NOTHING_SEARCHED = "Nothing could be searched: it is unknown whether anything uses it."
SEARCHING = "searching for uses …"
_NAMED = 3
"""Kinds that a short line names."""
_SHORT = 2
"""Lines about what was not searched, where something else is the subject."""


def nothing_found(usage: Usage) -> str:
    """Return that no use was found, and whether that means that there is none."""
    if usage.being_searched:
        return NO_USERS_SO_FAR
    if usage.blind:
        return NOTHING_SEARCHED
    return NO_USERS_SEEN if usage.unsearched else NO_USERS


def use_lines(uses: Iterable[Use], secret: Secret) -> Iterator[tuple[Content, Use | None]]:
    """Yield a line for each owner, without a use, and below it one for each place that names the secret."""
    for top, spots in by_top(uses):
        yield Content.styled(plain(str(top)), "bold"), None
        for spot in spots:
            missing = missing_keys(secret, [spot.use])
            warning = [(" — no such key in the secret", "bold")] if missing else []
            yield Content.assemble(*_place(spot), *warning), spot.use


def uses_in_words(uses: Iterable[Use], secret: Secret) -> Iterator[Content]:
    """Yield the same lines, those of places indented."""
    for line, use in use_lines(uses, secret):
        yield Content.assemble("  ", line) if use else line


def use_rows(secret: Secret, usage: Usage | None, error: ClusterError | None) -> Iterator[tuple[str, str]]:
    """Yield who is responsible for uses, with how many places, as rows of a description."""
    if usage is None:
        yield "", f"Not known: {error}." if error else SEARCHING
        return
    uses = usage.of(secret)
    for top, spots in by_top(uses):
        places = f"{len(spots)} place{'s' * (len(spots) != 1)}"
        repeated = _also(dict.fromkeys(user for spot in spots for user in spot.repeated))
        missing = sorted({use.reference.key for use in missing_keys(secret, [spot.use for spot in spots])})
        warning = f" — wants {' and '.join(missing)}, which is no key in the secret" if missing else ""
        yield "", f"{top}: {places}{repeated}{warning}"
    yield from (("", line.plain) for line in held_in_words(secret, usage, most=_NAMED))
    if not uses:
        yield "", nothing_found(usage)
    yield from (("", line) for line in tuple(_gaps(usage.unsearched, _NAMED))[:_SHORT])


def coverage(usage: Usage, *, short: bool = False) -> Iterator[Content]:
    """Yield what was searched, and what was not and why; with `short`, not all kinds are named."""
    most = _NAMED if short else 0
    gaps = usage.unsearched if short else usage.not_searched
    yield from (Content.styled(plain(line), "dim") for line in _gaps(gaps, most))
    yield Content.styled(f"Searched: {_listed(usage.searched, most)}.", "dim")
    if usage.listed_at:
        time = f"{usage.listed_at:%H:%M:%S} UTC"
        yield Content.styled(f"Kinds that are not built in are listed every two minutes, last at {time}.", "dim")
    if not usage.everywhere:
        yield Content.styled(
            "Of other projects, only what is cluster-wide was searched; :all searches them all.", "dim"
        )
    yield Content.styled("Pipelines, repositories and people that name it cannot be searched.", "dim")


def _listed(kinds: Sequence[str], most: int = 0) -> str:
    """Return kinds, counted where they are many; with `most`, only so many are named."""
    named = ", ".join(kinds[: most or None]) + (", …" if most and len(kinds) > most else "")
    return f"{len(kinds)} kinds: {named}" if len(kinds) > _NAMED else named or "nothing"


def reach(usage: Usage | None, error: ClusterError | None) -> str:
    """Return on one line how far it is known what is unused; empty where all was searched that can be."""
    if usage is None or usage.blind:
        return unknown(usage, error)
    if usage.being_searched:
        return f"searching for uses: {usage.being_searched} kinds to go"
    kinds = [kind.kind for kind in usage.unsearched]
    return f"not known which are unused: could not look at {_listed(kinds, _NAMED)}" if kinds else ""


def unknown(usage: Usage | None, error: ClusterError | None) -> str:
    """Return why nothing is known of uses; empty where something is."""
    if usage and not usage.blind:
        return ""
    reasons = [kind.reason for kind in usage.unsearched] if usage else []
    happened = str(error) if error else reasons[0] if reasons else ""
    return f"uses not known: {plain(happened)}" if happened else SEARCHING


def _gaps(kinds: Iterable[NotSearched], most: int = 0) -> Iterator[str]:
    ordered = sorted(kinds, key=lambda kind: (kind.stale, kind.reason))
    for (stale, reason), group in groupby(ordered, key=lambda kind: (kind.stale, kind.reason)):
        named = _listed([kind.kind for kind in group], _NAMED if reason == BEING_SEARCHED else most)
        what = "Not up to date" if stale else "Not searched"
        yield f"{_GAPS.get(reason) or f'{what} ({reason})'}: {named}."


_GAPS = {ABSENT: "Not in this cluster", BEING_SEARCHED: "Still to be searched"}


def _place(spot: Spot) -> Iterator[str]:
    use = spot.use
    if use.user != use.top:
        yield f"{plain(str(use.user))}{', scaled to 0' if use.user.idle else ''}: "
    yield plain(_path(use))
    yield _namespace(use)
    yield from (words for words, holds in _qualities(use.reference) if holds)
    if when := _when_seen(use):
        yield f", {when}"
    yield plain(_also(spot.repeated))


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


def _also(users: Iterable[User]) -> str:
    counts = Counter((user.kind, user.idle) for user in users)
    parts = [
        f"{count} {kind if count == 1 else _many(kind)}{' scaled to 0' if idle else ''}"
        for (kind, idle), count in sorted(counts.items())
    ]
    return f"; also in {', '.join(parts)}" if parts else ""


def _many(kind: str) -> str:
    return f"{kind}es" if kind.endswith("s") else f"{kind}s"
