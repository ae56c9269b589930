"""The keys of the list: those of its table, and those that choose and order what it shows."""

from textual.binding import Binding

from wbtui.domain.index import ORDERS
from wbtui.domain.use_cases.table import USE_CASES


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


_SORT_KEYS = (_sort_key("n", "name"), _sort_key("u", "use_case"), _sort_key("o", "creator"), _sort_key("a", "age"))

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
    Binding("space", "mark", "Mark", id="secret.mark", tooltip="Mark or unmark the secret"),
    Binding(
        "M",
        "unmark_all",
        "Unmark all",
        id="secret.unmark",
        key_display="shift+m",
        show=False,
        tooltip="Remove all marks",
    ),
    Binding("up,k", "move(-1)", "Up", id="cursor.up", show=False, tooltip="One secret up"),
    Binding("down,j", "move(1)", "Down", id="cursor.down", show=False, tooltip="One secret down"),
    Binding("pageup,ctrl+b", "page(-1)", "Page up", id="cursor.pageup", show=False, tooltip="One screen up"),
    Binding("pagedown,ctrl+f", "page(1)", "Page down", id="cursor.pagedown", show=False, tooltip="One screen down"),
    Binding("home,g", "end(0)", "First", id="cursor.first", show=False, tooltip="First secret"),
    Binding("end,G", "end(1)", "Last", id="cursor.last", show=False, tooltip="Last secret"),
)
