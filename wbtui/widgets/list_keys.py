"""The keys that choose and order what a list shows, one for each entry of the tables that they come from."""

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


SORT_KEYS = (_sort_key("n", "name"), _sort_key("u", "use_case"), _sort_key("o", "creator"), _sort_key("a", "age"))

USE_CASE_KEYS = tuple(
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
