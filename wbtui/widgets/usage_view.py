"""What uses a secret, in words: grouped by who is responsible, with what could not be searched."""

from collections.abc import Iterable, Iterator

from textual.content import Content

from wbtui.domain.secret import Secret
from wbtui.domain.text import counted, plain
from wbtui.domain.usage import Usage, Use, by_topmost_owner, missing_keys
from wbtui.domain.usage_words import (
    NAMED,
    SEARCHING,
    gaps_in_words,
    kinds_in_words,
    nothing_found,
    place_in_words,
    repeats_in_words,
    search_in_words,
)
from wbtui.errors import ClusterError
from wbtui.widgets.held_view import held_in_words

_SHORT = 2
"""Lines about what was not searched, where something else is the subject."""


def use_lines(uses: Iterable[Use], secret: Secret) -> Iterator[tuple[Content, Use | None]]:
    """Yield a line for each owner, without a use, and below it one for each place that names the secret."""
    for top, spots in by_topmost_owner(uses):
        yield Content.styled(plain(str(top)), "bold"), None
        for spot in spots:
            missing = missing_keys(secret, [spot.use])
            warning = [(" — no such key in the secret", "bold")] if missing else []
            yield Content.assemble(*place_in_words(spot), *warning), spot.use


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
    for top, spots in by_topmost_owner(uses):
        repeated = repeats_in_words(dict.fromkeys(user for spot in spots for user in spot.repeated))
        missing = sorted({use.reference.key for use in missing_keys(secret, [spot.use for spot in spots])})
        warning = f" — wants {' and '.join(missing)}, which is no key in the secret" if missing else ""
        yield "", f"{top}: {counted(len(spots), 'place')}{repeated}{warning}"
    yield from (("", line.plain) for line in held_in_words(secret, usage, most=NAMED))
    if not uses:
        yield "", nothing_found(usage)
    if usage.being_searched:
        yield "", search_in_words(usage)
    yield from (("", line) for line in tuple(gaps_in_words(usage.unsearched, NAMED))[:_SHORT])


def coverage_lines(usage: Usage, *, short: bool = False) -> Iterator[Content]:
    """Yield what was searched, and what was not and why; with `short`, not all kinds are named."""
    most = NAMED if short else 0
    if usage.being_searched:
        yield Content(search_in_words(usage).capitalize())
    missing = usage.unsearched if short else usage.not_searched
    yield from (Content.styled(plain(line), "dim") for line in gaps_in_words(missing, most))
    yield Content.styled(f"Searched: {kinds_in_words(usage.searched, most)}.", "dim")
    if usage.listed_at:
        time = f"{usage.listed_at:%H:%M:%S} UTC"
        yield Content.styled(f"Kinds that are not built in are listed every two minutes, last at {time}.", "dim")
    if not usage.everywhere:
        yield Content.styled(
            "Of other projects, only what is cluster-wide was searched; :all searches them all.", "dim"
        )
    yield Content.styled("Pipelines, repositories and people that name it cannot be searched.", "dim")


def gaps_in_a_line(usage: Usage | None, error: ClusterError | None) -> str:
    """Return on one line how far it is known what is unused; empty where all was searched that can be."""
    if usage is None or usage.blind:
        return why_nothing_known(usage, error)
    if usage.being_searched:
        return search_in_words(usage)
    kinds = [kind.kind for kind in usage.unsearched]
    return f"not known which are unused: could not look at {kinds_in_words(kinds, NAMED)}" if kinds else ""


def why_nothing_known(usage: Usage | None, error: ClusterError | None) -> str:
    """Return why nothing is known of uses; empty where something is."""
    if usage and not usage.blind:
        return ""
    reasons = [kind.reason for kind in usage.unsearched] if usage else []
    happened = str(error) if error else reasons[0] if reasons else ""
    return f"uses not known: {plain(happened)}" if happened else SEARCHING
