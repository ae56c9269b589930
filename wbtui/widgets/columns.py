"""The columns of the secrets table: what they show, and which of them fit."""

from collections.abc import Callable
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.domain.use_cases.table import find_use_case

GAP = 2
"""Cells between two columns, and before the first, where the cursor and the mark stand."""
_EVEN = 40
"""Cells that a column gets before the name takes the rest."""
_ENDING = 11
"""Cells in which the end of a Kubernetes name still tells secrets with the same display name apart."""


class Column(NamedTuple):
    """One column, `least` to `most` cells wide.

    Where the terminal is narrow, columns give way in the order of `gives_way`; 0 never does. `role` is how its cells
    look; `order` is the sort order that its title announces. `shorten` makes a text that fits of one that does not.
    """

    title: str
    cell: Callable[[Secret], str]
    least: int
    most: int
    gives_way: int
    role: str = "muted"
    order: str = ""
    shorten: "Callable[[Secret, int], str] | None" = None

    def draw(self, secret: Secret, width: int, state: str = "") -> str:
        """Return the cell of a secret in exactly `width` terminal cells; `state` goes before its own states."""
        text = self.cell(secret)
        if state and self is _STATE:
            text = f"{state}, {text}" if text else state
        if self.shorten and len(text) > width // 2 and cell_len(plain(text)) > width:
            text = self.shorten(secret, width)
        return cell(text, width)


def _short_names(secret: Secret, width: int) -> str:
    """Return both names, the Kubernetes name without its beginning: its end is what differs."""
    room = max(_ENDING, width // 3)
    name = secret.name if len(secret.name) + 2 <= room else f"…{secret.name[3 - room :]}"
    display_name = cell(secret.display_name, max(1, width - len(name) - 3)).rstrip()
    return f"{display_name} ({name})" if secret.display_name else secret.name


def _use_case(secret: Secret) -> str:
    known = find_use_case(secret.use_case)
    return known.title if known else secret.use_case or "—"


def _keys(secret: Secret) -> str:
    if secret.keys is not None:
        return " ".join(secret.keys) or "none"
    return "unknown" if secret.key_count is None else f"{secret.key_count} keys"


def _creator(secret: Secret) -> str:
    return f"({secret.creator})" if secret.creator and secret.creator_is_hint else secret.creator or "—"


def _created(secret: Secret) -> str:
    return secret.created.date().isoformat() if secret.created else "—"


def _state(secret: Secret) -> str:
    return ", ".join(brief for state in secret.states if (brief := state.brief(secret)))


_NAME = Column("name", lambda secret: secret.names, 20, 253, 0, role="name", order="name", shorten=_short_names)
_PROJECT = Column("project", lambda secret: secret.namespace, 10, 24, 0)
_STATE = Column("state", _state, 15, 28, 5, role="state")
_REST = (
    Column("use case", _use_case, 12, 12, 6, order="use_case"),
    Column("type", lambda secret: secret.type.rpartition("/")[2], 8, 22, 2),
    Column("keys", _keys, 8, 40, 1),
    Column("created by", _creator, 12, 36, 3, order="creator"),
    Column("created", _created, 10, 10, 4, order="age"),
    _STATE,
)

Layout = tuple[tuple[Column, int], ...]


def fit(width: int, *, all_projects: bool) -> Layout:
    """Return the columns that `width` cells have room for, each with its own width."""
    columns = [_NAME, *([_PROJECT] if all_projects else []), *_REST]
    while sum(column.least + GAP for column in columns) > width and len(columns) > 1:
        columns.remove(min(columns[1:], key=lambda column: column.gives_way or len(_REST) + 1))
    widths = [column.least for column in columns]
    spare = width - sum(widths) - GAP * len(columns)
    # Cell by cell, so that no column starves while another has room; the name gets what nobody needs.
    while spare > 0 and (growing := [i for i, column in enumerate(columns) if widths[i] < min(column.most, _EVEN)]):
        for position in growing[:spare]:
            widths[position] += 1
        spare -= len(growing[:spare])
    widths[0] = max(1, widths[0] + spare)
    return tuple(zip(columns, widths, strict=True))


def cell(text: str, width: int) -> str:
    """Return cluster text as exactly `width` terminal cells, harmless, with an ellipsis where it is longer."""
    text = plain(text)
    if text.isascii():
        return text.ljust(width) if len(text) <= width else text[: width - 1] + "…"
    return set_cell_size(text, width) if cell_len(text) <= width else set_cell_size(text, width - 1) + "…"
