from textual.content import Content
from textual.widgets import Static

from wbtui.domain.text import plain, shortened
from wbtui.errors import ClusterError
from wbtui.widgets.keys_in_text import advice_of, with_keys


class FormStatus(Static):
    """The last line of a form: what it waits for, why it cannot be saved, and the cluster's error."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(markup=False, id=id)
        self._said = ""

    @property
    def shows_problem(self) -> bool:
        """Return whether a problem is shown, which only the user's next step may take away."""
        return self.has_class("trouble")

    def say(self, text: str) -> None:
        """Show a text that is no problem."""
        if self._said != text:  # every key says the hint, and every update lays out the whole form
            self._said = text
            self.remove_class("trouble")
            self.update(plain(with_keys(text, self)))

    def show_message(self, title: str, text: str) -> None:
        """Show a problem, with a title."""
        self._said = ""
        self.add_class("trouble")
        self.update(Content.assemble((f"{plain(title).capitalize()}: ", "bold"), plain(with_keys(text, self))))

    def show_error(self, error: ClusterError) -> None:
        """Say what the cluster refused, why, and what to do."""
        fields = "; ".join(
            f"{path}: {shortened(words, 200)}" if path else shortened(words, 200) for path, words in error.fields
        )
        happened = (fields or str(error)).rstrip(".")
        self.show_message(error.title, f"{happened}. {advice_of(error, self, retry='form.save')}")
