"""Pieces of manifests that use a secret, to be copied."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import OptionList, Static

from wbtui.domain.secret import Secret
from wbtui.domain.snippets import snippets_for
from wbtui.domain.text import plain, plain_lines
from wbtui.screens.dialog import Dialog
from wbtui.widgets.key_line import KeyLine


class SnippetsScreen(Dialog[None]):
    """Offers pieces one by one, and shows the one under the cursor; Enter copies it.

    `prefix` is that of the Workbench's display names.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,y", "dismiss", "Back", id="snippets.back", tooltip="Back to the list"),
        Binding("j", "move('cursor_down')", "Down", id="snippets.down", show=False, tooltip="Next"),
        Binding("k", "move('cursor_up')", "Up", id="snippets.up", show=False, tooltip="Previous"),
    ]
    AUTO_FOCUS = "OptionList"

    def __init__(self, secret: Secret, prefix: str) -> None:
        super().__init__()
        self._secret = secret
        self._snippets = snippets_for(secret, prefix)

    def compose(self) -> ComposeResult:
        """Lay out the titles, and below them the piece that is looked at."""
        with Vertical(classes="dialog"):
            yield Static(f"Use {plain(self._secret.names)}: Enter copies", classes="title", markup=False)
            yield OptionList(*(snippet.title for snippet in self._snippets), compact=True, markup=False)
            with VerticalScroll():
                yield Static(id="snippet", markup=False)
        yield KeyLine()

    def action_move(self, where: str) -> None:
        """Move in the list."""
        getattr(self.query_one(OptionList), f"action_{where}")()

    @on(OptionList.OptionHighlighted)
    def _show_snippet(self, event: OptionList.OptionHighlighted) -> None:
        text = self._snippets[event.option_index].text
        self.query_one("#snippet", Static).update("\n".join(plain_lines(text)))

    @on(OptionList.OptionSelected)
    def _copy(self, event: OptionList.OptionSelected) -> None:
        snippet = self._snippets[event.option_index]
        self.app.copy_to_clipboard(snippet.text)
