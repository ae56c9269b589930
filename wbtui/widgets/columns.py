"""The columns of the secrets table: THE table of them, and which of them are shown."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from wbtui.domain.ages import age
from wbtui.domain.expiry import length_in_words, unreadable_date
from wbtui.domain.secret import Secret
from wbtui.domain.secret_words import creator_in_words, keys_in_words, labels_in_words, states_in_words
from wbtui.domain.suggestions import did_you_mean, quotable
from wbtui.domain.text import plain
from wbtui.domain.use_cases.table import find_use_case

_ENDING = 11
"""Cells in which the end of a Kubernetes name still tells secrets with the same display name apart."""
_LABEL = "label:"


class CellFacts(NamedTuple):
    """What is shown of a secret beside its own metadata: its state by its uses, how many uses, and the time.

    With `ages`, times are shown as ages, as kubectl does.
    """

    state: Callable[[Secret], str]
    users: Callable[[Secret], str]
    now: Callable[[], datetime]
    ages: bool = False


class Column(NamedTuple):
    """One column, at most `most` cells wide; where it cannot be shown whole, it is cut to no less than `least`.

    Where the terminal is narrow, columns give way in the order of `gives_way`; 0 never does. `role` is how its cells
    look; `order` is the sort order that its title announces. `shorten` makes a text that fits of one that does not.
    `live` is what can change while the secret does not, and comes before the text of the cell; the text of a `timed`
    column can change as an age does. With `asks_uses`, the uses are followed while it is shown; one `of_use_case` is
    the same in all secrets of one use case.
    """

    title: str
    cell: Callable[[Secret, CellFacts], str]
    least: int
    most: int
    gives_way: int
    role: str = "muted"
    order: str = ""
    shorten: "Callable[[Secret, int], str] | None" = None
    live: "Callable[[Secret, CellFacts], str] | None" = None
    timed: bool = False
    asks_uses: bool = False
    of_use_case: bool = False

    def draw(self, secret: Secret, text: str, width: int) -> str:
        """Return the text of a secret's cell in exactly `width` terminal cells."""
        if self.shorten and len(text) > width // 2 and cell_len(text) > width:
            text = plain(self.shorten(secret, width))
        return cell(text, width)


def _short_names(secret: Secret, width: int) -> str:
    """Return both names, the Kubernetes name without its beginning: its end is what differs."""
    room = max(_ENDING, width // 3)
    name = secret.name if len(secret.name) + 2 <= room else f"…{secret.name[3 - room :]}"
    display_name = cell(plain(secret.display_name), max(1, width - len(name) - 3)).rstrip()
    return f"{display_name} ({name})" if secret.display_name else secret.name


def _use_case(secret: Secret, _: CellFacts) -> str:
    known = find_use_case(secret.use_case)
    return known.title if known else secret.use_case or "—"


def _time(moment: datetime | None, facts: CellFacts) -> str:
    if not moment:
        return "—"
    return age(moment.timestamp(), facts.now().timestamp()) if facts.ages else moment.date().isoformat()


def _created(secret: Secret, facts: CellFacts) -> str:
    return _time(secret.created, facts)


def _changed(secret: Secret, facts: CellFacts) -> str:
    return _time(secret.values_changed, facts)


def _expires(secret: Secret, facts: CellFacts) -> str:
    expiry = secret.expiry
    if not expiry:
        return "unreadable" if unreadable_date(secret.annotations) else "—"
    if not facts.ages:
        return expiry.moment.date().isoformat()
    left = expiry.moment - facts.now()
    return f"in {length_in_words(left)}" if left > timedelta() else f"{length_in_words(-left)} ago"


def _state_now(secret: Secret, facts: CellFacts) -> str:
    expiry = secret.expiry
    return ", ".join(filter(None, (expiry.mark(facts.now()) if expiry else "", facts.state(secret))))


COLUMNS: dict[str, Column] = {
    "name": Column("name", lambda secret, _: secret.names, 20, 253, 0, role="name", order="name", shorten=_short_names),
    "project": Column("project", lambda secret, _: secret.namespace, 10, 24, 0),
    "use-case": Column("use case", _use_case, 12, 20, 6, order="use_case", of_use_case=True),
    "type": Column("type", lambda secret, _: secret.type.rpartition("/")[2], 8, 22, 2, of_use_case=True),
    "keys": Column("keys", lambda secret, _: keys_in_words(secret), 8, 40, 1),
    "labels": Column("labels", lambda secret, _: labels_in_words(secret) or "—", 8, 60, 1),
    "creator": Column("created by", lambda secret, _: creator_in_words(secret) or "—", 12, 36, 3, order="creator"),
    "created": Column("created", _created, 10, 10, 4, order="age", timed=True),
    "changed": Column("changed", _changed, 10, 10, 4, order="changed", timed=True),
    "expires": Column("expires", _expires, 10, 10, 4, order="expires", timed=True),
    "used-by": Column(
        "used by", lambda *_: "", 7, 9, 4, live=lambda secret, facts: facts.users(secret), asks_uses=True
    ),
    "state": Column(
        "state",
        lambda secret, _: states_in_words(secret),
        15,
        28,
        5,
        role="state",
        live=_state_now,
    ),
}
"""By the names that the settings and `:columns` take; beside them there is `label:KEY`."""
DEFAULT = ("name", "use-case", "type", "keys", "creator", "created", "state")
WIDE = ("name", "use-case", "type", "keys", "labels", "creator", "created", "changed", "expires", "state")
"""What the wide view shows, as `kubectl get -o wide` does."""


def columns_problem(names: Iterable[str]) -> str:
    """Return what is wrong with names of columns; empty where nothing is."""
    wrong = next((name for name in names if not (name in COLUMNS or name.removeprefix(_LABEL) not in {name, ""})), None)
    if wrong is None:
        return ""
    return (
        f'unknown column "{quotable(wrong)}"{did_you_mean(wrong, COLUMNS)}: there are {", ".join(COLUMNS)}, label:KEY'
    )


def columns_named(names: Iterable[str], *, all_projects: bool, without: Iterable[str] = ()) -> tuple[Column, ...]:
    """Return columns by their names, the name first; the project only, and always, in the list of `all_projects`."""
    rest = [name for name in names if name not in {"name", "project", *without}]
    wanted = ["name", *(["project"] if all_projects else []), *dict.fromkeys(rest)]
    return tuple(COLUMNS.get(name) or _label(name.removeprefix(_LABEL)) for name in wanted)


def _label(name: str) -> Column:
    def read(secret: Secret, _: CellFacts) -> str:
        found = (value for key, value in secret.labels.items() if name in (key, key.rpartition("/")[2]))
        return next(found, "—")

    return Column(plain(name).rpartition("/")[2], read, 8, 30, 2)


def cell(text: str, width: int) -> str:
    """Return a text as exactly `width` terminal cells, with an ellipsis where it is longer."""
    if text.isascii():
        return text.ljust(width) if len(text) <= width else text[: width - 1] + "…"
    return set_cell_size(text, width) if cell_len(text) <= width else set_cell_size(text, width - 1) + "…"
