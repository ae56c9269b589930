"""Choosing one thing of a list by typing part of its name."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from wbtui.domain.text import plain
from wbtui.repository import ClusterError
from wbtui.widgets.key_line import KeyLine


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: `value` is the answer, `note` explains it; hidden until typed for where not `listed`.

    One that has a `refusal` is there to be seen, and cannot be chosen for that reason.
    """

    value: str
    title: str
    note: str = ""
    listed: bool = True
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """All that there is to choose from, and what has to be said of it."""

    choices: list[Choice]
    remark: str = ""


class ChooseScreen(ModalScreen[str]):
    """A list that narrows as one types, and gives the value chosen, or nothing.

    `load` brings the choices; what it may not see is a hint, and not the end. With `free`, what was typed is an answer
    where nothing in the list has that name.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss('')", "Back", id="choose.back", tooltip="Choose nothing"),
        Binding("down,ctrl+n", "move('cursor_down')", "Down", id="choose.down", show=False, tooltip="The next one"),
        Binding("up", "move('cursor_up')", "Up", id="choose.up", show=False, tooltip="The one before"),
        Binding("pagedown", "move('page_down')", "Page down", id="choose.pagedown", show=False, tooltip="A page on"),
        Binding("pageup", "move('page_up')", "Page up", id="choose.pageup", show=False, tooltip="A page back"),
    ]
    AUTO_FOCUS = "Input"

    def __init__(self, title: str, load: Callable[[], Awaitable[Offer]], *, current: str = "", free: str = "") -> None:
        super().__init__()
        self._title = title
        self._load = load
        self._current = current
        self._free = free
        self._choices: list[Choice] = []
        self._found: list[Choice] = []

    def compose(self) -> ComposeResult:
        """Lay out the title, what is typed, the list, and what there is to say of it."""
        with Vertical(classes="dialog"):
            yield Static(plain(self._title), classes="title", markup=False)
            yield Input(placeholder=self._free or "type part of a name", compact=True)
            yield OptionList(compact=True, markup=False)
            yield Static("Loading …", id="hint", markup=False)
        yield KeyLine()

    @work
    async def on_mount(self) -> None:
        hint = self.query_one("#hint", Static)
        try:
            offer = await self._load()
        except ClusterError as error:
            hint.update(plain(f"{self._free or error.advice} {str(error)[:1].upper()}{str(error)[1:]}."))
        else:
            self._choices = offer.choices
            remark = offer.remark or ("" if offer.choices else "There is nothing to choose from.")
            hint.update(plain(f"{remark} Enter chooses, Escape goes back.".strip()))
        self._fill(self.query_one(Input).value.casefold())  # something may have been typed meanwhile

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        self._fill(event.value.casefold())

    def _fill(self, typed: str) -> None:
        words = typed.split()
        found = [
            choice
            for choice in self._choices
            if (_has(choice, words) if words else choice.listed or choice.value == self._current)
        ]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(_line(choice, current=choice.value == self._current)) for choice in found])
        self._found = found
        if found:
            values = [choice.value for choice in found]
            options.highlighted = values.index(self._current) if self._current in values and not typed else 0

    def action_move(self, where: str) -> None:
        """Move in the list while the focus stays where one types."""
        getattr(self.query_one(OptionList), f"action_{where}")()

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        typed, highlighted = event.value.strip(), self.query_one(OptionList).highlighted
        exact = next((choice for choice in self._choices if choice.title == typed), None)
        if exact:
            self._choose(exact)
        elif highlighted is not None:
            self._choose(self._found[highlighted])
        elif typed and self._free:
            self.dismiss(typed)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self._choose(self._found[event.option_index])

    def _choose(self, choice: Choice) -> None:
        if choice.refusal:
            self.query_one("#hint", Static).update(plain(f"{choice.title}: {choice.refusal}."))
        else:
            self.dismiss(choice.value)


def _has(choice: Choice, words: list[str]) -> bool:
    text = f"{choice.title} {choice.note}".casefold()
    return all(word in text for word in words)


def _line(choice: Choice, *, current: bool) -> Content:
    return Content.assemble("* " if current else "  ", plain(choice.title), (f"  {plain(choice.note)}", "dim"))
