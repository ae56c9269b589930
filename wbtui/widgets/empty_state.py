from textual.content import Content
from textual.widgets import Static

from wbtui.domain.projects import Scope
from wbtui.domain.text import plain
from wbtui.errors import ClusterError
from wbtui.widgets.keys_in_text import advice_of


class EmptyState(Static):
    """Shown in place of the table when there are no rows: why, and what to do."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(markup=False, id=id)

    def show_text(self, title: str, text: str, advice: str = "") -> None:
        """Show a title, a text and advice; empty ones are left out."""
        parts = [(plain(title), "bold"), *((f"\n\n{plain(part)}", "") for part in (text, advice) if part)]
        content = Content.assemble(*parts)
        if content != self.content:
            self.update(content)

    def show_error(self, error: ClusterError) -> None:
        """Say what went wrong, and what to do."""
        happened = str(error)
        self.show_text(error.title.capitalize(), happened[:1].upper() + happened[1:] + ".", advice_of(error, self))

    def explain(self, total: int, scope: Scope, waits: str, advice: str, *, complete: bool) -> None:
        """Say why a list of `total` secrets shows nothing.

        `waits` is what the filter waits for; `advice` says how to show the secrets that it hides.
        """
        self.show_text(*_why_empty(total, scope, waits, advice, complete=complete))


def _why_empty(total: int, scope: Scope, waits: str, advice: str, *, complete: bool) -> tuple[str, str]:
    if total and waits:
        return f"{waits[:1].upper()}{waits[1:]}", "Unused secrets are shown once the search is complete."
    if total:
        return ("No matches.", advice) if complete else ("No matches so far.", f"The list is not complete. {advice}")
    if not complete:
        return "", ""
    hidden = "" if scope.helm else " Helm's release secrets are hidden: h shows them."
    return f"No secrets in {plain(scope.title)}.", f"There are none.{hidden}"
