"""Choose one entry of a list by typing part of its name."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar, Generic, NamedTuple, TypeVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from wbtui.domain.text import plain
from wbtui.errors import ClusterError
from wbtui.screens.answers import ask
from wbtui.screens.dialog import Dialog
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.keys_in_text import advice_of
from wbtui.widgets.list_moves import list_moves

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """One entry: `value` is what is chosen, `note` explains it; unless `listed`, only typing brings it up.

    An entry with a `refusal` is shown, and cannot be chosen for that reason. `names` are others than the title that it
    can be chosen by, what is unique first.
    """

    value: T
    title: str
    note: str = ""
    listed: bool = True
    refusal: str = ""
    names: tuple[str, ...] = ()

    def rank(self, typed: str) -> int | None:
        """Return how well a text says that this entry is meant, 0 being best; None where it is not a name of it."""
        names = (self.title, *self.names)
        return names.index(typed) if typed in names else None


@dataclass(frozen=True, slots=True)
class Offer(Generic[T]):
    """The choices; `remark` says which could not be read."""

    choices: list[Choice[T]]
    remark: str = ""


class FreeText(NamedTuple, Generic[T]):
    """Any name may be typed: `hint` says so, `value_of` converts it to a value.

    With `last`, a name is accepted only once the choices are loaded: part of a name may mean one of them.
    """

    hint: str
    value_of: Callable[[str], T]
    last: bool = False


class ChooseScreen(Dialog[T | None], Generic[T]):
    """A list that is filtered by what is typed; returns the chosen value, or None.

    `load` returns the choices; its error is shown as a hint, and with `free` a name can still be typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Back", id="choose.back", tooltip="Cancel"),
        *list_moves("choose"),
    ]
    _options = getters.query_one(OptionList)
    AUTO_FOCUS = "Input"

    def __init__(
        self,
        title: str,
        load: Callable[[], Awaitable[Offer[T]]],
        *,
        current: T | None = None,
        free: FreeText[T] | None = None,
    ) -> None:
        super().__init__()
        self._title = title
        self._load = load
        self._current = current
        self._free = free
        self._loaded = False
        self._entered = ""
        """What was entered before there were choices."""
        self._choices: list[Choice[T]] = []
        self._found: list[Choice[T]] = []

    def compose(self) -> ComposeResult:
        """Lay out the title, the input, the list and the hint."""
        with Vertical(classes="dialog"):
            yield Static(plain(self._title), classes="title", markup=False)
            yield Input(placeholder=self._free.hint if self._free else "type part of a name", compact=True)
            yield OptionList(compact=True, markup=False)
            yield Static("Loading …", id="hint", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        ask(self, self._load(), self._offer, self._show_error)

    def _offer(self, offer: Offer[T]) -> None:
        self._loaded = True
        self._choices = offer.choices
        remark = offer.remark or ("" if offer.choices else "There is nothing to choose from.")
        self._hint(f"{remark} Enter chooses, Escape goes back.".strip())
        typed = self.query_one(Input).value
        self._fill(typed)  # something may have been typed already
        if typed and typed == self._entered:
            self._choose_typed(typed.strip())

    def _show_error(self, error: ClusterError) -> None:
        self._loaded = True
        happened = str(error)
        self._hint(f"{self._free.hint if self._free else advice_of(error, self)} {happened[:1].upper()}{happened[1:]}.")

    def _hint(self, text: str) -> None:
        self.query_one("#hint", Static).update(plain(text))

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def _fill(self, typed: str) -> None:
        words = typed.casefold().split()
        self._found = [
            choice
            for choice in self._choices
            if (_has(choice, words) if words else choice.listed or choice.value == self._current)
        ]
        values = [choice.value for choice in self._found]
        self._options.set_options(
            Option(_line(choice, current=choice.value == self._current)) for choice in self._found
        )
        if self._found:
            at_current = self._current in values and not words
            self._options.highlighted = values.index(self._current) if at_current else 0  # type: ignore[arg-type]

    def action_move(self, where: str) -> None:
        """Move in the list while the focus stays in the input."""
        getattr(self._options, f"action_{where}")()

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        self._entered = event.value
        self._choose_typed(event.value.strip())

    def _choose_typed(self, typed: str) -> None:
        highlighted = self._options.highlighted
        exact = self._named(typed)
        if exact:
            self._choose(exact)
        elif highlighted is not None:
            self._choose(self._found[highlighted])
        elif typed and self._free and (self._loaded or not self._free.last):
            self.dismiss(self._free.value_of(typed))

    def _named(self, typed: str) -> Choice[T] | None:
        """Return the entry of this name; None where there is none, or more than one."""
        ranked = [(rank, choice) for choice in self._choices if (rank := choice.rank(typed)) is not None]
        best = min((rank for rank, _ in ranked), default=0)
        found = [choice for rank, choice in ranked if rank == best]
        return found[0] if len(found) == 1 else None

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self._choose(self._found[event.option_index])

    def _choose(self, choice: Choice[T]) -> None:
        if choice.refusal:
            self._hint(f"{choice.title}: {choice.refusal}.")
        else:
            self.dismiss(choice.value)


def _has(choice: Choice[T], words: list[str]) -> bool:
    text = f"{choice.title} {choice.note}".casefold()
    return all(word in text for word in words)


def _line(choice: Choice[T], *, current: bool) -> Content:
    return Content.assemble("* " if current else "  ", plain(choice.title), (f"  {plain(choice.note)}", "dim"))
