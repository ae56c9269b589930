"""The formats of secrets on stdout: THE table of them. Only metadata is there to be written."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from wbtui.domain.ages import age
from wbtui.domain.expiry import BY_TIME, unreadable_date
from wbtui.domain.secret import Secret
from wbtui.domain.secret_words import creator_in_words, keys_in_words, labels_in_words, states_in_words
from wbtui.domain.text import plain, shortened

API_VERSION = "wbtui/v1"
"""Says what JSON and YAML look like. It is not Kubernetes' own, so that nobody can apply them: they lack the values."""
_NONE = "<none>"
_GAP = "   "
_LONGEST_LIST = 100
"""Characters of the keys or labels in a table: one secret with thousands would make every line as long."""
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


_OTHERS_READ = (
    ("float", re.compile(r"[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?\Z|0o?[0-7]+\Z"), "-+.0123456789"),
    ("bool", re.compile(r"[yYnN]\Z"), "yYnN"),
)
"""Texts that other readers of YAML take for something else, as which, and with which they begin."""
_COMPUTED = tuple("=+-@＝＋－＠")  # noqa: RUF001  a spreadsheet takes the wide ones, too
"""What a spreadsheet takes for the beginning of a formula."""


class Listing(NamedTuple):
    """Secrets to write, and how: with a column of projects, with titles, and with ages as of `now`.

    `event` is what happened to all of them, where changes are printed.
    """

    secrets: Sequence[Secret]
    projects: bool
    headers: bool
    now: datetime
    event: str = ""


class _Column(NamedTuple):
    title: str
    read: Callable[[Secret, datetime], str]


def _age(moment: datetime | None, now: datetime) -> str:
    return age(moment.timestamp() if moment else None, now.timestamp())


def _states(secret: Secret, now: datetime) -> str:
    mark = secret.expiry.mark(now) if secret.expiry else ""
    return ", ".join(filter(None, (mark, states_in_words(secret))))


def _expires(secret: Secret, _: datetime) -> str:
    if secret.expiry:
        return secret.expiry.moment.date().isoformat()
    return "unreadable" if unreadable_date(secret.annotations) else ""


_PROJECT = _Column("PROJECT", lambda secret, _: secret.namespace)
_TABLE = (
    _Column("NAME", lambda secret, _: secret.name),
    _Column("DISPLAY NAME", lambda secret, _: secret.display_name),
    _Column("USE CASE", lambda secret, _: secret.use_case),
    _Column("KEYS", lambda secret, _: shortened(keys_in_words(secret, ","), _LONGEST_LIST)),
    _Column("CREATED BY", lambda secret, _: creator_in_words(secret)),
    _Column("AGE", lambda secret, now: _age(secret.created, now)),
    _Column("STATE", _states),
)
_WIDE = (
    *_TABLE[:3],
    _Column("TYPE", lambda secret, _: secret.type),
    *_TABLE[3:6],
    _Column("CHANGED", lambda secret, now: _age(secret.values_changed, now)),
    _Column("EXPIRES", _expires),
    _Column("LABELS", lambda secret, _: shortened(labels_in_words(secret), _LONGEST_LIST)),
    _TABLE[6],
)


def record(secret: Secret, now: datetime) -> dict[str, Any]:
    """Return what is written of one secret as JSON and as YAML; whether it has expired is as of `now`."""
    return {
        "name": secret.name,
        "displayName": secret.display_name,
        "project": secret.namespace,
        "uid": secret.uid,
        "resourceVersion": secret.resource_version,
        "useCase": secret.use_case,
        "type": secret.type,
        "keys": None if secret.keys is None else list(secret.keys),
        "keyCount": secret.key_count,
        "creator": secret.creator,
        "creatorIsHint": secret.creator_is_hint,
        "created": _iso(secret.created),
        "valuesChanged": _iso(secret.values_changed),
        "expires": _iso(secret.expiry.moment if secret.expiry else None),
        "expiresSource": secret.expiry.source if secret.expiry else None,
        "deletionRequested": _iso(secret.deleted),
        "immutable": secret.immutable,
        "states": [*_words_by_time(secret, now), *(state.word for state in secret.states)],
        "labels": dict(secret.labels),
        "annotations": dict(secret.annotations),
        "owners": [
            {"apiVersion": owner.api_version, "kind": owner.kind, "name": owner.name, "uid": owner.uid}
            for owner in secret.owners
        ],
        "finalizers": list(secret.finalizers),
    }


