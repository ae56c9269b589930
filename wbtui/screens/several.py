"""Choose several entries of a list while the search for them is running."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from typing import ClassVar, Generic, TypeVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static

from wbtui.domain.candidates import Candidate, Search
from wbtui.domain.text import plain
from wbtui.errors import ClusterError
from wbtui.screens.answers import ask, follow
from wbtui.screens.dialog import Dialog
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.keys_in_text import advice_of, with_keys
from wbtui.widgets.list_moves import list_moves

T = TypeVar("T")
_HINT = "{several.mark} marks, {several.all} marks all that are shown, Enter takes what is marked."


class PartOfName(Input):
    """An input for part of a name; characters that no name has are keys of the screen."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return character not in {" ", "*"} and super().check_consume_key(key, character)


class SeveralScreen(Dialog[tuple[T, ...] | None], Generic[T]):
    """A list in which several entries are marked; returns them in its order, or None.

    `search` starts the search. Entries that cannot be chosen are shown with the reason. `named` looks up a name that is
    not in the list. `marked` are marked at first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Back", id="several.back", tooltip="Cancel"),
        Binding("space", "mark", "Mark", id="several.mark", priority=True, tooltip="Mark it, or take the mark away"),
        Binding("asterisk", "all", "All", id="several.all", priority=True, tooltip="Mark all that are shown, or none"),
        Binding("ctrl+r", "again", "Again", id="several.again", show=False, tooltip="Search again"),
        *list_moves("several"),
    ]
    _options = getters.query_one(OptionList)
    _part = getters.query_one(PartOfName)
    AUTO_FOCUS = "Input"

    def __init__(
        self,
        title: str,
        search: Callable[[], AsyncIterator[Search[T]]],
        marked: Collection[T],
        named: Callable[[str], Awaitable[Candidate[T]]] | None = None,
    ) -> None:
        super().__init__()
        self._title = title
        self._begin = search
        self._named = named
        self._search: Search[T] = Search()
        self._typed: tuple[Candidate[T], ...] = ()
        """What was typed and looked up."""
        self._marked = list(marked)
        self._shown: list[Candidate[T]] = []
        self._lines: list[str] = []

    def compose(self) -> ComposeResult:
        """Lay out the title, the input, the list and the hint."""
        with Vertical(classes="dialog"):
            yield Static(plain(self._title), classes="title", markup=False)
            yield PartOfName(placeholder="type part of a name", compact=True)
            yield OptionList(compact=True, markup=False)
            yield Static(id="hint", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self.action_again()

    def action_again(self) -> None:
        """Search again from the beginning."""
        follow(self, self._begin(), self._show, self._show_error)

    @property
    def _all(self) -> tuple[Candidate[T], ...]:
        return (*self._search.found, *self._typed)

    def _show(self, search: Search[T]) -> None:
        self._search = search
        refused = [one.value for one in search.found if one.refusal]
        self._marked = [value for value in self._marked if value not in refused]
        self._fill()

    def _show_error(self, error: ClusterError) -> None:
        self._search = Search(
            self._search.found, remark=f"Stopped: {error}. {advice_of(error, self, retry='several.again')}"
        )
        self._say()

    @on(Input.Changed)
    def _fill(self) -> None:
        part = self._part.value.strip().casefold()
        before = [one.title for one in self._shown]
        self._shown = [one for one in self._all if part in one.title.casefold()]
        lines = [self._line(one) for one in self._shown]
        if before == [one.title for one in self._shown]:  # each answer changes a line of what may be a long list
            for position, (line, shown) in enumerate(zip(lines, self._lines, strict=True)):
                if line != shown:
                    self._options.replace_option_prompt_at_index(position, line)
        else:
            at = self._options.highlighted or 0
            self._options.set_options(lines)
            self._options.highlighted = min(at, len(lines) - 1) if lines else None
        self._lines = lines
        self._say()

    def _line(self, candidate: Candidate[T]) -> str:
        note = "rights not checked yet" if candidate.refusal is None else candidate.refusal
        box = "   " if candidate.refusal else "[x]" if candidate.value in self._marked else "[ ]"
        return plain(f"{box} {candidate.title}  {note}".rstrip())

    def _say(self, text: str = "") -> None:
        counted = f"{len(self._marked)} marked. {with_keys(_HINT, self)}"
        said = " ".join(filter(None, (text, self._search.remark, self._search.under_way, counted)))
        self.query_one("#hint", Static).update(plain(said))

    @property
    def _current(self) -> Candidate[T] | None:
        at = self._options.highlighted
        return self._shown[at] if at is not None and at < len(self._shown) else None

    def action_move(self, where: str) -> None:
        """Move in the list while the focus stays in the input."""
        getattr(self._options, f"action_{where}")()

    def action_mark(self) -> None:
        """Mark or unmark the entry under the cursor."""
        if (one := self._current) and one.refusal:
            self._say(f"{one.title}: {one.refusal}.")
        elif one:
            kept = [value for value in self._marked if value != one.value]
            self._marked = kept if len(kept) < len(self._marked) else [*kept, one.value]
            self._fill()
            self.action_move("cursor_down")

    def action_all(self) -> None:
        """Mark all that are shown and can be chosen; where all are marked, unmark them."""
        shown = [one.value for one in self._shown if not one.refusal]
        others = [value for value in self._marked if value not in shown]
        self._marked = others if all(value in self._marked for value in shown) else [*others, *shown]
        self._fill()

    @on(OptionList.OptionSelected)
    def _clicked(self) -> None:
        self.action_mark()

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        if typed and self._shown:
            if (one := self._current) and one.value not in self._marked:
                self.action_mark()
            event.input.value = ""
        elif typed and self._named:
            ask(self, self._named(typed), self._take, self._show_error, topic="named")
        elif self._marked:
            self.dismiss(tuple(one.value for one in self._all if one.value in self._marked))
        else:
            self._say("Nothing is marked.")

    def _take(self, candidate: Candidate[T]) -> None:
        if candidate.refusal:
            self._say(f"{candidate.title}: {candidate.refusal}.")
            return
        self._typed = (*self._typed, candidate)
        self._marked.append(candidate.value)
        self._part.value = ""
        self._fill()
