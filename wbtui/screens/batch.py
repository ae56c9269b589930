"""Write the same values to several targets: check each first, and show the result of each."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from wbtui.batching import Batch, WriteReport
from wbtui.domain.text import plain
from wbtui.errors import ClusterError
from wbtui.screens.answers import follow
from wbtui.screens.attention import ConfirmDialog
from wbtui.screens.redrawing import Redrawing
from wbtui.widgets.key_line import KeyLine
from wbtui.widgets.keys_in_text import advice_of, with_keys
from wbtui.widgets.reader import Reader


class BatchScreen(ConfirmDialog[None]):
    """Checks each target, writes what can be written once the user confirms, and tries the rest again on the same key.

    `after` is shown once none is left.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Back", id="batch.back", tooltip="Stop after the one in progress, or go back"),
        Binding(
            "ctrl+s,f2", "write", "Write", id="batch.write", tooltip="Write those that can be, one after the other"
        ),
        Binding("s", "stop_at_trouble", "Stop at trouble", id="batch.stop", tooltip="Stop at the first not written"),
    ]
    AUTO_FOCUS = "Reader"

    def __init__(self, batch: Batch, title: str, after: str = "") -> None:
        super().__init__()
        self._batch = batch
        self._title = title
        self._after = after
        self._under_way = False
        self._error: ClusterError | None = None
        self._redrawing = Redrawing(self, self._draw)

    def compose(self) -> ComposeResult:
        """Lay out the summary, and one line for each secret."""
        with Vertical(classes="dialog"):
            yield Static(plain(self._title), classes="title", markup=False)
            yield Static(id="summary", markup=False)
            with Reader():
                yield Static(id="reports", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self._begin(self._batch.try_all)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        return action not in {"write", "stop_at_trouble"} or (not self._under_way and bool(self._batch.left))

    def action_write(self) -> None:
        """Write those that can be."""
        if self.may_confirm():
            self._begin(self._batch.write)

    def action_stop_at_trouble(self) -> None:
        """Write nothing more after the first that could not be written; or go on with the others."""
        self._batch.stops_at_trouble = not self._batch.stops_at_trouble
        self._draw()

    def action_leave(self) -> None:
        """Stop after the one that is being written; go back where none is."""
        if self._under_way:
            self._batch.stop()
            self._draw()
        else:
            self.dismiss(None)

    def _begin(self, steps: Callable[[], AsyncIterator[WriteReport]]) -> None:
        self._under_way, self._error = True, None
        follow(self, self._run(steps()), self._redrawing.changed, self._stop)

    async def _run(self, steps: AsyncIterator[WriteReport]) -> AsyncIterator[None]:
        async for _ in steps:
            yield None
        self._under_way = False
        yield None

    def _stop(self, error: ClusterError) -> None:
        self._under_way, self._error = False, error
        self._draw()

    def _draw(self) -> None:
        self.query_one("#summary", Static).update(Content.styled(plain(with_keys(self._summary(), self)), "bold"))
        lines = [Content(plain(str(report))) for report in self._batch.reports]
        self.query_one("#reports", Static).update(Content("\n").join(lines))
        self.refresh_bindings()
        if not self._under_way and not self.attention.begun:
            self.call_after_refresh(self.attention.begin)

    def _summary(self) -> str:
        """Return in a sentence how far it is, and what can be done."""
        if self._error:
            return f"Stopped: {self._error}. {advice_of(self._error, self, retry='batch.write')}"
        counts = Counter(report.stage.value for report in self._batch.reports)
        counted = ", ".join(f"{count} {words}" for words, count in counts.items())
        if self._under_way:
            stopping = "Stopping" if self._batch.stopping else "{batch.back} stops"
            return f"{counted}. {stopping} after the one in progress."
        if self._batch.left:
            trouble = "stops" if self._batch.stops_at_trouble else "does not stop"
            keys = f"{{batch.write}} writes {len(self._batch.left)}; {{batch.back}} goes back."
            return f"{counted}. {keys} Trouble with one {trouble} the others: {{batch.stop}} changes that."
        return f"{counted}. {self._after}".rstrip()
