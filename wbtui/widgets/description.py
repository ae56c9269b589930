"""A secret in words: everything that is known of it, which is everything but its values."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from wbtui.domain.expiry import EXPIRES, length_in_words, moment_in_words, unreadable_date
from wbtui.domain.secret import Secret
from wbtui.domain.syncing import ExternalSource
from wbtui.domain.text import plain, plain_lines
from wbtui.domain.use_cases.table import find_use_case
from wbtui.errors import ClusterError

Rows = Iterator[tuple[str, str]]
_INDENT = 16
"""Cells before what a row says."""


def describe(
    secret: Secret,
    sources: tuple[ExternalSource, ...] | ClusterError | None,
    used_by: Rows,
    now: datetime,
    width: int,
) -> Content:
    """Return all there is to say of `secret`, in `width` cells.

    `sources` are where its values come from, or why that is not known; None before the cluster has answered. `used_by`
    has rows about who uses it.
    """
    sections = [
        (secret.names, list(_facts(secret, now))),
        ("Where its values come from", list(_sources(secret, sources, now))),
        ("Used by", list(used_by)),
        ("Notes", [("", state.sentence(secret)) for state in secret.states]),
        ("Labels", list(secret.labels.items())),
        ("Annotations", list(secret.annotations.items())),
        ("Changes", list(_changes(secret, now))),
    ]
    lines = [line for title, rows in sections if rows for line in _section(title, rows, width)]
    return Content("\n").join([*lines, Content.styled("Values are never shown: press x to read why.", "dim")])


def _facts(secret: Secret, now: datetime) -> Rows:
    use_case = find_use_case(secret.use_case)
    yield from _display_name(secret)
    yield "project", secret.namespace
    yield "use case", use_case.title if use_case else secret.use_case or "none"
    if use_case:
        yield "serves", use_case.serves
    yield "type", secret.type or "unknown"
    yield "keys", _keys(secret)
    yield "created by", _creator(secret)
    yield "created", _when(secret.created, now)
    if secret.last_change:
        yield "last changed", f"{_when(secret.last_change.time, now)}, by {secret.last_change.manager}"
    yield from _expiry(secret, now)
    if secret.deleted:
        yield "deleting since", _when(secret.deleted, now)
    for owner in secret.owners:
        yield "managed by", f"{owner} ({owner.api_version})"
    if secret.finalizers:
        yield "finalizers", " ".join(secret.finalizers)
    yield "uid", secret.uid
    yield "version", secret.resource_version


def _display_name(secret: Secret) -> Rows:
    if secret.display_name:
        yield "display name", secret.display_name
        yield "name", secret.name


def _expiry(secret: Secret, now: datetime) -> Rows:
    if expiry := secret.expiry:
        left = expiry.moment - now
        when = f"in {length_in_words(left)}" if left > timedelta() else f"expired {length_in_words(-left)} ago"
        yield "expires", f"{moment_in_words(expiry.moment)} ({when}), from {_SOURCES.get(expiry.source, expiry.source)}"
    elif text := unreadable_date(secret.annotations):
        yield "expires", f"not known: {text} in the annotation {EXPIRES} is no date"
    elif isinstance(secret.issued, str):
        yield "expires", f"not known: Certificate: {secret.issued}"


_SOURCES = {"annotation": f"the annotation {EXPIRES}"}


def _keys(secret: Secret) -> str:
    if secret.keys is None:
        count = "their number is not known either" if secret.key_count is None else f"there are {secret.key_count}"
        return f"names not known; {count}"
    return " ".join(secret.keys) or "none"


def _creator(secret: Secret) -> str:
    if not secret.creator:
        return "not known"
    return f"not recorded; first written by {secret.creator}" if secret.creator_is_hint else secret.creator


def _changes(secret: Secret, now: datetime) -> Rows:
    for change in secret.changes:
        yield "", f"{_when(change.time, now)}: {change.operation or 'change'} by {change.manager}"


_POLICIES = {
    "Owner": "owns the secret",
    "Merge": "adds its keys to the secret, without owning it",
    "Orphan": "made the secret, without owning it",
}


def _sources(secret: Secret, sources: tuple[ExternalSource, ...] | ClusterError | None, now: datetime) -> Rows:
    if isinstance(sources, ClusterError):
        yield "", f"Not known: {sources}."
    elif sources is not None:
        for source in sources:
            yield from _source(source, now)
        if not sources and secret.is_marked_external:
            yield "", "No ExternalSecret of the project writes it: the mark of External Secrets on it is a copy."


def _source(source: ExternalSource, now: datetime) -> Rows:
    yield "written by", f"ExternalSecret {source.name}: {_POLICIES.get(source.policy, source.policy)}"
    yield "store", source.store
    for key in source.remote_keys:
        yield "key", key
    word = {True: "yes", False: "NO", None: "not known"}[source.ready]
    yield "in sync", " — ".join(part for part in (word, source.reason, source.message) if part)
    if source.synced:
        yield "last synced", _when(source.synced, now)


_STEPS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def _when(moment: datetime | None, now: datetime) -> str:
    if not moment:
        return "not known"
    return f"{moment:%Y-%m-%d %H:%M} UTC ({_ago(now - moment)})"


def _ago(age: timedelta) -> str:
    seconds = int(age.total_seconds())
    if seconds < 0:
        return "in the future"
    word, size = next(((word, size) for word, size in _STEPS if seconds >= size), ("second", 1))
    count = seconds // size
    return f"{count:,} {word}{'s' * (count != 1)} ago"


def _section(title: str, rows: list[tuple[str, str]], width: int) -> Iterator[Content]:
    yield Content.styled(plain(title), "bold underline")
    for name, said in rows:
        lines = [part for line in plain_lines(said) for part in Content(line).wrap(max(_INDENT, width - _INDENT))]
        label = f"  {plain(name)}"
        if cell_len(label) < _INDENT and name:
            yield Content.assemble((set_cell_size(label, _INDENT), "dim"), lines.pop(0))
        elif name:
            yield Content.styled(label, "dim")
        indent = _INDENT if name else 2
        yield from (Content.assemble(" " * indent, line) for line in lines)
    yield Content("")
