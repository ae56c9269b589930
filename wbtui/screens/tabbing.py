"""Move between fields with Tab: what is typed after a Tab goes into the next field, however fast it comes."""

from collections.abc import Iterator
from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from wbtui.screens.dialog import Page
from wbtui.terminal.typed_ahead import caught_up
from wbtui.widgets.key_name import KeyName

T = TypeVar("T")


class TabbingScreen(Page[T]):
    """A screen on which a value typed ahead ends up in no field but its own."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # First of all to see these keys: what comes behind them would otherwise still go to the field before.
        Binding("tab", "go(1)", "Next", id="form.next", show=False, priority=True, tooltip="Next field"),
        Binding("shift+tab", "go(-1)", "Before", id="form.before", show=False, priority=True, tooltip="Previous"),
    ]

    @property
    def focus_chain(self) -> list[Widget]:
        """Return what Tab goes through."""
        # In the order in which it was composed, which what has just been shown has, and a place on the screen not yet.
        return list(_focusable(self))

    async def action_go(self, step: int) -> None:
        """Go one field on, or back, once everything typed before has had its effect."""
        for node in self.focused.ancestors_with_self if self.focused else ():
            if isinstance(node, Widget) and node is not self:
                await caught_up(node)
        if isinstance(self.focused, KeyName) and self.focused.passing_on:
            self.focused.go_to_value()
        if step > 0:
            self.focus_next()
        else:
            self.focus_previous()


def _focusable(widget: Widget) -> Iterator[Widget]:
    for child in widget.displayed_children:
        if child.allow_focus():
            yield child
        yield from _focusable(child)
