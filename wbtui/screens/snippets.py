"""Snippets of manifests that use a secret, to copy."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import OptionList, Static

from wbtui.domain.secret import Secret
from wbtui.domain.sharing import Sharing, sharing_snippets
from wbtui.domain.snippets import snippets_for
from wbtui.domain.text import plain, plain_lines
from wbtui.errors import ClusterError
from wbtui.repository import Cluster
from wbtui.screens.answers import ask
from wbtui.screens.dialog import Dialog
from wbtui.widgets.key_line import KeyLine


class SnippetsScreen(Dialog[None]):
    """A list of snippets; shows the one under the cursor, and Enter copies it.

    Snippets that share the secret with other projects are added once it is known what the cluster has for that.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,y", "dismiss", "Back", id="snippets.back", tooltip="Back to the list"),
        Binding("j", "move('cursor_down')", "Down", id="snippets.down", show=False, tooltip="Next"),
        Binding("k", "move('cursor_up')", "Up", id="snippets.up", show=False, tooltip="Previous"),
    ]
    AUTO_FOCUS = "OptionList"

    def __init__(self, cluster: Cluster, secret: Secret) -> None:
        super().__init__()
        self._cluster = cluster
        self._secret = secret
        self._snippets = snippets_for(secret, cluster.prefixes.workbench)

    def compose(self) -> ComposeResult:
        """Lay out the titles, and below them the current snippet."""
        with Vertical(classes="dialog"):
            yield Static(f"Use {plain(self._secret.names)}: Enter copies", classes="title", markup=False)
            yield OptionList(*(snippet.title for snippet in self._snippets), compact=True, markup=False)
            with VerticalScroll():
                yield Static(id="snippet", markup=False)
            yield Static("Asking what shares secrets between projects …", id="hint", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        ask(self, self._cluster.sharing(self._secret.namespace), self._offer_more, self._show_error)

    def _offer_more(self, sharing: Sharing) -> None:
        more = sharing_snippets(self._secret, sharing, self._cluster.prefixes.workbench)
        self._snippets = (*self._snippets, *more)
        self.query_one(OptionList).add_options([snippet.title for snippet in more])
        self._hint(f"Not searched: {'; '.join(sharing.unknown)}." if sharing.unknown else "")

    def _show_error(self, error: ClusterError) -> None:
        self._hint(f"What shares secrets between projects is not known: {error}.")

    def _hint(self, text: str) -> None:
        hint = self.query_one("#hint", Static)
        hint.update(plain(text))
        hint.display = bool(text)

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
