"""Move between fields with Tab; text typed after a Tab goes into the next field, however fast it arrives."""

from collections.abc import Iterator
from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from wbtui.screens.dialog import FullScreen
from wbtui.terminal.typed_ahead import caught_up
from wbtui.widgets.key_name import KeyName
from wbtui.widgets.lazy_lines import LazyPart

T = TypeVar("T")


class TabbingScreen(FullScreen[T]):
    """A screen on which a value that is typed ahead goes into no other field."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority: the keys after these would otherwise still go to the previous field.
        Binding("tab", "go(1)", "Next", id="form.next", show=False, priority=True, tooltip="Next field"),
        Binding("shift+tab", "go(-1)", "Before", id="form.before", show=False, priority=True, tooltip="Previous"),
    ]

    @property
    def focus_chain(self) -> list[Widget]:
        """Return the widgets that Tab goes through, in the order of composition."""
        # A widget that has just been shown has no position on the screen yet.
        return [widget for widget in _stops(self) if not isinstance(widget, LazyPart)]

    async def action_go(self, step: int) -> None:
        """Go one field forward or back, once all earlier keys have been handled."""
        for node in self.focused.ancestors_with_self if self.focused else ():
            if isinstance(node, Widget) and node is not self:
                await caught_up(node)
        if isinstance(self.focused, KeyName) and self.focused.passing_on:
            self.focused.go_to_value()
        await self._make_next(step)
        if step > 0:
            self.focus_next()
        else:
            self.focus_previous()

    async def _make_next(self, step: int) -> None:
        """Create the next widget to focus if it does not exist yet."""
        stops = list(_stops(self))
        if self.focused in stops:
            following = stops[(stops.index(self.focused) + step) % len(stops)]
            if isinstance(following, LazyPart):
                await following.make()


def _stops(widget: Widget) -> Iterator[Widget]:
    """Yield the widgets that can be focused, and the parts that have yet to create some."""
    for child in widget.displayed_children:
        if child.allow_focus() or (isinstance(child, LazyPart) and not child.made):
            yield child
        yield from _stops(child)
