from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.domain.usage import Usage
from wbtui.repository import ClusterError
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.usage_view import coverage, uses_in_words


class UsedByScreen(ModalScreen[None]):
    """Who uses a secret, as far as it could be searched."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,u", "dismiss", "Back", id="used_by.back", tooltip="Back to the table"),
        Binding("ctrl+r", "search", "Search again", id="used_by.again", tooltip="Search once more"),
    ]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, secret: Secret, search: Callable[[str], Awaitable[Usage]]) -> None:
        super().__init__()
        self._secret = secret
        self._search = search

    def compose(self) -> ComposeResult:
        """Lay out one scrolling text."""
        with VerticalScroll(classes="dialog"):
            yield Static(f"Used by: {plain(self._secret.name)}", classes="title", markup=False)
            yield Static(id="usage", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self.action_search()

    @work(exclusive=True)
    async def action_search(self) -> None:
        text = self.query_one("#usage", Static)
        text.update(f"Searching {plain(self._secret.namespace)} for what names it …")
        try:
            usage = await self._search(self._secret.namespace)
        except ClusterError as error:
            text.update(f"Not known: {plain(str(error))}. {error.advice}")
            return
        uses = usage.of(self._secret)
        found = (
            list(uses_in_words(uses, self._secret))
            if uses
            else [Content("No reference was found in what was searched, which is not everything.")]
        )
        text.update(Content("\n").join([*found, Content(""), *coverage(usage)]))
