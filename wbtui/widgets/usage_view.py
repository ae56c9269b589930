"""What uses a secret, in words: grouped by who is responsible, with what could not be searched."""

from collections.abc import Iterator
from itertools import groupby

from textual.content import Content

from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.domain.usage import Usage, Use, missing_keys


def uses_in_words(uses: tuple[Use, ...], secret: Secret) -> Iterator[Content]:
    """Yield a line for each owner, and below it each place that names the secret."""
    missing = set(missing_keys(secret, uses))
    for top, group in groupby(uses, key=lambda use: str(use.top)):
        members = list(group)
        yield Content.styled(plain(top), "bold")
        for use in members:
            yield Content.assemble(
                "  ", *_place(use, top), *([(" — no such key in the secret", "bold")] * (use in missing))
            )


def coverage(usage: Usage) -> Iterator[Content]:
    """Yield what was searched, and what was not and why."""
    yield Content.styled(f"Searched: {', '.join(usage.searched) or 'nothing'}.", "dim")
    for reason, group in groupby(
        sorted(usage.not_searched, key=lambda kind: kind.reason), key=lambda kind: kind.reason
    ):
        yield Content.styled(f"Not searched, {plain(reason)}: {', '.join(kind.kind for kind in group)}.", "dim")
    yield Content.styled("Pipelines, repositories and people that name it cannot be searched.", "dim")


def _place(use: Use, top: str) -> Iterator[str]:
    if str(use.user) != top:
        yield f"{plain(str(use.user))}: "
    yield plain(use.reference.path)
    if use.reference.key:
        yield f", key {plain(use.reference.key)}"
    if use.reference.optional:
        yield ", optional"
    if use.reference.restart:
        yield ", sees a new value after a restart"
