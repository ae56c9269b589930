from textual.content import Content
from textual.widgets import Static

from wbtui.domain.index import SecretIndex


class StatusLine(Static):
    """How many secrets there are, how many are shown, and what hides the others; or what is wrong with the filter."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(markup=False, id=id)

    def show_counts(self, index: SecretIndex, marks: set[str], *notes: str, complete: bool) -> None:
        """Say the counts, the marks, and the notes that are not empty; no count where the list is not `complete`."""
        shown, total = len(index), index.total
        counts = f"{total:,} secret{'' if total == 1 else 's'}" if shown == total else f"{shown:,} of {total:,}"
        if not complete:
            counts = f"{counts} so far" if total else ""
        hidden = index.hidden(marks)
        marked = f"{len(marks):,} marked" + (f" ({hidden:,} of them hidden)" if hidden else "") if marks else ""
        self._say(Content(" · ".join(part for part in (counts, marked, *notes) if part)))

    def show_filter_error(self, message: str) -> None:
        """Say what is wrong with the filter."""
        self._say(Content.assemble(("filter: ", "bold"), message))

    def _say(self, words: Content) -> None:
        if words != self.content:
            self.update(words, layout=False)
