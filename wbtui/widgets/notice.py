from textual.content import Content
from textual.widgets import Static

from wbtui.domain.text import plain
from wbtui.repository import ClusterError


class Notice(Static):
    """What stands in the table's place when there are no rows: it says why, and what to do."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(markup=False, id=id)

    def show(self, title: str, text: str = "", advice: str = "") -> None:
        """Say what is the case; empty texts are left out."""
        parts = [(plain(title), "bold"), *((f"\n\n{plain(part)}", "") for part in (text, advice) if part)]
        content = Content.assemble(*parts)
        if content != self.content:
            self.update(content)

    def tell(self, error: ClusterError) -> None:
        """Say what went wrong, and what to do."""
        happened = str(error)
        self.show(error.title.capitalize(), happened[:1].upper() + happened[1:] + ".", error.advice)
