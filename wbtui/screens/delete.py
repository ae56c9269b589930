"""Deleting secrets: said beforehand what it would hit, done to nothing else, and told afterwards what went."""

import asyncio
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from wbtui.domain.deletion import Deletion
from wbtui.domain.meanwhile import change_in_words
from wbtui.domain.secret import Secret
from wbtui.domain.text import plain
from wbtui.domain.usage import Usage
from wbtui.repository import LOST, Cluster, ClusterError, Conflict, Unauthorized, Uncertain
from wbtui.screens.answers import ask
from wbtui.screens.dialog import Dialog
from wbtui.widgets.deletion_view import deletion_in_words, outcome_of, results_in_words
from wbtui.widgets.key_line import KeyLine

_SIDE_BY_SIDE = 4
"""Deletes that are under way at a time."""
_FATAL = (*LOST, Uncertain, Unauthorized)
"""After these nothing more is sent: the next one would fare no better."""


class DeleteScreen(Dialog[None]):
    """Asks whether secrets are to be deleted for good, and deletes them; Cancel is chosen already."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", id="delete.cancel", tooltip="Delete nothing"),
        Binding("n", "leave('letter')", "Cancel", id="delete.no", show=False, tooltip="Delete nothing"),
        Binding("y", "confirm", "Delete", id="delete.confirm", tooltip="Delete for good"),
    ]
    AUTO_FOCUS = "OptionList"

    def __init__(self, cluster: Cluster, secrets: tuple[Secret, ...], hidden: int) -> None:
        super().__init__()
        self._cluster = cluster
        self._deletion = Deletion(secrets, None, cluster.protected)
        self._hidden = hidden
        self._results: dict[str, str] = {}
        self._under_way = False
        self._stopped = ""

    def compose(self) -> ComposeResult:
        """Lay out what is to be deleted, what has to be typed, and the answers."""
        with Vertical(classes="dialog"):
            with VerticalScroll():
                yield Static(id="deletion", markup=False)
            yield Input(id="phrase", compact=True, select_on_focus=False)
            yield OptionList(compact=True, markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(Input).display = False
        self._draw()
        ask(self, self._usages(), self._show_usages, self._refuse, topic="search")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self._deletion.phrase and self._ready and parameters == ("letter",):
            return False  # letters are for the phrase
        return action != "confirm" or (self._ready and not self._deletion.phrase)

    def on_key(self, event: events.Key) -> None:
        """Put what is typed where it has to be typed."""
        phrase = self.query_one("#phrase", Input)
        if phrase.display and not phrase.has_focus and event.character and event.is_printable:
            event.stop()
            phrase.focus()
            phrase.insert_text_at_cursor(event.character)

    def interrupt(self) -> bool:
        """Stop after the deletes that are under way; False where none is."""
        if not self._under_way or self._stopped:
            return False
        self._stopped = "stopped by you"
        self.notify("Stopping after those under way.")
        return True

    @property
    def _ready(self) -> bool:
        return self._deletion.usages is not None and bool(self._deletion.possible) and not self._results

    async def _usages(self) -> tuple[Usage, ...]:
        namespaces = sorted({secret.namespace for secret in self._deletion.possible})
        return tuple([await self._cluster.usage(namespace) for namespace in namespaces])

    def _show_usages(self, usages: tuple[Usage, ...]) -> None:
        self._deletion = Deletion(self._deletion.secrets, usages, self._deletion.protected)
        self._draw()

    def _refuse(self, error: ClusterError) -> None:
        self.query_one("#deletion", Static).update(f"{plain(str(error))}. {error.advice}")

    def _draw(self) -> None:
        deletion = self._deletion
        self.query_one("#deletion", Static).update(
            deletion_in_words(deletion, self._cluster.context, hidden=self._hidden)
        )
        answers = self.query_one(OptionList)
        answers.clear_options()
        answers.add_option(Option("Cancel (Escape)" if deletion.possible else "Back (Escape)", id="cancel"))
        if self._ready and not deletion.phrase:
            answers.add_option(Option("Delete for good (y)", id="delete"))
        answers.highlighted = 0
        phrase = self.query_one("#phrase", Input)
        phrase.display = self._ready and bool(deletion.phrase)
        phrase.placeholder = f"type {plain(deletion.phrase)} and Enter to delete"
        self.refresh_bindings()

    @on(OptionList.OptionSelected)
    def _answer(self, event: OptionList.OptionSelected) -> None:
        if event.option_id == "delete":
            self.action_confirm()
        else:
            self.action_leave()

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        if self._ready and event.value.strip() == self._deletion.phrase:
            self._start()

    def action_leave(self, _: str = "") -> None:
        if not self._under_way:
            self.dismiss(None)

    def action_confirm(self) -> None:
        if self._ready and not self._deletion.phrase:
            self._start()

    def _start(self) -> None:
        self._under_way = True
        self._results = dict.fromkeys((secret.uid for secret in self._deletion.possible), "waiting")
        self.query_one("#phrase", Input).display = False
        answers = self.query_one(OptionList)
        answers.clear_options()
        answers.focus()
        ask(self, self._delete(), self._end, self._end, topic="delete")

    async def _delete(self) -> None:
        limit = asyncio.Semaphore(_SIDE_BY_SIDE)

        async def one(secret: Secret) -> None:
            async with limit:
                if not self._stopped:
                    self._tell(secret, "deleting …")
                    self._tell(secret, await self._outcome(secret))
                else:
                    self._tell(secret, f"left, {self._stopped}")

        await asyncio.gather(*map(one, self._deletion.possible))

    def _end(self, _: object) -> None:
        self._under_way = False
        self.query_one(OptionList).add_option(Option("Back (Escape)", id="cancel"))
        self.query_one(OptionList).highlighted = 0

    async def _outcome(self, secret: Secret) -> str:
        try:
            return outcome_of(await self._cluster.delete(secret))
        except Conflict as error:
            return outcome_of(error, await self._became(secret))
        except ClusterError as error:
            if isinstance(error, _FATAL) and not self._stopped:
                self._stopped = f"stopped by trouble: {error.title}"
            return outcome_of(error)

    async def _became(self, secret: Secret) -> str:
        try:
            return change_in_words(secret, await self._cluster.read(secret))
        except ClusterError as error:
            return f"{error}."

    def _tell(self, secret: Secret, words: str) -> None:
        self._results[secret.uid] = words
        lines = results_in_words(self._deletion, self._results)
        self.query_one("#deletion", Static).update(Content("\n").join(lines))
