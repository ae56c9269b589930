"""Delete secrets: show what uses them first, and the result for each of them afterwards."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from wbtui.deleting import Deleting
from wbtui.domain.deletion import Deletion
from wbtui.domain.text import plain
from wbtui.domain.usage import SearchProgress, Usage
from wbtui.errors import ClusterError
from wbtui.screens.answers import ask, follow, is_open
from wbtui.screens.attention import ConfirmDialog
from wbtui.screens.redrawing import Redrawing
from wbtui.session import Session
from wbtui.widgets.deletion_view import deletion_in_words, results_in_words
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.keys_in_text import advice_of, with_keys

_ASKED = 10
"""Secrets that the cluster is asked about one by one, where its rules do not tell whether one may delete them."""
_BEFORE = {"cancel", "confirm", "no"}
"""Actions that mean something until the deletion has begun; `close` and `look` do afterwards."""


class DeleteScreen(ConfirmDialog[None]):
    """Asks whether secrets are to be deleted for good, and deletes them; Cancel is chosen already.

    It opens at once, and fills as the cluster answers; a key deletes only once all that is known has been shown.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="delete.cancel", tooltip="Cancel"),
        Binding("escape", "close", "Close", id="delete.close", tooltip="Back to the list"),
        Binding("escape", "stop", "Stop", id="delete.stop", tooltip="Stop after the deletes in progress"),
        Binding("n", "no", "Cancel", id="delete.no", show=False, tooltip="Cancel"),
        Binding("y", "confirm", "Delete", id="delete.confirm", tooltip="Delete for good"),
        Binding("r", "look", "Check again", id="delete.look", tooltip="Check whether those not known were deleted"),
    ]
    _phrase = getters.query_one("#phrase", Input)
    _text = getters.query_one("#deletion", Static)
    _options = getters.query_one(OptionList)
    AUTO_FOCUS = "OptionList"

    def __init__(self, session: Session, deletion: Deletion, hidden: int) -> None:
        super().__init__()
        self._session = session
        self._cluster = session.connected
        self._deletion = deletion
        self._hidden = hidden
        self._deleting: Deleting | None = None
        self._redrawing = Redrawing(self, self._show_state)

    def compose(self) -> ComposeResult:
        """Lay out what is to be deleted, what has to be typed, and the answers."""
        with Vertical(classes="dialog"):
            with VerticalScroll():
                yield Static(id="deletion", markup=False)
            yield Input(id="phrase", compact=True, select_on_focus=False)
            yield OptionList(compact=True, markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self._draw()
        ask(self, self._ask_cluster(), self._show_answer, self._show_error, topic="delete")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        if action == "close":
            return not self._deleting.under_way if self._deleting else not self._deletion.possible
        if action == "stop":
            return bool(self._deleting and self._deleting.under_way)
        if action == "look":
            return bool(self._deleting and not self._deleting.under_way and self._deleting.unknown)
        if action in _BEFORE and (self._deleting or not self._deletion.possible):
            return False
        typing = self._ready and bool(self._deletion.phrase)  # then letters are for the phrase
        return not typing if action == "no" else action != "confirm" or (self._ready and not typing)

    def on_key(self, event: events.Key) -> None:
        """Put what is typed where it has to be typed."""
        if self._phrase.display and not self._phrase.has_focus and event.character and event.is_printable:
            event.stop()
            self._phrase.focus()
            self._phrase.insert_text_at_cursor(event.character)

    def interrupt(self) -> bool:
        """Stop after the deletes that are under way; False where none is."""
        stopped = bool(self._deleting and self._deleting.stop("stopped by you"))
        if stopped and self._deleting:
            self._show_state()
        return stopped

    def action_stop(self) -> None:
        self.interrupt()

    @property
    def _ready(self) -> bool:
        return self._deletion.usage is not None and bool(self._deletion.possible) and not self._deleting

    async def _ask_cluster(self) -> tuple[Mapping[str, str], Usage]:
        secrets = self._deletion.possible
        namespaces = sorted({secret.namespace for secret in secrets})
        refusals = await asyncio.gather(*(self._session.refusal("delete", secret) for secret in secrets[:_ASKED]))
        usage = await self._cluster.usage(*namespaces, tell=self._show_progress)
        return dict(zip((secret.uid for secret in secrets), refusals, strict=False)), usage

    def _show_progress(self, progress: SearchProgress) -> None:
        if is_open(self):
            self._deletion = replace(self._deletion, progress=progress)
            self._redrawing.changed()

    def _show_answer(self, answer: tuple[Mapping[str, str], Usage]) -> None:
        forbidden, usage = answer
        self._deletion = replace(self._deletion, forbidden=forbidden, usage=usage)
        self._draw()
        self.call_after_refresh(self.attention.begin)

    def _show_error(self, error: ClusterError) -> None:
        self._text.update(plain(f"{error.title}: {error}. {advice_of(error, self)}"))

    def _draw(self) -> None:
        deletion = self._deletion
        self._text.update(deletion_in_words(deletion, hidden=self._hidden))
        wants_key = self._ready and not deletion.phrase
        self._offer("Cancel (Escape)" if deletion.possible else "Close (Escape)", *["Delete for good (y)"] * wants_key)
        self._phrase.display = self._ready and not wants_key
        self._phrase.placeholder = f"type {plain(deletion.phrase)} and Enter to delete"
        self.refresh_bindings()

    def _offer(self, *answers: str) -> None:
        self._options.set_options(map(Option, answers))
        self._options.highlighted = 0 if answers else None

    @on(OptionList.OptionSelected)
    def _answer(self, event: OptionList.OptionSelected) -> None:
        if event.option_index:
            self.action_confirm()
        else:
            self.dismiss(None)

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        if self._ready and event.value.strip() == self._deletion.phrase:
            self._start()

    def action_cancel(self) -> None:
        self.dismiss(None)

    action_no = action_close = action_cancel

    def action_confirm(self) -> None:
        if self.may_confirm() and self._ready and not self._deletion.phrase:
            self._start()

    def action_look(self) -> None:
        """Look for those of which it is not known whether they were deleted."""
        if self._deleting:
            follow(self, self._deleting.look(), self._redrawing.changed, self._show_error, topic="delete")

    def _start(self) -> None:
        self._deleting = Deleting(self._cluster, self._deletion.possible, lambda: self._session.username)
        self._phrase.display = False
        self._offer()
        self._options.focus()
        follow(self, self._deleting.run(), self._redrawing.changed, self._show_error, topic="delete")

    def _show_state(self) -> None:
        if not self._deleting:
            self._text.update(deletion_in_words(self._deletion, hidden=self._hidden))
            return
        self._text.update(results_in_words(self._deletion, self._deleting.results, with_keys(self._advice(), self)))
        if not self._deleting.under_way:
            self._offer("Close (Escape)")
        self.refresh_bindings()

    def _advice(self) -> str:
        if self._deleting and self._deleting.stopping:
            return "Stopping after those in progress."
        if self.check_action("stop", ()):
            return "{delete.stop} stops after those in progress."
        return "Press {delete.look} to check again." if self.check_action("look", ()) else ""
