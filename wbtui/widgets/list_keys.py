"""The keys of the list and of its table."""

from textual.binding import Binding

from wbtui.domain.index import ORDERS
from wbtui.domain.use_cases.table import USE_CASES

_FAR = 10**9
"""More rows than a list has."""


def _sort_key(key: str, order: str) -> Binding:
    title = ORDERS[order].title
    return Binding(
        key.upper(),
        f"sort('{order}')",
        f"Sort by {title}",
        id=f"sort.{order}",
        key_display=f"shift+{key}",
        show=False,
        tooltip=f"Sort by {title}; again reverses",
    )


_SORT_KEYS = tuple(
    _sort_key(key, order)
    for key, order in (
        ("n", "name"),
        ("u", "use_case"),
        ("o", "creator"),
        ("a", "age"),
        ("t", "changed"),
        ("x", "expires"),
    )
)

_USE_CASE_KEYS = tuple(
    Binding(
        str(digit),
        f"use_case({digit})",
        title,
        id=f"list.use_case.{digit}",
        show=False,
        tooltip=f"Show {title} secrets only" if digit else "Show all use cases",
    )
    for digit, title in enumerate(["All", *(use_case.title for use_case in USE_CASES)])
)

LIST_KEYS = (
    Binding("slash", "filter", "Filter", id="list.filter", tooltip="Filter as you type"),
    Binding("escape", "clear", "Clear", id="list.clear", show=False, tooltip="Clear the filter"),
    *_USE_CASE_KEYS,
    *_SORT_KEYS,
)

TABLE_KEYS = (
    Binding("enter,d", "open", "Details", id="secret.details", tooltip="Everything about the secret except its values"),
    Binding("space", "mark('one')", "Mark", id="secret.mark", tooltip="Mark or unmark the secret"),
    Binding(
        "V",
        "mark('to here')",
        "Mark to here",
        id="secret.mark_to",
        show=False,
        tooltip="Mark all from the last mark to here",
    ),
    Binding("asterisk", "mark('all')", "Mark all", id="secret.mark_all", show=False, tooltip="Mark all that are shown"),
    Binding("M", "mark('none')", "Unmark all", id="secret.unmark", show=False, tooltip="Remove all marks"),
    Binding("up,k", "move(-1)", "Up", id="cursor.up", show=False, tooltip="One secret up"),
    Binding("down,j", "move(1)", "Down", id="cursor.down", show=False, tooltip="One secret down"),
    Binding("pageup,ctrl+b", "page(-1)", "Page up", id="cursor.pageup", show=False, tooltip="One screen up"),
    Binding("pagedown,ctrl+f", "page(1)", "Page down", id="cursor.pagedown", show=False, tooltip="One screen down"),
    Binding("left", "scroll_columns(-1)", "Left", id="cursor.left", show=False, tooltip="Columns to the left"),
    Binding("right", "scroll_columns(1)", "Right", id="cursor.right", show=False, tooltip="Columns to the right"),
    Binding("home,g", f"move({-_FAR})", "First", id="cursor.first", show=False, tooltip="First secret"),
    Binding("end,G", f"move({_FAR})", "Last", id="cursor.last", show=False, tooltip="Last secret"),
)
