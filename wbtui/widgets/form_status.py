from textual.content import Content
from textual.widgets import Static

from wbtui.domain.text import plain, shortened
from wbtui.repository import ClusterError


class FormStatus(Static):
    """The last line of a form: what it waits for, what keeps it from being saved, and what the cluster said."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(markup=False, id=id)

    def say(self, text: str) -> None:
        """Say something in passing."""
        if self.content != plain(text):  # every update lays out the whole form anew
            self.remove_class("trouble")
            self.update(plain(text))

    def complain(self, title: str, text: str) -> None:
        """Say what is in the way."""
        self.add_class("trouble")
        self.update(Content.assemble((f"{plain(title).capitalize()}: ", "bold"), plain(text)))

    def tell(self, error: ClusterError) -> None:
        """Say what the cluster refused, why, and what to do."""
        fields = "; ".join(
            f"{path}: {shortened(words, 200)}" if path else shortened(words, 200) for path, words in error.fields
        )
        happened = (fields or str(error)).rstrip(".")
        # Whoever is in a form tries again by saving again.
        self.complain(error.title, f"{happened}. {error.advice.replace('ctrl+r', 'ctrl+s')}")
