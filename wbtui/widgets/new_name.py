"""The display name of a new secret, and its Kubernetes name where that has to be another one."""

from collections.abc import Callable, Container

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from wbtui.domain.display_name import (
    another_name,
    derived_name,
    display_name_problem,
    generated_name,
    is_kubernetes_name,
    kubernetes_name_problem,
)
from wbtui.domain.names import suggested_name
from wbtui.widgets.content_changed import ContentChanged
from wbtui.widgets.line import TitledLine

_UNFINISHED = "-."
"""What no Kubernetes name ends with, but one that is being typed may."""


class NewName(Vertical):
    """A line for the name; below it one with the Kubernetes name, where it cannot be the same.

    `taken` has the names and the display names of the project; `taken_words` says of a name that it is one of them.
    """

    def __init__(self, taken: Container[str], taken_words: Callable[[str], str]) -> None:
        super().__init__()
        self._taken = taken
        self._taken_words = taken_words
        self._suggested = ""
        self._stem = ""
        self._made = ""
        self._made_for = ""
        self._random = generated_name()
        self._complaint = ""
        self._line = TitledLine("Name", id="name")
        self._kubernetes_line = TitledLine("Kubernetes name", id="kubernetes-name")
        self._kubernetes_line.display = False

    def compose(self) -> ComposeResult:
        """Lay out the two lines."""
        yield self._line
        yield self._kubernetes_line

    def on_mount(self) -> None:
        self.screen.set_focus(self._line.line)

    @property
    def title(self) -> str:
        """Return the name that was entered."""
        return self._line.line.value.strip()

    @property
    def display_name(self) -> str:
        """Return the display name; empty where the Kubernetes name is the same."""
        return "" if is_kubernetes_name(self.title) else self.title

    @property
    def kubernetes_name(self) -> str:
        """Return the Kubernetes name."""
        return self._kubernetes_line.line.value.strip() if self.display_name else self.title

    @property
    def touched(self) -> bool:
        """Return whether a name was entered that would be lost."""
        return self.title != self._suggested

    def suggest(self, stem: str) -> None:
        """Suggest a name that begins with `stem`, unless one was entered."""
        if stem != self._stem and not self.touched:
            self._suggested = suggested_name(stem, self._taken)
            self._line.line.value = self._suggested
        self._stem = stem

    def take_another(self) -> bool:
        """Replace a generated Kubernetes name by another one; return False where it was entered."""
        if not self.display_name or self.kubernetes_name != self._made:
            return False
        self._put(another_name(self._made))
        return True

    def check(self, *, saving: bool = False) -> list[tuple[TitledLine, str]]:
        """Show and return what is wrong with the names; an error of the cluster stays until one changes or is saved.

        What is being typed may still become a Kubernetes name.
        """
        if saving:
            self._complaint = ""
        self._offer_kubernetes_name(saving=saving)
        both = self._kubernetes_line.display
        title = display_name_problem(self.title) or self._clash(self.title) or ("" if both else self._complaint)
        name = self.kubernetes_name
        wrong = kubernetes_name_problem(name) or self._clash(name) or self._complaint if both else ""
        lines = ((self._line, title), (self._kubernetes_line, wrong))
        for line, text in lines:
            line.show_error(text)
        return [(line, text) for line, text in lines if text]

    def show_error(self, words: str) -> None:
        """Show the cluster's message about the Kubernetes name."""
        self._complaint = words
        self.check()

    def _clash(self, name: str) -> str:
        return self._taken_words(name) if name in self._taken else ""

    def _offer_kubernetes_name(self, *, saving: bool) -> None:
        title = self.display_name
        typing = not saving and self._line.line.has_focus and is_kubernetes_name(title.rstrip(_UNFINISHED))
        wanted = bool(title) and not display_name_problem(title) and not typing
        if wanted and self.kubernetes_name == self._made and self._is_stale(title):
            self._made_for = title
            if self._made in self._taken:
                self._random = generated_name()
            self._put(derived_name(title, self._taken) or self._random)
        self._kubernetes_line.display = wanted

    def _is_stale(self, title: str) -> bool:
        # A name that was sent stays, also where its answer was lost: another one would make a second secret.
        return title != self._made_for or (self._made in self._taken and title not in self._taken)

    def _put(self, name: str) -> None:
        self._made = self._kubernetes_line.line.value = name

    @on(ContentChanged, "#name, #kubernetes-name")
    def _changed(self) -> None:
        self._complaint = ""
        self.check()

    def on_descendant_blur(self) -> None:
        self.check()