def _words_by_time(secret: Secret, now: datetime) -> list[str]:
    return [word for word, holds in BY_TIME.items() if secret.expiry and holds(secret.expiry, now)]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None


def _document(listing: Listing) -> dict[str, Any]:
    return {
        "apiVersion": API_VERSION,
        "kind": "SecretList",
        "items": [record(secret, listing.now) for secret in listing.secrets],
    }


def _json(listing: Listing) -> str:
    from msgspec.json import encode, format  # noqa: A004, PLC0415  reading the cluster's answers has loaded it

    return _ascii(format(encode(_document(listing)), indent=2).decode()) + "\n"


def json_line(document: dict[str, Any]) -> str:
    """Return a document as JSON on one line."""
    return json.dumps(document) + "\n"


def _ascii(text: str) -> str:
    """Return JSON without characters that could do something to a terminal."""
    text = text.replace("\x7f", "\\u007f")
    return text if text.isascii() else _NOT_ASCII.sub(lambda match: json.dumps(match[0])[1:-1], text)


def _yaml(listing: Listing) -> str:
    import yaml  # noqa: PLC0415  reading the kubeconfig may have loaded it

    dumper: Any = type("Dumper", (getattr(yaml, "CSafeDumper", yaml.SafeDumper),), {})
    for tag, pattern, first in _OTHERS_READ:
        dumper.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", pattern, list(first))
    return str(yaml.dump(_document(listing), Dumper=dumper, sort_keys=False))


def _names(listing: Listing) -> str:
    return "".join(f"secret/{plain(secret.name)}\n" for secret in listing.secrets)


def _csv(listing: Listing) -> str:
    import csv  # noqa: PLC0415  few ask for it
    import io  # noqa: PLC0415

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if listing.headers:
        writer.writerow(_CSV)
    for secret in listing.secrets:
        row = record(secret, listing.now) | {"labels": labels_in_words(secret)}
        writer.writerow([_as_text(plain(_csv_cell(row[name]))) for name in _CSV])
    return text.getvalue()


_CSV = (
    "name",
    "displayName",
    "project",
    "useCase",
    "type",
    "keys",
    "creator",
    "created",
    "valuesChanged",
    "immutable",
    "states",
    "labels",
    "expires",
    "expiresSource",
)


def _csv_cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(value) if isinstance(value, list) else "" if value is None else str(value)


def _as_text(cell: str) -> str:
    """Return a cell that a spreadsheet shows and does not compute."""
    return f"'{cell}" if cell.startswith(_COMPUTED) else cell


def _table(columns: Sequence[_Column]) -> Callable[[Listing], str]:
    def written(listing: Listing) -> str:
        shown = [_Column("EVENT", lambda *_: listing.event)] if listing.event else []
        shown += (_PROJECT, *columns) if listing.projects else columns
        rows = [[plain(column.read(secret, listing.now)) or _NONE for column in shown] for secret in listing.secrets]
        return aligned([[column.title for column in shown], *rows] if listing.headers else rows)

    return written


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as lines with aligned columns, as kubectl writes them."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return "".join(f"{_line(row, widths)}\n" for row in rows)


def _line(row: Iterable[str], widths: Iterable[int]) -> str:
    pairs = zip(row, widths, strict=True)
    return _GAP.join(f"{text}{' ' * (width - _width(text))}" for text, width in pairs).rstrip()


def _width(text: str) -> int:
    """Return how many cells of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415  most texts are ASCII

    return cell_len(text)


FORMATS: dict[str, Callable[[Listing], str]] = {
    "table": _table(_TABLE),
    "wide": _table(_WIDE),
    "name": _names,
    "json": _json,
    "yaml": _yaml,
    "csv": _csv,
}
"""By the names that `-o` takes."""
SHOWS_STATES = frozenset(FORMATS) - {"name"}
"""The formats that tell the states of secrets."""
