"""What is said where there are no rows: why, and what to do."""

from typing import TypeAlias

from textual.content import Content
from textual.dom import DOMNode
from textual.widgets import Static

from wbtui.domain.projects import Scope
from wbtui.domain.text import plain
from wbtui.errors import ClusterError
from wbtui.widgets.keys_in_text import advice_of

Notice: TypeAlias = tuple[str, ...]
"""A title, and the paragraphs below it; nothing where there is nothing to say."""


class EmptyState(Static):
    """Shown in place of a list: why there is none, and what to do."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(markup=False, id=id)

    def show_error(self, error: ClusterError) -> None:
        """Say what went wrong, and what to do."""
        title, *paragraphs = error_notice(error, self)
        self.update(Content.assemble((title, "bold"), *(f"\n\n{part}" for part in paragraphs)))


def error_notice(error: ClusterError, node: DOMNode) -> Notice:
    """Return what went wrong, and what to do on the screen of `node`."""
    happened = str(error)
    parts = (error.title.capitalize(), happened[:1].upper() + happened[1:] + ".", advice_of(error, node))
    return tuple(plain(part) for part in parts if part)


def why_empty(total: int, scope: Scope, waits: str, advice: str, *, complete: bool) -> Notice:
    """Return why a list of `total` secrets shows nothing.

    `waits` is what the filter waits for; `advice` says how to show the secrets that it hides.
    """
    if total and waits:
        return f"{waits[:1].upper()}{waits[1:]}", "Unused secrets are shown once the search is complete."
    if total:
        return ("No matches.", advice) if complete else ("No matches so far.", f"The list is not complete. {advice}")
    if not complete:
        return ()
    hidden = "" if scope.helm else " Helm's release secrets are hidden: h shows them."
    return f"No secrets in {plain(scope.title)}.", f"There are none.{hidden}"
