from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from wbtui.domain.text import plain
from wbtui.widgets.keys_in_text import with_keys
from wbtui.widgets.line import TitledLine

if TYPE_CHECKING:
    from wbtui.trying.table import TrialTarget
    from wbtui.trying.verdict import TrialVerdict

TRYING = "Trying … {form.leave} stops it."
_OLD = "Changed since it was tried; {form.try} tries it again."


class TrialView(VerticalScroll):
    """The results of trying a credential, and a line for what to try it with, which is not stored.

    It can be focused where it has to scroll.
    """

    def __init__(self, target: str) -> None:
        super().__init__()
        self._line = TitledLine("Try with", id="trial-target")
        self._line.line.value = target
        self._line.display = False
        self._said = Static(id="verdicts", markup=False)
        self._text = Content("")
        self._is_old = False

    def compose(self) -> ComposeResult:
        """Lay out the line for what it is tried for, and the verdicts."""
        yield self._line
        yield self._said

    def allow_focus(self) -> bool:
        return self.max_scroll_y > 0

    @property
    def target(self) -> str:
        """Return what to try the credential with; empty where nothing is named."""
        return self._line.line.value if self._line.display else ""

    def offer(self, target: "TrialTarget | None") -> None:
        """Offer the line for what to try the credential with; None hides it."""
        self._line.display = target is not None
        if target:
            self._line.retitle(target.title)
            self._line.line.placeholder = f"optional, not stored, as in {target.hint}"

    def say(self, text: str) -> None:
        """Show a text in place of results."""
        self._show(Content(plain(with_keys(text, self))))

    def cannot_tell(self, reason: str) -> None:
        """Say why nothing was tried."""
        self._show(Content.assemble(("Cannot tell from here: ", "bold"), f"{plain(reason)}."))

    def show(self, verdicts: "Sequence[TrialVerdict]", *, more: bool) -> None:
        """Show verdicts, one in a line; with `more`, others will follow."""
        lines = [*map(_line, verdicts), *([Content(with_keys(TRYING, self))] if more else [])]
        self._show(Content("\n").join(lines))

    def set_old(self, is_old: bool) -> None:  # noqa: FBT001  what is said is this
        """Show whether something else is entered than what was tried."""
        if is_old != self._is_old:
            self._is_old = is_old
            self._draw()

    def _show(self, text: Content) -> None:
        self._text, self._is_old = text, False
        self._draw()

    def _draw(self) -> None:
        old = Content(f"{with_keys(_OLD, self)}\n") if self._is_old else Content("")
        self.set_class(self._is_old, "old")
        self._said.update(Content.assemble(old, self._text))


def _line(verdict: "TrialVerdict") -> Content:
    about = f"{verdict.about}: " if verdict.about else ""
    title = verdict.outcome.value
    return Content.assemble(about, (f"{title if about else title.capitalize()}: ", "bold"), f"{verdict.text}.")
